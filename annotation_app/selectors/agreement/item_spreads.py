"""How far apart the raters of an item lie, from its state; the live store's folder writes it down.

The width of a candidate is its largest minus its smallest level; an item's is that of its widest
candidate. Ratings of every design count: a disagreement is a disagreement however it was found.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analytics.limits import FEWEST_RATERS
from annotation_app.selectors.agreement.live.states import ItemState

ANY_DIMENSION = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """An item's disagreement on one dimension, or on any (an empty key).

    Attributes:
        dimension: its key.
        width: levels between the furthest ratings of the widest candidate.
        raters: user ids with a score on it.
        guidelines: ids of the versions that they followed.
        by_generator: the width of each generator's candidates that two people scored.
    """

    dimension: str
    width: int
    raters: tuple[int, ...]
    guidelines: tuple[int, ...]
    by_generator: Mapping[int, int]


def item_spreads(state: ItemState) -> list[Spread]:
    """One spread per dimension with overlap and, first, the widest of all; empty without any."""
    own = list(_by_dimension(state))
    if not own:
        return []
    generators: dict[int, int] = defaultdict(int)
    for spread in own:
        for generator, width in spread.by_generator.items():
            generators[generator] = max(generators[generator], width)
    widest = Spread(
        ANY_DIMENSION,
        max(spread.width for spread in own),
        tuple(sorted({rater for spread in own for rater in spread.raters})),
        tuple(sorted({version for spread in own for version in spread.guidelines})),
        dict(generators),
    )
    return [widest, *own]


def _by_dimension(state: ItemState) -> Iterator[Spread]:
    keys = {key: None for rating in state.ratings for key in rating.levels}
    for key in keys:
        levels: dict[int, list[int]] = defaultdict(list)
        ratings = [rating for rating in state.ratings if rating.levels.get(key)]
        for rating in ratings:
            for candidate, level in rating.levels[key].items():
                levels[candidate].append(level)
        widths = {
            candidate: max(given) - min(given)
            for candidate, given in levels.items()
            if len(given) >= FEWEST_RATERS
        }
        if not widths:
            continue
        generators: dict[int, int] = {}
        for candidate, width in widths.items():
            maker = state.generators[candidate]
            generators[maker] = max(width, generators.get(maker, 0))
        yield Spread(
            key,
            max(widths.values()),
            tuple(sorted({rating.annotator for rating in ratings})),
            tuple(sorted({rating.guideline for rating in ratings})),
            generators,
        )
