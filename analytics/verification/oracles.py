"""Values of the oracles for one problem and their differences from the reported ones."""

import math
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Literal, TypedDict, get_args

import krippendorff
import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import fleiss_kappa

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
ALPHA_PREFIX = "krippendorff_alpha_"


class Comparison(TypedDict):
    """Differences of one problem by figure; a figure undefined on both sides differs by zero.

    `mismatches` names the figures that only one side could compute.
    """

    differences: dict[str, float]
    mismatches: list[str]


def compare(problem: Mapping[str, Any]) -> Comparison:
    """Recompute every figure of a problem, see `agreement.verifiable.VerificationProblem`."""
    levels = problem["levels"]
    rows = np.asarray(problem["patterns"], dtype=np.int64).reshape(-1, len(levels) + 1)
    counts = np.repeat(rows[:, :-1], rows[:, -1], axis=0)
    pairs: dict[str, tuple[float | None, float | None]] = {}
    for name, reported in problem["alphas"].items():
        metric = next(m for m in get_args(Metric) if name == ALPHA_PREFIX + m)
        pairs[name] = (reported, oracle_alpha(counts, levels, metric))
    for key, method in (("fleiss_by_raters", "fleiss"), ("randolph_by_raters", "randolph")):
        for raters, reported in problem[key].items():
            units = counts[counts.sum(axis=1) == int(raters)]
            pairs[f"{key}.{raters}"] = (reported, oracle_fleiss(units, method))
    return Comparison(
        differences={
            name: abs((ours or 0.0) - (theirs or 0.0)) for name, (ours, theirs) in pairs.items()
        },
        mismatches=[
            name for name, (ours, theirs) in pairs.items() if (ours is None) != (theirs is None)
        ],
    )


def oracle_alpha(counts: NDArray[np.int64], levels: list[float], metric: Metric) -> float | None:
    """Krippendorff's α of (U, V) level counts by the `krippendorff` package."""
    pairable = counts[counts.sum(axis=1) > 1]
    # The package raises for no pair or one level and gives NaN in other undefined cases.
    if np.count_nonzero(pairable.sum(axis=0)) <= 1:
        return None
    return _defined(
        krippendorff.alpha(value_counts=counts, value_domain=levels, level_of_measurement=metric)
    )


def oracle_fleiss(counts: NDArray[np.int64], method: str) -> float | None:
    """Fleiss' or Randolph's κ of (U, V) level counts with equal sums by `statsmodels`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _defined(fleiss_kappa(counts, method=method))


def _defined(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def oracle_versions() -> dict[str, str]:
    """Versions of the packages that verified."""
    return {name: version(name) for name in ("krippendorff", "statsmodels", "numpy")}
