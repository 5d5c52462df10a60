"""Dodge's CSP-1 on each annotator's work: which ratings are checked, and what a failure brings.

What happens to the unchecked work around a failure: see docs/decisions.
"""

import random
from collections import defaultdict
from datetime import datetime

from django.db import transaction

from analytics.raters import csp
from analytics.raters.csp import CspState
from analytics.raters.qualification import count_within
from annotation_app.enums import DATA_PURPOSES, Design, Purpose, RatingStatus, TaskState
from annotation_app.models import CrossCheckDraw, QualityPlan, Rating, Task
from annotation_app.selectors.quality.cross_checks import csp_states
from annotation_app.selectors.quality.plans import cross_check_plan
from annotation_app.selectors.rating.levels import level_steps, revision_steps
from annotation_app.services.quality.rerating import rerate_work
from annotation_app.services.queue.extra_slots import add_open_slot, lock_items

TOLERANCE = 1  # level


def draw_checks(
    *, plan: QualityPlan, since: datetime | None, now: datetime, rng: random.Random
) -> int:
    """Decide for each new rating whether it is checked; add the slots. Returns how many slots."""
    ratings = Rating.objects.filter(
        campaign=plan.campaign,
        purpose=Purpose.PRODUCTION,
        status=RatingStatus.ACTIVE,
        cross_check=None,
    )
    if since is not None:
        ratings = ratings.filter(submitted_at__gte=since)
    rows = list(ratings.order_by("submitted_at", "pk"))
    states = csp_states(plan=plan, annotators={row.annotator_id for row in rows})
    rule, added = cross_check_plan(plan), 0
    for rating in rows:
        state = states.get(rating.annotator_id, CspState())
        probability = csp.inclusion_probability(state, rule)
        drawn = csp.must_check(state, rule, rng.random())
        with transaction.atomic():
            task = _check_slot(rating, probability, now) if drawn else None
            CrossCheckDraw.objects.create(
                campaign=plan.campaign,
                annotator_id=rating.annotator_id,
                rating=rating,
                probability=probability,
                drawn=drawn,
                task=task,
                rated_at=rating.submitted_at,
            )
        added += task is not None
    return added


def judge_checks(*, plan: QualityPlan, now: datetime) -> list[CrossCheckDraw]:
    """Compare the checked ratings with the check; have the work around a failure rated again.

    Returns:
        The failures found in this run.
    """
    waiting = list(
        CrossCheckDraw.objects.filter(
            campaign=plan.campaign,
            drawn=True,
            passed=None,
            rating__status=RatingStatus.ACTIVE,
            rating__campaign_item__item__withdrawn_at__isnull=True,
        )
        .select_related("rating")
        .order_by("rated_at", "pk")
    )
    others = _other_ratings(waiting)
    steps = level_steps(plan.campaign.rubric)
    pairs = [(draw, others[draw.pk]) for draw in waiting if draw.pk in others]
    revisions = {one.current_revision_id or 0 for draw, other in pairs
                 for one in (draw.rating, other)}  # fmt: skip
    said = revision_steps(revisions, steps)
    failures = []
    for draw, other in pairs:
        mine = said.get(draw.rating.current_revision_id or 0, {})
        right = {
            unit: step
            for unit, step in said.get(other.current_revision_id or 0, {}).items()
            if step is not None
        }
        within = count_within(mine, right, TOLERANCE)
        draw.passed, draw.decided_at = within >= plan.csp_within_share * len(right), now
        draw.save(update_fields=["passed", "decided_at"])
        if not draw.passed:
            failures.append(draw)
    for failure in failures:
        rerate_around(failure=failure, now=now)
    return failures


def rerate_around(*, failure: CrossCheckDraw, now: datetime) -> int:
    """Have the unchecked ratings since the last passed check, and those after it, rated again."""
    draws = CrossCheckDraw.objects.filter(campaign=failure.campaign, annotator=failure.annotator)
    before = draws.filter(passed=True, rated_at__lt=failure.rated_at).order_by("-rated_at").first()
    after = draws.filter(passed=True, rated_at__gt=failure.rated_at).order_by("rated_at").first()
    around = draws.filter(drawn=False, rerated=False, rating__status=RatingStatus.ACTIVE)
    if before is not None:
        around = around.filter(rated_at__gt=before.rated_at)
    if after is not None:
        around = around.filter(rated_at__lt=after.rated_at)
    rows = list(around.select_related("rating__campaign"))
    with transaction.atomic():
        rerate_work(actor=None, ratings=[row.rating for row in rows], now=now)
        CrossCheckDraw.objects.filter(pk__in=[row.pk for row in rows]).update(rerated=True)
    return len(rows)


def _check_slot(rating: Rating, probability: float, now: datetime) -> Task | None:
    """A slot for another annotator; None if another slot of the item serves."""
    [item] = lock_items([rating.campaign_item_id])
    others = Task.objects.filter(campaign_item=item, purpose__in=DATA_PURPOSES).exclude(
        pk=rating.task_id
    )
    if others.exclude(state=TaskState.CLOSED).exists():
        return None
    return add_open_slot(
        campaign_item=item,
        purpose=Purpose.CROSS_CHECK,
        design=Design.CSP,
        probability=probability,
        now=now,
    )


def _other_ratings(draws: list[CrossCheckDraw]) -> dict[int, Rating]:
    """The earliest counted rating by another annotator, by the draw's id."""
    by_item: defaultdict[int, list[Rating]] = defaultdict(list)
    rows = Rating.objects.filter(
        campaign_item__in=[draw.rating.campaign_item_id for draw in draws],
        status=RatingStatus.ACTIVE,
        purpose__in=DATA_PURPOSES,
    )
    for row in rows.order_by("submitted_at", "pk"):
        by_item[row.campaign_item_id].append(row)
    found = {}
    for draw in draws:
        others = (
            row
            for row in by_item[draw.rating.campaign_item_id]
            if row.annotator_id != draw.annotator_id
        )
        first = next(others, None)
        if first is not None:
            found[draw.pk] = first
    return found
