"""Comparing hidden gold and hidden repeats with the right answers: by a task, after submits."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, Q, QuerySet

from analytics.raters.qualification import count_within
from annotation_app.enums import CheckKind, Purpose, RatingStatus
from annotation_app.models import Campaign, Check, GoldItem, QualityPlan, Rating
from annotation_app.selectors.rating.levels import (
    Steps,
    Unit,
    gold_steps,
    level_steps,
    revision_steps,
)

KINDS = {Purpose.GOLD: CheckKind.GOLD, Purpose.REPEAT: CheckKind.REPEAT}
REPEAT_TOLERANCE = 1  # levels


def judge_hidden(*, campaign: Campaign, plan: QualityPlan, since: datetime | None) -> list[Check]:
    """Judge the hidden checks rated (or changed) since a moment; return their outcomes."""
    waiting = list(_unjudged(campaign, since))
    steps = level_steps(campaign.rubric)
    said = revision_steps([_revision(rating) for rating in waiting], steps)
    gold = _gold(waiting, steps)
    earlier = _earlier(waiting, steps)
    checks = []
    for rating in waiting:
        right: Mapping[Unit, int]
        if rating.purpose == Purpose.GOLD:
            tolerance, right = gold.get(rating.campaign_item_id, (0, {}))
        else:
            tolerance, right = REPEAT_TOLERANCE, earlier.get(rating.pk, {})
        if right:
            given = said.get(_revision(rating), {})
            checks.append(_store(plan, rating, count_within(given, right, tolerance), len(right)))
    return checks


def _unjudged(campaign: Campaign, since: datetime | None) -> QuerySet[Rating]:
    ratings = Rating.objects.filter(
        Q(check_result=None) | ~Q(check_result__revision=F("current_revision")),
        campaign=campaign,
        purpose__in=KINDS,
        status=RatingStatus.ACTIVE,
    )
    if since is not None:
        ratings = ratings.filter(submitted_at__gte=since)
    return ratings.order_by("submitted_at", "pk")


def _gold(
    ratings: list[Rating], steps: dict[int, dict[int, int]]
) -> dict[int, tuple[int, dict[Unit, int]]]:
    """Campaign item to its tolerance and reference."""
    items = GoldItem.objects.filter(
        campaign_item__in=[one.campaign_item_id for one in ratings if one.purpose == Purpose.GOLD]
    )
    right = gold_steps(items, steps)
    return {item.campaign_item_id: (item.tolerance, right.get(item.pk, {})) for item in items}


def _earlier(ratings: list[Rating], steps: dict[int, dict[int, int]]) -> dict[int, dict[Unit, int]]:
    """The same person's first levels of the item, by the repeat's id."""
    repeats = [rating for rating in ratings if rating.purpose == Purpose.REPEAT]
    first = {
        (one.annotator_id, one.campaign_item_id): _revision(one)
        for one in Rating.objects.filter(
            campaign_item__in=[repeat.campaign_item_id for repeat in repeats],
            annotator__in=[repeat.annotator_id for repeat in repeats],
            independent=True,
        ).order_by("-submitted_at")
    }
    said = revision_steps(first.values(), steps)
    found = {}
    for repeat in repeats:
        revision = first.get((repeat.annotator_id, repeat.campaign_item_id))
        levels: Steps = said.get(revision, {}) if revision else {}
        found[repeat.pk] = {unit: step for unit, step in levels.items() if step is not None}
    return found


def _store(plan: QualityPlan, rating: Rating, within: int, compared: int) -> Check:
    check, _is_new = Check.objects.update_or_create(
        rating=rating,
        defaults={
            "campaign": plan.campaign,
            "annotator_id": rating.annotator_id,
            "revision_id": _revision(rating),
            "kind": KINDS[Purpose(rating.purpose)],
            "passed": within >= plan.gold_within_share * compared,
            "within": within,
            "compared": compared,
            "rated_at": rating.submitted_at,
        },
    )
    return check


def _revision(rating: Rating) -> int:
    return rating.current_revision_id or 0
