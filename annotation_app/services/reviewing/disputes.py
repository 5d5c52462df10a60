"""Finding the items that people disagree on, and opening a case for a reviewer."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import numpy as np
from django.db import transaction

from analytics.facet.fit import fit_facets
from analytics.limits import FEWEST_RATERS
from analytics.overall import overall_score
from analytics.raters.disputes import opposite_preference, widest_range
from analytics.tables import RatingTable
from annotation_app.enums import (
    DATA_PURPOSES,
    AuditVerb,
    DisputeReason,
    RatingStatus,
    ReviewState,
)
from annotation_app.models import Campaign, QualityPlan, Rating, ReviewCase
from annotation_app.selectors.rating.levels import level_steps, revision_steps
from annotation_app.selectors.rating.scores import counted_scores
from annotation_app.selectors.rubrics.scales import rubric_scales, rubric_weights
from annotation_app.services.audit.events import record_event

Levels = dict[tuple[int, int], int | None]  # (candidate, dimension id) to a step


def find_disputes(*, plan: QualityPlan, since: datetime | None, now: datetime) -> list[ReviewCase]:
    """Open cases for items rated since a moment whose raters disagree as the plan says."""
    changed = Rating.objects.filter(campaign=plan.campaign, status=RatingStatus.ACTIVE)
    if since is not None:
        changed = changed.filter(submitted_at__gte=since)
    items = changed.filter(purpose__in=DATA_PURPOSES).values("campaign_item").distinct()
    ratings: defaultdict[int, list[int]] = defaultdict(list)
    rows = Rating.objects.filter(
        campaign_item__in=items, status=RatingStatus.ACTIVE, purpose__in=DATA_PURPOSES
    )
    for item, revision in rows.values_list("campaign_item", "current_revision"):
        ratings[item].append(revision)
    several = {item: said for item, said in ratings.items() if len(said) >= FEWEST_RATERS}
    steps = level_steps(plan.campaign.rubric)
    levels = revision_steps([one for said in several.values() for one in said], steps)
    weights = _weights(plan.campaign)
    cases = []
    for item, revisions in several.items():
        raters = [levels.get(revision, {}) for revision in revisions]
        reasons, size = dispute_of(plan, raters, weights)
        if reasons:
            cases.append(open_case(plan.campaign, item, reasons, now=now, size=size))
    return [case for case in cases if case is not None]


def dispute_of(
    plan: QualityPlan, raters: list[Levels], weights: dict[int, float]
) -> tuple[list[DisputeReason], float]:
    """Why the raters of one item disagree, and the largest distance on a dimension."""
    size = max(widest_range([_on(dimension, levels) for levels in raters]) for dimension in weights)
    reasons = []
    if plan.dispute_range and size >= plan.dispute_range:
        reasons.append(DisputeReason.RANGE)
    overall = [_overall(levels, weights) for levels in raters]
    if plan.dispute_gap and opposite_preference(overall, plan.dispute_gap):
        reasons.append(DisputeReason.PREFERENCE)
    return reasons, float(size)


def open_case(
    campaign: Campaign,
    campaign_item: int,
    reasons: Iterable[DisputeReason],
    *,
    now: datetime,
    size: float = 0.0,
) -> ReviewCase | None:
    """Open a case, or add reasons to the open one; None if the item has been decided."""
    with transaction.atomic():
        cases = ReviewCase.objects.select_for_update().filter(campaign_item=campaign_item)
        existing = cases.order_by("-opened_at").first()
        if existing is not None and existing.state == ReviewState.DECIDED:
            return None
        if existing is not None:
            existing.reasons = sorted({*existing.reasons, *(str(one) for one in reasons)})
            existing.size = max(existing.size, size)
            existing.save(update_fields=["reasons", "size"])
            return None
        case = ReviewCase.objects.create(
            campaign=campaign,
            campaign_item_id=campaign_item,
            reasons=sorted(str(one) for one in reasons),
            size=size,
            opened_at=now,
        )
        record_event(
            actor=None,
            verb=AuditVerb.CREATED,
            object_type="review_case",
            object_id=case.pk,
            campaign=campaign,
            data={"reasons": case.reasons},
        )
    return case


def find_uncertain(*, plan: QualityPlan, now: datetime) -> list[ReviewCase]:
    """Open cases for items where the facet model leaves a score open; fits once per dimension."""
    opened = []
    scales = rubric_scales(plan.campaign.rubric)
    rows = list(counted_scores(plan.campaign))
    for key, scale in scales.items():
        mine = [row for row in rows if row.dimension == key and row.level is not None]
        if len({row.annotator for row in mine}) < FEWEST_RATERS:
            continue
        places = {value: place for place, value in enumerate(scale.values)}
        table = RatingTable.from_ids(
            unit=np.array([row.candidate for row in mine]),
            rater=np.array([row.annotator for row in mine]),
            level=np.array([places[float(row.level or 0)] for row in mine]),
            item=np.array([row.campaign_item for row in mine]),
            scale=scale,
        )
        several = np.bincount(table.unit, minlength=table.n_units) >= FEWEST_RATERS
        high = (fit_facets(table).level_entropy >= plan.dispute_entropy) & several
        for item in np.unique(table.unit_item[high]).tolist():
            label = int(str(table.item_labels[item]))
            opened.append(open_case(plan.campaign, label, [DisputeReason.ENTROPY], now=now))
    return [case for case in opened if case is not None]


def _weights(campaign: Campaign) -> dict[int, float]:
    weights = rubric_weights(campaign.rubric)
    rows = campaign.rubric.dimensions.values_list("pk", "key")
    return {pk: float(weights[key]) for pk, key in rows}


def _on(dimension: int, levels: Levels) -> dict[int, float | None]:
    return {candidate: step for (candidate, key), step in levels.items() if key == dimension}


def _overall(levels: Levels, weights: dict[int, float]) -> dict[int, float | None]:
    steps: defaultdict[int, dict[int, int | None]] = defaultdict(dict)
    for (candidate, dimension), step in levels.items():
        steps[candidate][dimension] = step
    return {
        candidate: overall_score(list(own.values()), [weights[dimension] for dimension in own])
        for candidate, own in steps.items()
    }
