"""Insert-only changes of the live store: an item's ratings before and after, and their fold.

A submit inserts one small `ItemChange` per dimension; a task folds many at once, because moments
add over items: the moments of all states after, less those of all states before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from analytics.agreement.moments import Moments
from analytics.agreement.summing import moments_of
from analytics.scales import Scale
from analytics.tables import RatingTable


class ItemRating(TypedDict):
    """One rating inside an item; JSON-ready."""

    unit: str
    rater: str
    level: int


@dataclass(frozen=True)
class ItemChange:
    """All counted ratings of one item on one dimension, before and after.

    Attributes:
        before: as they were; empty for a new item.
        after: as they are; empty once everything was released.
    """

    before: Sequence[ItemRating]
    after: Sequence[ItemRating]


def fold_changes(changes: Iterable[ItemChange], scale: Scale) -> Moments:
    """Return the change of the moments that any number of changes make together.

    Changes of one item may follow each other: what one adds, the next takes away.

    Args:
        changes: in any order.
        scale: the declared levels; a level is its index there.

    Raises:
        ValueError: a level outside the scale, or one rater twice on one unit.
    """
    listed = list(changes)
    after = moments_of(stacked_table([change.after for change in listed], scale))
    return after - moments_of(stacked_table([change.before for change in listed], scale))


def stacked_table(states: Sequence[Sequence[ItemRating]], scale: Scale) -> RatingTable:
    """Return one table in which every state is an item of its own, labelled by its place."""
    rows = [(place, rating) for place, state in enumerate(states) for rating in state]
    wrong = [rating["level"] for _, rating in rows if not 0 <= rating["level"] < len(scale)]
    if wrong:
        raise ValueError(f"level {wrong[0]} is none of the {len(scale)} levels' indices")
    return RatingTable.from_long(
        units=[(place, rating["unit"]) for place, rating in rows],
        raters=[rating["rater"] for _, rating in rows],
        values=[scale.values[rating["level"]] for _, rating in rows],
        items=[place for place, _ in rows],
        scale=scale,
    )
