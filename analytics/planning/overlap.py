"""Plans of overlap: items for each number of annotators that reach a target half-width."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.planning.components import PlanningComponents

MOST_ITEMS = 1_000_000


@dataclass(frozen=True)
class OverlapPlan:
    """One line of a plan.

    Attributes:
        n_annotators: annotators who share the overlap sample.
        n_items: fewest items that reach the target, None where no number does.
        half_width: expected there.
    """

    n_annotators: int
    n_items: int | None
    half_width: float | None


def items_for(components: PlanningComponents, half_width: float) -> int:
    """Fewest items for "these annotators, new items".

    Raises:
        ValueError: a half-width that is not positive.
    """
    found = _fewest(components, half_width, None)
    return found if found is not None else MOST_ITEMS


def overlap_plans(
    components: PlanningComponents, half_width: float, annotators: Sequence[int]
) -> list[OverlapPlan]:
    """Fewest items for "new annotators too", for each number of annotators.

    Few annotators may never reach the target: their own spread stays, however many the items.
    """
    plans = []
    for n_annotators in annotators:
        n_items = _fewest(components, half_width, n_annotators)
        reached = None if n_items is None else components.half_width(n_items, n_annotators)
        plans.append(OverlapPlan(n_annotators, n_items, reached))
    return plans


def _fewest(
    components: PlanningComponents, half_width: float, n_annotators: int | None
) -> int | None:
    """Bisection: the half-width falls with the number of items."""
    if half_width <= 0:
        raise ValueError(f"half-width must be positive, got {half_width}")
    if components.half_width(MOST_ITEMS, n_annotators) > half_width:
        return None
    low, high = 0, MOST_ITEMS
    while high - low > 1:
        middle = math.ceil((low + high) / 2)
        if components.half_width(middle, n_annotators) > half_width:
            low = middle
        else:
            high = middle
    return high
