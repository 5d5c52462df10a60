"""Planning components before any rating: from a simulated campaign with the assumed α."""

from dataclasses import dataclass

import numpy as np

from analytics.agreement.coefficients.catalogue import Coefficient, point
from analytics.agreement.inference.evidence import Evidence, gather
from analytics.planning.components import PlanningComponents, components_of
from analytics.scales import Scale
from analytics.tables import RatingTable

SIMULATED_ITEMS, SIMULATED_RATERS = 600, 60
SEARCH_STEPS = 12
LEAST_NOISE, MOST_NOISE = 0.02, 20.0


@dataclass(frozen=True)
class Assumptions:
    """What is expected of the ratings.

    Attributes:
        alpha: expected ordinal α, between 0 and 1.
        n_levels: levels of the scale, used about equally.
        candidates: units per item, all judged by the same raters.
        raters_per_item: ratings per unit.
        item_share: share of the quality's variance that the candidates of an item have in common.
        severity_sd: spread of the raters' severities, in standard deviations of quality.
    """

    alpha: float = 0.6
    n_levels: int = 4
    candidates: int = 7
    raters_per_item: int = 3
    item_share: float = 0.5
    severity_sd: float = 0.25

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise ValueError(f"alpha must be between 0 and 1, got {self.alpha}")
        if not 0 <= self.item_share <= 1:
            raise ValueError(f"item_share must be between 0 and 1, got {self.item_share}")
        if not 1 < self.raters_per_item <= SIMULATED_RATERS:
            raise ValueError(f"raters_per_item must be 2 to {SIMULATED_RATERS}")


def assumed_components(assumptions: Assumptions, rng: np.random.Generator) -> PlanningComponents:
    """Simulate until α is as assumed, and measure the components there.

    Args:
        assumptions: what is expected.
        rng: the generator; the same seed gives the same plan.

    Raises:
        ValueError: severities so different that the assumed α cannot be reached.
    """
    seed = int(rng.integers(2**32))
    low, high = LEAST_NOISE, MOST_NOISE
    if _alpha(_simulate(assumptions, low, seed)) < assumptions.alpha:
        raise ValueError("such different severities do not allow this alpha: lower one of them")
    for _ in range(SEARCH_STEPS):
        middle = float(np.sqrt(low * high))
        too_noisy = _alpha(_simulate(assumptions, middle, seed)) < assumptions.alpha
        low, high = (low, middle) if too_noisy else (middle, high)
    found = components_of(_simulate(assumptions, low, seed))
    if found is None:
        raise ValueError("the assumed ratings leave alpha undefined")
    return PlanningComponents(
        alpha=assumptions.alpha,
        per_item=found.per_item,
        per_annotator=found.per_annotator,
        source=f"assumed: α {assumptions.alpha:g}, {assumptions.candidates} candidates per item, "
        f"severity spread {assumptions.severity_sd:g}",
    )


def _alpha(evidence: Evidence) -> float:
    return point(Coefficient.ALPHA_ORDINAL, evidence.total, evidence.scale).value or 0.0


def _simulate(assumptions: Assumptions, noise: float, seed: int) -> Evidence:
    """One campaign; a common seed makes α a smooth function of the noise."""
    rng = np.random.default_rng(seed)
    n_units = SIMULATED_ITEMS * assumptions.candidates
    common = rng.normal(size=SIMULATED_ITEMS).repeat(assumptions.candidates)
    own = rng.normal(size=n_units)
    share = assumptions.item_share
    quality = np.sqrt(share) * common + np.sqrt(1 - share) * own
    severity = assumptions.severity_sd * rng.normal(size=SIMULATED_RATERS)
    order = rng.random((SIMULATED_ITEMS, SIMULATED_RATERS)).argsort(axis=1)
    raters = order[:, : assumptions.raters_per_item].repeat(assumptions.candidates, axis=0)
    seen = quality[:, None] - severity[raters] + noise * rng.normal(size=raters.shape)
    cuts = np.quantile(seen, np.arange(1, assumptions.n_levels) / assumptions.n_levels)
    return gather(
        RatingTable.from_indices(
            unit=np.arange(n_units).repeat(assumptions.raters_per_item),
            rater=raters.reshape(-1),
            level=np.searchsorted(cuts, seen.reshape(-1)),
            scale=Scale.of(range(1, assumptions.n_levels + 1)),
            unit_item=np.arange(SIMULATED_ITEMS).repeat(assumptions.candidates),
        )
    )
