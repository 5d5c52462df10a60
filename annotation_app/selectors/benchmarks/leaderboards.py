"""The leaderboard of generators in a campaign, from the scores that count now."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max

from analytics.leaderboard.generators import generator_board, generator_boards_by_category
from analytics.leaderboard.records import generator_records
from analytics.pairs.dimensions import Dimensions
from analytics.pairs.final_scores import final_score
from analytics.pairs.records import ScoredCandidate, ScoredItem
from annotation_app.enums import Design, RatingStatus
from annotation_app.models import Adjudication, Campaign, CampaignItem, DrawnCandidate, Rating
from annotation_app.selectors.exports.items import rubric_dimensions
from annotation_app.selectors.rating.scores import (
    ScoreRow,
    adjudicated_levels,
    counted_scores_by_item,
)

KEPT_SECONDS = 24 * 3600
ALL = "all"

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CampaignBoard:
    """The records of all items and of each category, best first, and why abilities may lack."""

    items: int
    boards: dict[str, list[Record]]
    tie_model: str | None
    no_abilities: str | None

    @property
    def records(self) -> list[Record]:
        """All records, those of all items first."""
        return [record for records in self.boards.values() for record in records]


def campaign_board(campaign: Campaign, *, random_only: bool = False) -> CampaignBoard:
    """Return the leaderboard of the generators of a campaign.

    It is kept until a rating or an adjudication changes.

    Args:
        campaign: the campaign to read.
        random_only: only ratings from slots of random design, without imported or picked ones.
    """
    key = _key(campaign, "random" if random_only else "all")
    board: CampaignBoard | None = cache.get(key)
    if board is None:
        board = _board(campaign, random_only=random_only)
        cache.set(key, board, KEPT_SECONDS)
    return board


def _key(campaign: Campaign, which: str) -> str:
    ratings = Rating.objects.filter(campaign=campaign, status=RatingStatus.ACTIVE).aggregate(
        n=Count("pk"), last=Max("current_revision")
    )
    decided = Adjudication.objects.filter(campaign_item__campaign=campaign).aggregate(
        n=Count("pk"), last=Max("decided_at")
    )
    items = CampaignItem.objects.filter(campaign=campaign, item__withdrawn_at=None).count()
    state = repr((campaign.pk, which, ratings, decided, items))
    return f"generators:{sha256(state.encode()).hexdigest()}"


def _board(campaign: Campaign, *, random_only: bool) -> CampaignBoard:
    dimensions = rubric_dimensions(campaign.rubric)
    items = list(_scored_items(campaign, dimensions, random_only=random_only))
    rows = CampaignItem.objects.filter(campaign=campaign)
    category_of = dict(rows.values_list("item__external_id", "item__category"))
    whole = generator_board(items, dimensions)
    boards = {ALL: generator_records(whole)}
    by_category = generator_boards_by_category(items, category_of, dimensions)
    if len(by_category) > 1:
        boards |= {name: generator_records(one, name) for name, one in by_category.items()}
    return CampaignBoard(
        items=whole.items,
        boards=boards,
        tie_model=whole.tie_model.value if whole.tie_model else None,
        no_abilities=whole.no_abilities.value if whole.no_abilities else None,
    )


def _scored_items(
    campaign: Campaign, dimensions: Dimensions, *, random_only: bool
) -> Iterator[ScoredItem]:
    decided = adjudicated_levels(campaign)
    drawn = _drawn(campaign)
    names = dict(
        CampaignItem.objects.filter(campaign=campaign).values_list("pk", "item__external_id")
    )
    for item, rows in counted_scores_by_item(campaign):
        levels = _levels(rows, random_only=random_only)
        if not levels:
            continue
        candidates = tuple(
            ScoredCandidate(
                candidate_id=name,
                generator=generator,
                pixel_hash=pixels,
                scores=tuple(
                    final_score(
                        levels.get((candidate, key), []),
                        adjudicated=decided.get((item, candidate, key)),
                    ).value
                    for key in dimensions.names
                ),
            )
            for candidate, name, generator, pixels in drawn[item]
        )
        yield ScoredItem(item_id=names[item], candidates=candidates)


def _levels(rows: list[ScoreRow], *, random_only: bool) -> dict[tuple[int, str], list[int | None]]:
    levels: dict[tuple[int, str], list[int | None]] = defaultdict(list)
    for row in rows:
        if not random_only or row.design == Design.RANDOM:
            levels[row.candidate, row.dimension].append(row.level)
    return levels


def _drawn(campaign: Campaign) -> dict[int, list[tuple[int, str, str, str]]]:
    found: dict[int, list[tuple[int, str, str, str]]] = defaultdict(list)
    rows = DrawnCandidate.objects.filter(campaign_item__campaign=campaign).order_by("pk")
    for item, candidate, name, generator, pixels in rows.values_list(
        "campaign_item_id",
        "candidate_id",
        "candidate__external_id",
        "candidate__generator__name",
        "candidate__image__pixel_sha256",
    ).iterator(chunk_size=5000):
        found[item].append((candidate, name, generator, pixels))
    return found
