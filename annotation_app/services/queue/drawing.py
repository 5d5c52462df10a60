"""The seeded draws of a campaign: which items overlap or are reserved, which candidates show."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from analytics.sampling import (
    CandidateDraw,
    DrawStrategy,
    PoolCandidate,
    draw_candidates,
    draw_item_share,
)
from annotation_app.models import Campaign, Candidate, OverlapPlan


class ItemRow(NamedTuple):
    """What a draw needs to know of an item."""

    pk: int
    external_id: str
    category: str


class PoolRow(NamedTuple):
    """A candidate of a pool: its id and the names that the draw depends on."""

    pk: int
    external_id: str
    generator: str


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """An item with what chance decided for it."""

    row: ItemRow
    in_overlap_sample: bool
    reserved: bool
    overlap_probability: float


def load_pools(item_ids: Sequence[int]) -> dict[int, list[PoolRow]]:
    """Return the candidates of each item that has any."""
    pools: defaultdict[int, list[PoolRow]] = defaultdict(list)
    rows = Candidate.objects.filter(item__in=item_ids).values_list(
        "item_id", "pk", "external_id", "generator__name"
    )
    for item_id, pk, external_id, generator in rows.iterator(chunk_size=20_000):
        pools[item_id].append(PoolRow(pk, external_id, generator))
    return dict(pools)


def draw_items(campaign: Campaign, plan: OverlapPlan, rows: Iterable[ItemRow]) -> list[DrawnItem]:
    """Draw the overlap sample and the reserved share; each item's draw depends on itself only."""
    rows = list(rows)
    names = [row.external_id for row in rows]
    overlap = draw_item_share(
        names, exact_share(plan.overlap_share), seed=campaign.seed, purpose="overlap"
    )
    reserved = draw_item_share(
        names, exact_share(campaign.reserved_share), seed=campaign.seed, purpose="reserved"
    )
    overlapping, kept = frozenset(overlap.drawn), frozenset(reserved.drawn)
    return [
        DrawnItem(row, row.external_id in overlapping, row.external_id in kept, plan.overlap_share)
        for row in rows
    ]


def draw_pool(campaign: Campaign, external_id: str, pool: Sequence[PoolRow]) -> CandidateDraw:
    """Draw the campaign's k of the item's pool; ids in the result are external ids."""
    return draw_candidates(
        [PoolCandidate(row.external_id, row.generator) for row in pool],
        campaign.candidates_per_item,
        campaign_seed=campaign.seed,
        item_id=external_id,
        strategy=DrawStrategy(campaign.sampling),
    )


def exact_share(share: float) -> Fraction:
    """Return the share as the decimal that people wrote: 0.05 is 1/20."""
    return Fraction(str(share))
