"""Values of the oracles for one problem and their differences from the reported ones."""

import math
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Literal, TypedDict, get_args

import krippendorff
import numpy as np
from krippendorff import krippendorff as parts
from numpy.typing import NDArray
from scipy import sparse
from statsmodels.stats.inter_rater import fleiss_kappa

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
# Units × levels² that the package may hold at once, several times.
MOST_CELLS = 1 << 23
ALPHA_PREFIX = "krippendorff_alpha_"


class Comparison(TypedDict):
    """Differences of one problem by figure; a figure undefined on both sides differs by zero.

    `mismatches` names the figures that only one side could compute.
    """

    differences: dict[str, float]
    mismatches: list[str]


def compare(problem: Mapping[str, Any]) -> Comparison:
    """Recompute every figure of a problem, see `agreement.verifiable.VerificationProblem`."""
    levels, counts = problem["levels"], level_counts(problem)
    numbers = np.asarray(counts.sum(axis=1))
    unused = problem.get("n_levels", len(levels)) - len(levels)
    pairs: dict[str, tuple[float | None, float | None]] = {}
    for name, reported in problem["alphas"].items():
        metric = next(m for m in get_args(Metric) if name == ALPHA_PREFIX + m)
        pairs[name] = (reported, oracle_alpha(counts, levels, metric))
    for key, method in (("fleiss_by_raters", "fleiss"), ("randolph_by_raters", "randolph")):
        for raters, reported in problem[key].items():
            units = counts[numbers == int(raters)].toarray()
            # Declared levels that no rating has: Randolph's chance agreement counts them.
            declared = np.pad(units, ((0, 0), (0, unused)))
            pairs[f"{key}.{raters}"] = (reported, oracle_fleiss(declared, method))
    return Comparison(
        differences={
            name: abs((ours or 0.0) - (theirs or 0.0)) for name, (ours, theirs) in pairs.items()
        },
        mismatches=[
            name for name, (ours, theirs) in pairs.items() if (ours is None) != (theirs is None)
        ],
    )


def level_counts(problem: Mapping[str, Any]) -> sparse.csr_array:
    """(U, V) level counts of a problem's units, from its patterns or from its units."""
    n_levels = len(problem["levels"])
    if "units" not in problem:
        rows = np.asarray(problem["patterns"], dtype=np.int64).reshape(-1, n_levels + 1)
        return sparse.csr_array(np.repeat(rows[:, :-1], rows[:, -1], axis=0))
    ends = np.cumsum([0, *(len(unit) // 2 for unit in problem["units"])])
    flat = [number for unit in problem["units"] for number in unit]
    places, counts = np.asarray(flat, dtype=np.int64).reshape(-1, 2).T
    return sparse.csr_array((counts, places, ends), shape=(len(ends) - 1, n_levels))


def oracle_alpha(counts: sparse.csr_array, levels: list[float], metric: Metric) -> float | None:
    """Krippendorff's α of (U, V) level counts by the `krippendorff` package."""
    pairable = counts[np.asarray(counts.sum(axis=1)) > 1]
    # The package raises for no pair or one level and gives NaN in other undefined cases.
    if np.count_nonzero(pairable.sum(axis=0)) <= 1:
        return None
    if counts.shape[0] * len(levels) ** 2 > MOST_CELLS:
        step = max(1, MOST_CELLS // len(levels) ** 2)
        return alpha_in_parts(pairable, np.asarray(levels), metric, step=step)
    return _defined(
        krippendorff.alpha(
            value_counts=counts.toarray(), value_domain=levels, level_of_measurement=metric
        )
    )


def alpha_in_parts(
    counts: sparse.csr_array, levels: NDArray[np.float64], metric: Metric, *, step: int
) -> float | None:
    """The package's own steps; the coincidences, units × levels², for `step` units at a time."""
    observed = np.zeros((len(levels),) * 2)
    for start in range(0, counts.shape[0], step):
        observed += parts._coincidences(counts[start : start + step].toarray())  # noqa: SLF001 -- no public name takes a part
    values = observed.sum(axis=0)
    expected = parts._random_coincidences(values)  # noqa: SLF001 -- as above
    measure = parts._distance_metric(metric)  # noqa: SLF001 -- as above
    distance: NDArray[np.float64] = parts._distances(levels, measure, values)  # noqa: SLF001 -- as above
    return _defined(1 - float((observed * distance).sum() / (expected * distance).sum()))


def oracle_fleiss(counts: NDArray[np.int64], method: str) -> float | None:
    """Fleiss' or Randolph's κ of (U, V) level counts with equal sums by `statsmodels`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _defined(fleiss_kappa(counts, method=method))


def _defined(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def oracle_versions() -> dict[str, str]:
    """Versions of the packages that verified."""
    return {name: version(name) for name in ("krippendorff", "statsmodels", "numpy")}
