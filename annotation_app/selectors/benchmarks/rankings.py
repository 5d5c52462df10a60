"""What a rater may know of their current ranking: images and text, no name of an edit.

Candidates appear by their place on screen; the source is 0.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from annotation_app.enums import BenchmarkStage
from annotation_app.models import Campaign, CampaignItem, JointRanking, User

SOURCE = 0


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """A candidate on screen: its position, its size, and the place that it has now, from 1."""

    position: int
    width: int
    height: int
    place: int


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as its rater sees it."""

    instruction: str
    source: dict[str, Any]
    candidates: tuple[ShownCandidate, ...]
    implies_tie: bool

    @property
    def is_pair(self) -> bool:
        return len(self.candidates) == 2  # noqa: PLR2004 - the pair


def own_rankings(user: User, campaign: Campaign) -> "QuerySet[JointRanking]":
    """A rater's rankings for benchmarks of a campaign that are not yet published."""
    return JointRanking.objects.filter(
        rater=user, benchmark__campaign=campaign, benchmark__stage=BenchmarkStage.CHECKING
    )


def waiting_rankings(user: User) -> dict[int, int]:
    """How many rankings wait for a rater, by campaign."""
    waiting = JointRanking.objects.filter(
        rater=user, ranks__isnull=True, benchmark__stage=BenchmarkStage.CHECKING
    )
    counts = waiting.values("benchmark__campaign").annotate(n=Count("pk"))
    return dict(counts.values_list("benchmark__campaign", "n"))


def find_ranking(user: User, token: UUID) -> JointRanking | None:
    """A rater's own ranking, while its benchmark is not published."""
    return (
        JointRanking.objects.filter(
            rater=user, token=token, benchmark__stage=BenchmarkStage.CHECKING
        )
        .select_related("benchmark__campaign__collection")
        .first()
    )


def shown_group(ranking: JointRanking) -> ShownGroup:
    """The group in the order on this rater's screen, with their current ranking of it."""
    group = _group(ranking)
    ranks = ranking.implied if ranking.ranks is None else ranking.ranks
    candidates = tuple(
        ShownCandidate(
            position=position,
            width=group["candidates"][place]["image"]["width"],
            height=group["candidates"][place]["image"]["height"],
            place=ranks[place] + 1,
        )
        for position, place in enumerate(ranking.shown, start=1)
    )
    implies_tie = len(set(ranking.implied)) < len(ranking.implied)
    return ShownGroup(group["instruction"], group["source_image"], candidates, implies_tie)


def ranking_picture(ranking: JointRanking, position: int) -> str | None:
    """The storage name of the picture at a position; None if its item is withdrawn, too."""
    group = _group(ranking)
    withdrawn = CampaignItem.objects.filter(
        pk=group["campaign_item"], item__withdrawn_at__isnull=False
    )
    if position > len(ranking.shown) or withdrawn.exists():
        return None
    image: dict[str, Any] = group["source_image"]
    if position != SOURCE:
        image = group["candidates"][ranking.shown[position - 1]]["image"]
    return str(image["file"])


def _group(ranking: JointRanking) -> dict[str, Any]:
    found: dict[str, Any] = next(
        group for group in ranking.benchmark.groups if group["group_id"] == ranking.group_id
    )
    return found
