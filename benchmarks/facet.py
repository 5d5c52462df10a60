"""The facet model: order of candidates, severities, coverage of its intervals, seconds.

At the paper's size, 66,899 candidates by 3 of 40 raters of whom two answer at random, the form
a (q - b) - τ is measured beside a (q - b - τ), on the same ratings in the same run. Then many small
campaigns are drawn, honest, with two who answer at random, and with two who always give the same
level, and the 95 % intervals are held against the truth. Options: `sets` (data sets per scenario),
`seed`.
"""

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from analytics.facet.fit import FacetFit, Z, fit_facets
from benchmarks.ratings.facet_truth import (
    SPAMMERS,
    Drawn,
    Spam,
    draw_at_paper_size,
    draw_small,
)
from benchmarks.ratings.shrinking_thresholds import fit_shrinking
from benchmarks.targets import Result, Target, at_least, at_most

Found = TypeVar("Found")
FULL_ITEMS, QUICK_ITEMS = 9_557, 3_000
NOMINAL = 0.95


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Compare the two forms on one campaign, and count how often the intervals hold the truth."""
    n_sets = int(options.get("sets", "40" if quick else "500"))
    rng = np.random.default_rng(int(options.get("seed", "20261121")))
    figures, targets = _both_forms(draw_at_paper_size(QUICK_ITEMS if quick else FULL_ITEMS, rng))
    covered: dict[str, object] = {"data_sets_per_scenario": n_sets, "nominal": NOMINAL}
    for spam in Spam:
        shares = _coverage([draw_small(rng, spam) for _ in range(n_sets)])
        covered[spam.value] = shares
        targets += _within(spam, shares, n_sets)
    return Result(figures=figures | {"coverage": covered}, targets=targets)


def _both_forms(drawn: Drawn) -> tuple[dict[str, object], list[Target]]:
    now, seconds, worked = _timed(lambda: fit_facets(drawn.table))
    before, _, worked_before = _timed(lambda: fit_shrinking(drawn.table))
    honest = np.setdiff1d(np.arange(drawn.table.n_raters), SPAMMERS)
    spearman = {
        "a(q-b)-t": _spearman(now.score_thousandths, drawn),
        "a(q-b-t)": _spearman(before.scores, drawn),
        "mean of the ratings": _spearman(_means(drawn), drawn),
    }
    pearson = float(np.corrcoef(now.severity[honest], drawn.severity[honest])[0, 1])
    discrimination = {
        "a(q-b)-t": now.discrimination[list(SPAMMERS)].tolist(),
        "a(q-b-t)": before.discrimination[list(SPAMMERS)].tolist(),
    }
    figures: dict[str, object] = {
        "candidates": drawn.table.n_units,
        "raters": drawn.table.n_raters,
        "seconds": seconds,
        "processor_seconds": worked,
        "processor_seconds_over_a(q-b-t)": worked / worked_before,
        "iterations": now.n_iterations,
        "severity_pearson_honest": pearson,
        "spearman_with_truth": spearman,
        "discrimination_of_random_raters": discrimination,
        "lowest_honest_discrimination": float(now.discrimination[honest].min()),
    }
    gain = spearman["a(q-b)-t"] - spearman["a(q-b-t)"]
    largest = float(np.abs(now.discrimination[list(SPAMMERS)]).max())
    return figures, [
        at_most("facet model, processor seconds", worked, 3),
        at_least("severity of honest raters, Pearson r", pearson, 0.97),
        at_least("Spearman with truth, a(q-b)-t over a(q-b-t)", gain, 0.002),
        at_most("discrimination of raters who answer at random", largest, 0.3),
    ]


def _coverage(sets: list[Drawn]) -> dict[str, float]:
    """Share of the intervals that hold the truth, by kind of rater; and what spammers do."""
    fits = [fit_facets(drawn.table) for drawn in sets]
    both = list(zip(fits, sets, strict=True))
    honest = sets[0].discrimination != 0
    discrimination = np.array([_holds_discrimination(fit, drawn) for fit, drawn in both])
    severity = np.array([_holds_severity(fit, drawn) for fit, drawn in both])
    errors = np.array([fit.severity - drawn.severity for fit, drawn in both])
    stated = np.array([fit.severity_error for fit in fits])
    found = {
        "severity, honest": float(severity[:, honest].mean()),
        "discrimination, honest": float(discrimination[:, honest].mean()),
        "severity error, true over stated": float(
            np.sqrt(np.square(errors[:, honest]).mean() / np.square(stated[:, honest]).mean())
        ),
    }
    for rater in np.flatnonzero(~honest):
        name = f"spammer {rater}"
        found[f"discrimination, {name}"] = float(discrimination[:, rater].mean())
        found[f"severity left open, {name}"] = float(np.isinf(stated[:, rater]).mean())
    return {name: round(value, 4) for name, value in found.items()}


def _holds_discrimination(fit: FacetFit, drawn: Drawn) -> NDArray[np.bool_]:
    return np.abs(fit.discrimination - drawn.discrimination) <= Z * fit.discrimination_error


def _holds_severity(fit: FacetFit, drawn: Drawn) -> NDArray[np.bool_]:
    return (fit.severity_low <= drawn.severity) & (drawn.severity <= fit.severity_high)


def _within(spam: Spam, shares: Mapping[str, float], n_sets: int) -> list[Target]:
    """Coverage of honest raters' intervals between 0.93 and 0.97, and of spammers' at least."""
    slack = 2 * float(np.sqrt(NOMINAL * (1 - NOMINAL) / n_sets))
    targets = []
    for name, value in shares.items():
        if name.endswith("honest"):
            met = 0.93 <= value <= 0.97
            text = "0.93 to 0.97"
            targets.append(Target(name=f"{spam.value}: {name}", value=value, target=text, met=met))
        elif name.startswith("discrimination"):
            targets.append(at_least(f"{spam.value}: {name}", value, 0.93 - slack))
    return targets


def _timed(function: Callable[[], Found]) -> tuple[Found, float, float]:
    """The result, and the better of two calls in seconds of the clock and of the processor."""
    first, second = _once(function), _once(function)
    return first[0], min(first[1], second[1]), min(first[2], second[2])


def _once(function: Callable[[], Found]) -> tuple[Found, float, float]:
    began, worked = time.perf_counter(), time.process_time()
    found = function()
    return found, time.perf_counter() - began, time.process_time() - worked


def _means(drawn: Drawn) -> NDArray[np.float64]:
    table = drawn.table
    return np.bincount(table.unit, weights=table.values) / np.bincount(table.unit)


def _spearman(scores: NDArray[np.float64] | NDArray[np.int64], drawn: Drawn) -> float:
    return float(spearmanr(scores, drawn.quality).statistic)
