"""Planning a campaign's tasks as a job."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from annotation_app.enums import JobKind
from annotation_app.exceptions import ConflictError
from annotation_app.models import Campaign, Job, OverlapPlan, User
from annotation_app.services.campaigns.creation import set_overlap_plan
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.jobs.lifecycle import create_job

Progress = Callable[[int, int, str], None]


def request_plan(*, campaign: Campaign, actor: User) -> Job:
    """Ask for the campaign's slots to be brought up to its newest overlap plan.

    Raises:
        ConflictError: if a pilot runs, or the tasks are being planned already.
    """
    pilot = getattr(campaign, "pilot", None)
    if pilot is not None and pilot.promoted_at is None:
        raise ConflictError(_("The pilot is running: start production from its page."))
    return create_job(
        kind=JobKind.PLAN_TASKS,
        arguments={"campaign": campaign.pk},
        created_by=actor,
        campaign=campaign,
        dedupe_key=f"plan:{campaign.pk}",
    )


def widen_overlap(*, campaign: Campaign, actor: User, plan: OverlapPlan) -> Job:
    """Make the figures of an unsaved plan the campaign's plan, and have its slots added.

    Raises:
        InvalidInputError: if the figures contradict each other.
        ConflictError: if they would take something away, a pilot runs, or planning runs already.
    """
    newest = campaign.overlap_plans.order_by("-number").first()
    if newest is not None and _takes_away(newest, plan) and campaign.tasks.exists():
        raise ConflictError(
            _("Planning only adds tasks: every number must be at least its current value."),
        )
    with transaction.atomic():
        set_overlap_plan(
            actor=actor,
            campaign=campaign,
            base_ratings=plan.base_ratings,
            overlap_share=plan.overlap_share,
            overlap_ratings=plan.overlap_ratings,
        )
        return request_plan(campaign=campaign, actor=actor)


def run_plan_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Plan a campaign; an interruption loses no work, the next run continues."""
    campaign = Campaign.objects.select_related("guideline").get(pk=job.arguments["campaign"])
    summary = plan_campaign(
        campaign=campaign,
        actor=job.created_by,
        progress=lambda done, total: progress(done, total, _("Planning items")),
    )
    return {
        "url": reverse("campaign-setup", args=[campaign.slug]),
        "items_added": summary.items_added,
        "tasks_added": summary.tasks_added,
        "items_without_candidates": summary.items_without_candidates,
    }


def _takes_away(now: OverlapPlan, then: OverlapPlan) -> bool:
    return (
        then.base_ratings < now.base_ratings
        or then.overlap_share < now.overlap_share
        or then.overlap_ratings < now.overlap_ratings
    )
