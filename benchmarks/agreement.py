"""Agreement at the paper's size, as ratios to `krippendorff` looped the obvious way in this run.

66,899 units (9,557 items × 7) × 3 of 40 raters; then a dashboard over 1,000,000 ratings.
Options: `loops` (replicates of the plain loop that are timed), `seed`.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import krippendorff
import numpy as np
from numpy.typing import NDArray

from analytics.agreement.coefficients.catalogue import Coefficient, statistic
from analytics.agreement.comparison.differences import jackknife_difference
from analytics.agreement.comparison.paired_differences import paired_difference
from analytics.agreement.inference.bootstrap import bootstrap_sums, percentile_interval
from analytics.agreement.inference.evidence import Evidence, gather
from analytics.agreement.inference.intervals import item_interval
from analytics.agreement.inference.item_spread import ItemRows
from analytics.agreement.inference.jackknife import without
from analytics.agreement.inference.moment_evidence import moment_evidence
from analytics.agreement.report import summarise, summary_line
from analytics.agreement.sums.moments import Moments
from analytics.facet.fit import fit_facets
from analytics.raters.panel import rater_panel
from analytics.scales import Scale
from analytics.tables import RatingTable
from benchmarks.targets import Result, Target, at_least, at_most
from tests.factories.moments import cross_moments, moments_of

ALPHA = Coefficient.ALPHA_ORDINAL
SCALE = Scale.of([1, 2, 3, 4])
ITEMS, CANDIDATES, RATERS, PER_UNIT = 9_557, 7, 40, 3
REPLICATES = 1_000
DASHBOARD_ITEMS = 47_620
CATEGORIES = 11


@dataclass(frozen=True)
class Campaign:
    """Two dimensions of a simulated campaign and the truth behind them.

    Attributes:
        tables: ratings by dimension; equal units and raters.
        severity: (R,) of the raters on the first dimension.
        item_category: (G,) category of each item.
    """

    tables: Mapping[str, RatingTable]
    severity: NDArray[np.float64]
    item_category: NDArray[np.int64]


def simulate(n_items: int, seed: int) -> Campaign:
    """Draw ratings with known severities; three raters judge all of an item's candidates."""
    rng = np.random.default_rng(seed)
    n_units = n_items * CANDIDATES
    severity = 0.4 * rng.normal(size=RATERS)
    order = rng.random((n_items, RATERS)).argsort(axis=1)[:, :PER_UNIT]
    raters = order.repeat(CANDIDATES, axis=0)
    tables = {}
    for name in ("if", "vq"):
        quality = 0.6 * rng.normal(size=n_items).repeat(CANDIDATES) + rng.normal(size=n_units)
        seen = quality[:, None] - severity[raters] + rng.normal(size=raters.shape)
        tables[name] = RatingTable.from_indices(
            unit=np.arange(n_units).repeat(PER_UNIT),
            rater=raters.reshape(-1),
            level=np.searchsorted([-1.0, 0.0, 1.0], seen.reshape(-1)),
            scale=SCALE,
            unit_item=np.arange(n_items).repeat(CANDIDATES),
        )
    return Campaign(tables, severity, rng.integers(0, CATEGORIES, n_items))


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Time the point values, intervals, leave-outs, the facet model and a dashboard."""
    loops = int(options.get("loops", "5" if quick else "40"))
    seed = int(options.get("seed", "20261121"))
    campaign = simulate(ITEMS, seed)
    figures: dict[str, object] = {"units": ITEMS * CANDIDATES, "raters": RATERS}
    targets: list[Target] = []
    for found, judged in (
        _against_the_loop(campaign.tables["if"], loops, seed),
        _facet(campaign),
        _dashboard(simulate(DASHBOARD_ITEMS, seed + 1)),
    ):
        figures |= found
        targets += judged
    return Result(figures=figures, targets=targets)


def _against_the_loop(
    table: RatingTable, loops: int, seed: int
) -> tuple[dict[str, object], list[Target]]:
    matrix = np.full((RATERS, table.n_units), np.nan)
    matrix[table.rater, table.unit] = table.values
    rng = np.random.default_rng(seed)
    plain = _seconds(lambda: _krippendorff(matrix), 3)
    looped = _seconds(lambda: _krippendorff_resampled(matrix, rng), loops) * REPLICATES
    leave_out_loop = _seconds(lambda: _krippendorff(matrix[1:]), 3) * RATERS
    evidence, moments = gather(table), moments_of(table)
    ours = {
        "point_and_interval_from_ratings": _seconds(lambda: item_interval(ALPHA, gather(table)), 3),
        "point_and_interval_from_moments": _seconds(
            lambda: item_interval(ALPHA, _fresh(moments)), 200
        ),
        "bootstrap_1000": _seconds(lambda: _bootstrap(evidence, seed), 5),
        "leave_one_out_40_from_ratings": _seconds(lambda: _leave_out(gather(table)), 3),
        "leave_one_out_40_from_sums": _seconds(lambda: _leave_out(evidence), 20),
    }
    gap = abs(_value(evidence) - _krippendorff(matrix))
    ratio = looped / ours["bootstrap_1000"]
    figures: dict[str, object] = {
        "krippendorff_point_seconds": plain,
        "krippendorff_bootstrap_1000_seconds": looped,
        "krippendorff_loops_timed": loops,
        "krippendorff_leave_one_out_40_seconds": leave_out_loop,
        "seconds": ours,
        "bootstrap_ratio": ratio,
        "leave_one_out_ratio": leave_out_loop / ours["leave_one_out_40_from_ratings"],
        "interval_from_ratings_over_one_krippendorff_point": (
            ours["point_and_interval_from_ratings"] / plain
        ),
        "difference_to_krippendorff": gap,
    }
    interval_ms = 1000 * ours["point_and_interval_from_moments"]
    return figures, [
        at_least("1,000 item-cluster replicates: times faster than the loop", ratio, 300),
        at_most("default interval from stored moments, ms", interval_ms, 1),
        at_most("difference to krippendorff", gap, 1e-12),
    ]


def _facet(campaign: Campaign) -> tuple[dict[str, object], list[Target]]:
    seconds = _seconds(lambda: fit_facets(campaign.tables["if"]), 2)
    fit = fit_facets(campaign.tables["if"])
    pearson = float(np.corrcoef(fit.severity, campaign.severity)[0, 1])
    figures: dict[str, object] = {
        "facet_seconds": seconds,
        "facet_iterations": fit.n_iterations,
        "facet_severity_pearson": pearson,
    }
    return figures, [
        at_most("facet model, seconds", seconds, 3),
        at_least("facet model, Pearson r of severities", pearson, 0.97),
    ]


def _dashboard(campaign: Campaign) -> tuple[dict[str, object], list[Target]]:
    """Cold: from the ratings. Warm: from stored moments, as the live store keeps them."""
    first = campaign.tables["if"]

    def show_cold() -> None:
        for table in campaign.tables.values():
            _show(moments_of(table))

    cold = _seconds(show_cold, 3)
    stored = {name: moments_of(table) for name, table in campaign.tables.items()}
    cross = cross_moments(first, campaign.tables["vq"])
    strata = [_by_category(table, campaign.item_category) for table in campaign.tables.values()]

    def show_stored() -> None:
        for moments in stored.values():
            _show(moments)
        paired_difference(ALPHA, stored["if"], stored["vq"], cross)
        for by_category in strata:
            for moments in by_category:
                summary_line(ALPHA, _fresh(moments))

    warm = _seconds(show_stored, 5)
    panels = _seconds(lambda: [rater_panel(m) for m in stored.values()], 2)
    paired = _seconds(lambda: jackknife_difference(ALPHA, first, campaign.tables["vq"]), 2)
    figures: dict[str, object] = {
        "dashboard_ratings_per_dimension": first.n_ratings,
        "dashboard_cold_seconds": cold,
        "dashboard_warm_seconds": warm,
        "rater_panels_seconds": panels,
        "paired_difference_seconds": paired,
    }
    return figures, [
        at_most("dashboard of 1,000,000 ratings × 2 dimensions from cold, seconds", cold, 1),
        at_most("the same warm, with 11 categories, ms", 1000 * warm, 50),
        at_most("all rater panels from stored moments, seconds", panels, 1),
    ]


def _show(moments: Moments) -> None:
    summarise(_fresh(moments)).as_dict()


def _fresh(moments: Moments) -> Evidence:
    """The evidence of stored moments with an empty cache."""
    return moment_evidence(replace(moments))


def _by_category(table: RatingTable, category: NDArray[np.int64]) -> list[Moments]:
    return [moments_of(table.keep(category[table.item] == c)) for c in range(CATEGORIES)]


def _value(evidence: Evidence) -> float:
    return float(np.real(statistic(ALPHA, SCALE)(evidence.total)))


def _bootstrap(evidence: Evidence, seed: int) -> None:
    rows = evidence.items.rows if isinstance(evidence.items, ItemRows) else None
    if not isinstance(rows, np.ndarray):
        raise TypeError("the bootstrap needs the dense rows of the items")
    sums = bootstrap_sums(rows, np.random.default_rng(seed), n_replicates=REPLICATES)
    percentile_interval(np.asarray(statistic(ALPHA, SCALE)(sums), dtype=np.float64))


def _leave_out(evidence: Evidence) -> None:
    statistic(ALPHA, SCALE)(without(evidence.total, evidence.raters))


def _krippendorff(matrix: NDArray[np.float64]) -> float:
    return float(
        krippendorff.alpha(matrix, value_domain=list(SCALE.values), level_of_measurement="ordinal")
    )


def _krippendorff_resampled(matrix: NDArray[np.float64], rng: np.random.Generator) -> float:
    """One replicate the obvious way: draw items, repeat their columns, compute again."""
    items = rng.integers(0, ITEMS, ITEMS)
    columns = (items[:, None] * CANDIDATES + np.arange(CANDIDATES)).reshape(-1)
    return _krippendorff(matrix[:, columns])


def _seconds(function: Callable[[], object], times: int) -> float:
    """Best of some calls in seconds, as `timeit` takes it: other programs only add."""
    function()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        function()
        taken.append(time.perf_counter() - began)
    return min(taken)
