"""How often the 95 % intervals of α hold the true value, in simulated campaigns with known truth.

`study` is run by `python -m benchmarks coverage`; options: `sets` (data sets per scenario),
`seed`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from analytics.agreement.coefficients.catalogue import Coefficient, statistic
from analytics.agreement.inference.evidence import DenseEvidence, gather_dense
from analytics.agreement.inference.intervals import annotator_interval, item_interval
from analytics.scales import Scale
from analytics.tables import RatingTable
from benchmarks.targets import Result, Target

Floats = NDArray[np.float64]
SCALE = Scale.of([1, 2, 3, 4])
CUTS = np.array([-1.0, 0.0, 1.0])
RATERS_PER_UNIT = 3
NOISE_SD = 0.8
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(61)
NODE_WEIGHTS = NODE_WEIGHTS / NODE_WEIGHTS.sum()
BOOTSTRAP_REPLICATES = 600


@dataclass(frozen=True)
class Scenario:
    """One simulated design.

    Attributes:
        items: number of items.
        candidates: units per item; the same raters judge all of an item's units.
        raters: size of the pool; three are drawn for each item.
        item_sd: spread of the item effect.
        severity_sd: spread of the raters' severities.
        unit_sd: spread of the candidates within an item.
    """

    items: int
    candidates: int
    raters: int
    item_sd: float
    severity_sd: float
    unit_sd: float = 0.6


SCENARIOS: Mapping[str, Scenario] = {
    "A independent units": Scenario(400, 1, 10, 0.0, 0.0, 1.4),
    "B item effect": Scenario(100, 7, 10, 1.0, 0.0),
    "C severity 0.25, 10 raters": Scenario(100, 7, 10, 1.0, 0.25),
    "D severity 0.5, 10 raters": Scenario(100, 7, 10, 1.0, 0.5),
    "E severity 0.5, 40 raters": Scenario(400, 7, 40, 1.0, 0.5),
}
SMALL = {n: Scenario(n, 7, 10, 1.0, 0.0) for n in (5, 10, 20, 40)}


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Measure the coverage of the unit bootstrap and of the two intervals of a report."""
    n_sets = int(options.get("sets", "200" if quick else "2000"))
    rng = np.random.default_rng(int(options.get("seed", "20261121")))
    large = {name: _coverage(scenario, n_sets, rng) for name, scenario in SCENARIOS.items()}
    small = {str(n): _coverage(scenario, n_sets, rng) for n, scenario in SMALL.items()}
    slack = 2 * float(np.sqrt(0.95 * 0.05 / n_sets))
    figures = {
        "data_sets_per_scenario": n_sets,
        "nominal": 0.95,
        "scenarios": large,
        "small_strata_by_items": small,
    }
    targets = [
        _within(f"{name}: {interval}", row[column], most, slack)
        for interval, column, most in (
            ("item interval, these annotators", "item, these", 0.97),
            ("second interval, new annotators", "both, new", 0.99),
        )
        for name, row in large.items()
    ]
    return Result(figures=figures, targets=targets)


def _within(name: str, value: float, most: float, slack: float) -> Target:
    """Coverage between 0.93 and `most`, give or take two standard errors of the simulation."""
    met = 0.93 - slack <= value <= most + slack
    return Target(name=name, value=value, target=f"0.93 to {most} (± {slack:.3f})", met=met)


def _coverage(scenario: Scenario, n_sets: int, rng: np.random.Generator) -> dict[str, float]:
    new_truth = _population_alpha(scenario, None)
    hits = np.zeros(6)
    for _ in range(n_sets):
        severity = scenario.severity_sd * rng.normal(size=scenario.raters)
        evidence = gather_dense(simulate(scenario, severity, rng))
        these_truth = _population_alpha(scenario, severity)
        bounds = [_unit_bootstrap(evidence, rng), *_report_bounds(evidence)]
        hits += [low <= truth <= high for low, high in bounds for truth in (these_truth, new_truth)]
    names = [
        f"{interval}, {target}"
        for interval in ("unit bootstrap", "item", "both")
        for target in ("these", "new")
    ]
    return {
        "true alpha": new_truth,
        **dict(zip(names, (hits / n_sets).round(4).tolist(), strict=True)),
    }


def simulate(scenario: Scenario, severity: Floats, rng: np.random.Generator) -> RatingTable:
    """Draw one campaign's ratings for a pool of raters with (R,) severities."""
    n_units = scenario.items * scenario.candidates
    quality = scenario.item_sd * rng.normal(size=scenario.items).repeat(scenario.candidates)
    quality = quality + scenario.unit_sd * rng.normal(size=n_units)
    order = rng.random((scenario.items, scenario.raters)).argsort(axis=1)
    raters = order[:, :RATERS_PER_UNIT].repeat(scenario.candidates, axis=0)
    seen = quality[:, None] - severity[raters] + NOISE_SD * rng.normal(size=raters.shape)
    return RatingTable.from_indices(
        unit=np.arange(n_units).repeat(RATERS_PER_UNIT),
        rater=raters.reshape(-1),
        level=np.searchsorted(CUTS, seen.reshape(-1)),
        scale=SCALE,
        unit_item=np.arange(scenario.items).repeat(scenario.candidates),
    )


def _population_alpha(scenario: Scenario, severity: Floats | None) -> float:
    """True α: of infinitely many items, and of these raters or of all raters of the population."""
    quality = np.hypot(scenario.item_sd, scenario.unit_sd) * NODES
    pool = scenario.severity_sd * NODES if severity is None else severity
    seen = (quality[:, None, None] - pool[None, :, None] - CUTS) / NOISE_SD
    above = np.concatenate(
        [np.ones((*seen.shape[:2], 1)), ndtr(seen), np.zeros((*seen.shape[:2], 1))], axis=2
    )
    shares = above[..., :-1] - above[..., 1:]
    if severity is None:
        mean = np.einsum("r,qrv->qv", NODE_WEIGHTS, shares)
        pairs = np.einsum("q,qv,qw->vw", NODE_WEIGHTS, mean, mean)
    else:
        n_raters, total = len(pool), shares.sum(axis=1)
        every = np.einsum("q,qv,qw->vw", NODE_WEIGHTS, total, total)
        same = np.einsum("q,qrv,qrw->vw", NODE_WEIGHTS, shares, shares)
        pairs = (every - same) / (n_raters * (n_raters - 1))
    margins = pairs.sum(axis=1)
    midranks = np.cumsum(margins) - margins / 2
    distance = np.square(midranks[:, None] - midranks)
    return float(1 - (pairs * distance).sum() / (margins @ distance @ margins))


def _unit_bootstrap(evidence: DenseEvidence, rng: np.random.Generator) -> tuple[float, float]:
    """Percentile interval from drawing units independently, by their patterns."""
    n_units = int(evidence.multiplicity.sum())
    times = rng.multinomial(n_units, evidence.multiplicity / n_units, size=BOOTSTRAP_REPLICATES)
    sums = times @ evidence.layout.vectors(evidence.counts)
    low, high = np.quantile(statistic(Coefficient.ALPHA_ORDINAL, SCALE)(sums), [0.025, 0.975])
    return float(low), float(high)


def _report_bounds(evidence: DenseEvidence) -> list[tuple[float, float]]:
    items = item_interval(Coefficient.ALPHA_ORDINAL, evidence)
    both = annotator_interval(Coefficient.ALPHA_ORDINAL, evidence, items)
    return [interval.bounds or (np.nan, np.nan) for interval in (items, both)]
