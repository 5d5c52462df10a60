"""A study of a campaign's annotators: asked for, run as a job, kept with its time."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from django.db import transaction
from django.urls import reverse

from analytics.facet.fit import fit_facets
from analytics.limits import FEWEST_RATERS
from analytics.overall import OVERALL
from analytics.raters.halo import halo
from analytics.tables import RatingTable
from annotation_app.enums import (
    DATA_PURPOSES,
    AuditVerb,
    CampaignState,
    JobKind,
    RatingStatus,
)
from annotation_app.exceptions import ConflictError, NothingToDoError
from annotation_app.models import Campaign, Job, RaterStudy, Rating, User
from annotation_app.selectors.agreement.overlap_tables import overlap_rows, overlap_tables
from annotation_app.selectors.quality.plans import quality_plan
from annotation_app.services.audit.events import record_event
from annotation_app.services.jobs.lifecycle import create_job
from annotation_app.services.quality.drifting import drift_rule
from annotation_app.services.raters.drifts import drift_facts
from annotation_app.services.raters.entropies import item_entropies, write_entropies
from annotation_app.services.raters.figures import facet_facts, figure_facts
from annotation_app.services.raters.flat_items import flat_items

Progress = Callable[[int, int, str], None]


def silent(_done: int, _total: int, _message: str) -> None:
    """Discard the progress report."""


@dataclass(frozen=True)
class Findings:
    """Figures as they are stored, and entropies of items by dimension key."""

    figures: dict[str, Any]
    entropies: Mapping[str, Mapping[int, float]]


def request_study(*, campaign: Campaign, created_by: User | None) -> Job:
    """Ask for a study.

    Raises:
        ConflictError: if one is under way.
    """
    return create_job(
        kind=JobKind.STUDY_RATERS,
        arguments={"campaign": campaign.pk},
        created_by=created_by,
        campaign=campaign,
        dedupe_key=f"study:{campaign.pk}",
    )


def request_due_studies(*, now: datetime) -> int:
    """Ask for a study of every active campaign whose ratings changed since its last one."""
    asked = 0
    for campaign in Campaign.objects.filter(state=CampaignState.ACTIVE):
        last = RaterStudy.objects.filter(campaign=campaign, created_at__lt=now).first()
        counted = _counted(campaign)
        if not counted or (last is not None and last.rating_count == counted):
            continue
        try:
            request_study(campaign=campaign, created_by=None)
        except ConflictError:
            continue
        asked += 1
    return asked


def run_study_job(job: Job, progress: Progress = silent) -> dict[str, Any]:
    """Study a campaign's annotators now."""
    campaign = Campaign.objects.select_related("rubric").get(pk=job.arguments["campaign"])
    study_raters(campaign=campaign, actor=job.created_by, job=job, progress=progress)
    return {"url": reverse("rater-list", args=[campaign.slug])}


def study_raters(
    *, campaign: Campaign, actor: User | None, job: Job | None, progress: Progress = silent
) -> RaterStudy:
    """Fit the facet model, look for halo, drift and straight-lining, and keep the figures.

    Raises:
        NothingToDoError: there are no ratings yet.
    """
    counted = _counted(campaign)
    if not counted:
        raise NothingToDoError("There are no ratings yet, so there are no annotators to study.")
    began = time.monotonic()
    found = _look(campaign, progress)
    with transaction.atomic():
        write_entropies(campaign, found.entropies)
        study = RaterStudy.objects.create(
            campaign=campaign,
            figures=found.figures,
            rating_count=counted,
            seconds=time.monotonic() - began,
            job=job,
            created_by=actor,
        )
        record_event(
            actor=actor,
            verb=AuditVerb.CREATED,
            object_type="rater_study",
            object_id=study.pk,
            campaign=campaign,
            data={"ratings": counted},
        )
    return study


def _counted(campaign: Campaign) -> int:
    return Rating.objects.filter(
        campaign=campaign, status=RatingStatus.ACTIVE, purpose__in=DATA_PURPOSES
    ).count()


def _look(campaign: Campaign, progress: Progress) -> Findings:
    rows = overlap_rows(campaign)
    tables = overlap_tables(rows, campaign.rubric)
    dimensions = {key: table for key, table in tables.items() if key != OVERALL}
    steps = len(dimensions) + 2
    progress(0, steps, "Counting flat items")
    flat = flat_items(campaign)
    rule = drift_rule(quality_plan(campaign), len(dimensions))
    figures: dict[str, Any] = {}
    entropies: dict[str, dict[int, float]] = {}
    for place, (key, table) in enumerate(dimensions.items(), start=1):
        progress(place, steps, f"Fitting severity and discrimination on {key}")
        figures[key] = {
            "n_items": table.n_items,
            "facets": {},
            "drift": drift_facts(table, rows[key], rule),
            "flat": flat.get(key, {}),
        }
        if table.n_raters >= FEWEST_RATERS:
            fit = fit_facets(table)
            figures[key] |= {"facets": facet_facts(fit, table), "converged": fit.converged}
            entropies[key] = item_entropies(fit, table)
    progress(steps - 1, steps, "Comparing dimensions")
    found = {"dimensions": figures, "halo": _halos(dimensions)}
    progress(steps, steps, "Done")
    return Findings(found, entropies)


def _halos(tables: Mapping[str, RatingTable]) -> list[dict[str, Any]]:
    """For every pair of dimensions: by user id, own minus others' correlation of the two."""
    return [
        {
            "first": first,
            "second": second,
            "raters": {
                str(label): figure_facts(figure)
                for label, figure in halo(tables[first], tables[second]).items()
            },
        }
        for first, second in combinations(tables, 2)
        if tables[first].n_ratings and tables[second].n_ratings
    ]
