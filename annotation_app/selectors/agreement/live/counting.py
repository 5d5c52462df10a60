"""Item states to exact sums by design, facet and stratum; for the fold and for readers' tails.

A day stratum contains whole items: an item belongs to the day of its last counted rating of that
design, because ratings of one candidate on two days could not be paired if days were split.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.agreement.sums.exact.counting import count_strata
from analytics.agreement.sums.exact.kept_ratings import keep_strata
from analytics.agreement.sums.exact.scale_covariance import ExactCross, count_crosses
from analytics.agreement.sums.exact.signed_ratings import SignedRatings
from analytics.agreement.sums.exact.stratum_sums import StratumSums
from analytics.overall import OVERALL
from annotation_app.enums import ALL_DESIGNS, Design, Facet
from annotation_app.selectors.agreement.live.rows import ScoreRows, dimension_rows
from annotation_app.selectors.agreement.live.shape import LiveShape
from annotation_app.selectors.agreement.live.states import ItemState, StateRating
from annotation_app.selectors.agreement.live.strata import (
    EVERYTHING,
    Membership,
    Slices,
    StratumName,
    memberships,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Sums that a batch of item states makes; empty ones are left out.

    Attributes:
        sums: by stratum and dimension.
        crosses: by stratum, first and second dimension.
    """

    sums: Mapping[tuple[StratumName, str], StratumSums]
    crosses: Mapping[tuple[StratumName, str, str], ExactCross]

    @property
    def names(self) -> set[StratumName]:
        """Strata with any sums."""
        return {name for name, _ in self.sums} | {name for name, _, _ in self.crosses}


def count_states(
    states: Sequence[tuple[int, ItemState]],
    signs: Sequence[int],
    shape: LiveShape,
    slices: Slices = EVERYTHING,
) -> Counted:
    """Count states by campaign item id, each added (sign 1) or subtracted (sign -1).

    The slices of `all` contain only what the other designs change: an item's ratings of every
    design, less those of random design. Most items have only those, and are not counted twice.
    """
    counted = list(_with_all(states, signs))
    items, kept = [item for item, _, _ in counted], [state for _, state, _ in counted]
    every = [sign for _, _, sign in counted]
    member = memberships(kept, slices)
    ratings = {
        dimension: _signed(dimension_rows(kept, dimension, shape), member, every, shape)
        for dimension in shape.scales
    }
    deep = [code for name, code in member.codes.items() if name.facet == Facet.POOLED]
    sums: dict[tuple[StratumName, str], StratumSums] = {}
    for dimension, table in ratings.items():
        found: Sequence[StratumSums]
        if dimension in shape.kept:
            found = keep_strata(table, items)
        else:
            found = count_strata(table, with_panels=[] if dimension == OVERALL else deep)
        for name, code in member.codes.items():
            if not found[code].is_empty:
                sums[name, dimension] = found[code]
    return Counted(sums, _crosses(ratings, member, shape))


def count_changes(
    before: Mapping[int, ItemState],
    after: Mapping[int, ItemState],
    shape: LiveShape,
    slices: Slices = EVERYTHING,
) -> Counted:
    """Count what turns the states before into the states after, by campaign item id."""
    changed = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    gone = [(key, before[key]) for key in changed if key in before]
    come = [(key, after[key]) for key in changed if key in after]
    return count_states([*gone, *come], [-1] * len(gone) + [1] * len(come), shape, slices)


def _with_all(
    states: Sequence[tuple[int, ItemState]], signs: Sequence[int]
) -> Iterator[tuple[int, ItemState, int]]:
    for (item, state), sign in zip(states, signs, strict=True):
        yield item, state, sign
        chance = tuple(one for one in state.ratings if one.design == Design.RANDOM)
        if len(chance) < len(state.ratings):
            yield item, _relabelled(state, state.ratings), sign
            yield item, _relabelled(state, chance), -sign


def _relabelled(state: ItemState, ratings: Iterable[StateRating]) -> ItemState:
    as_one = tuple(replace(rating, design=ALL_DESIGNS) for rating in ratings)
    return replace(state, ratings=as_one)


def _crosses(
    ratings: Mapping[str, SignedRatings], member: Membership, shape: LiveShape
) -> dict[tuple[StratumName, str, str], ExactCross]:
    crosses = {}
    for first, second in shape.pairs:
        found = count_crosses(ratings[first], ratings[second])
        for name, code in member.codes.items():
            if not found[code].is_empty:
                crosses[name, first, second] = found[code]
    return crosses


def _signed(
    rows: ScoreRows, member: Membership, signs: Sequence[int], shape: LiveShape
) -> SignedRatings:
    """Repeat every score once for each stratum that it falls into."""
    whole = rows.expand(member.rating)
    apart = rows.expand(member.generator_rating)
    owners = np.repeat(member.generator_design, rows.lengths[member.generator_rating])
    index = np.concatenate([whole, apart])
    return SignedRatings(
        scale=shape.scales[rows.dimension],
        stratum=np.concatenate(
            [
                np.repeat(member.stratum, rows.lengths[member.rating]),
                member.generator_codes(owners, rows.generator[apart]),
            ]
        ),
        state=rows.state[index],
        unit=rows.candidate[index],
        rater=rows.annotator[index],
        level=rows.level[index],
        sign=np.asarray(signs, dtype=np.int64),
        n_strata=len(member.codes),
    )
