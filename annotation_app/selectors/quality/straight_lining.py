"""Straight-lining: an annotator's last items in a row whose candidates all got the same scores."""

from datetime import datetime

from django.db.models import Count, Max, Min

from analytics.raters.straightlining import FEWEST_CANDIDATES
from annotation_app.enums import SEPARATE_PURPOSES
from annotation_app.models import Rating, Score

POOL = 60  # last ratings looked at; a rule's run is shorter


def straight_lining_run(
    *, annotator: int, campaign: int, since: datetime | None
) -> tuple[int, datetime | None]:
    """How many of the last items in a row were rated flat, and when that began.

    Flat means one level for all candidates on every dimension. Items with fewer than three judged
    candidates are ignored: they neither lengthen a run nor end it.
    """
    ratings = Rating.objects.filter(campaign=campaign, annotator=annotator)
    if since is not None:
        ratings = ratings.filter(submitted_at__gte=since)
    rows = list(
        ratings.exclude(purpose__in=SEPARATE_PURPOSES)
        .order_by("-submitted_at", "-pk")
        .values_list("submitted_at", "current_revision")[:POOL]
    )
    flat = _flatness([revision for _moment, revision in rows if revision])
    length, began = 0, None
    for moment, revision in rows:
        if revision not in flat:
            continue
        if not flat[revision]:
            break
        length, began = length + 1, moment
    return length, began


def _flatness(revisions: list[int]) -> dict[int, bool]:
    """Whether each revision is flat; without those that judge too few candidates."""
    spreads = (
        Score.objects.filter(revision__in=revisions)
        .values("revision", "dimension")
        .annotate(judged=Count("level"), low=Min("level"), high=Max("level"))
    )
    found: dict[int, bool] = {}
    too_few = set()
    for row in spreads:
        revision = row["revision"]
        if row["judged"] < FEWEST_CANDIDATES:
            too_few.add(revision)
        found[revision] = found.get(revision, True) and row["low"] == row["high"]
    return {revision: flat for revision, flat in found.items() if revision not in too_few}
