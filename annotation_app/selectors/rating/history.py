"""An annotator's own recent ratings; hidden repeats are older than what this shows."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from annotation_app.enums import SEPARATE_PURPOSES, RatingStatus
from annotation_app.models import Campaign, GuidelineVersion, Rating, User

LETTERS = 26


def own_history(*, annotator: User, campaign: Campaign, now: datetime) -> QuerySet[Rating]:
    """Return the annotator's ratings of the last days, the newest first."""
    oldest = now - timedelta(days=settings.HISTORY_DAYS)
    return (
        Rating.objects.filter(annotator=annotator, campaign=campaign, submitted_at__gte=oldest)
        .exclude(status=RatingStatus.RELEASED)
        .exclude(purpose__in=SEPARATE_PURPOSES)  # hidden checks look like all other work
        .select_related("campaign_item__item", "current_revision", "lease", "guideline")
        .prefetch_related("current_revision__scores__dimension")
        .order_by("-submitted_at")
    )


def scores_on_screen(rating: Rating) -> list[tuple[str, str]]:
    """Return each candidate's letter and scores as its author saw them: ("A", "4·3")."""
    if rating.current_revision is None:
        return []
    said: dict[int, list[tuple[int, str]]] = {}
    for score in rating.current_revision.scores.all():
        level = "–" if score.level is None else str(score.level)
        said.setdefault(score.candidate_id, []).append((score.dimension.ordinal, level))
    return [
        (letter(position), "·".join(level for _, level in sorted(said.get(candidate, []))))
        for position, candidate in enumerate(rating.candidate_order, start=1)
    ]


def letter(position: int) -> str:
    """Return the name on screen of the candidate at a position, from 1: A, B, … Z, then 27."""
    return chr(ord("A") + position - 1) if position <= LETTERS else str(position)


def find_own_rating(*, annotator: User, client_uuid: UUID) -> Rating | None:
    """Return the annotator's own rating of that client UUID."""
    ratings = Rating.objects.select_related("task__campaign", "lease", "current_revision")
    return ratings.filter(client_uuid=client_uuid, annotator=annotator).first()


def last_guideline(*, annotator: User, campaign: Campaign) -> GuidelineVersion | None:
    """Return the guideline version of the annotator's newest rating in a campaign."""
    newest = (
        Rating.objects.filter(annotator=annotator, campaign=campaign)
        .select_related("guideline")
        .order_by("-submitted_at")
        .first()
    )
    return newest.guideline if newest else None
