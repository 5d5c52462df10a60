"""Planning a campaign: its items, their drawn candidates and their slots. Adds, never removes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q

from annotation_app.enums import AuditVerb, Lane, Purpose
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Campaign, Item, OverlapPlan, QueueCursor, Task, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.campaigns.creation import set_overlap_plan
from annotation_app.services.queue.drawing import ItemRow, draw_items, load_pools
from annotation_app.services.queue.slots import add_slots, store_draws, store_items

CHUNK = 2000  # items in one transaction: bounded memory, short locks

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """What a planning run found and added."""

    items_added: int
    tasks_added: int
    items_without_candidates: int

    def plus(self, other: "PlanSummary") -> "PlanSummary":
        """Both together."""
        return PlanSummary(
            self.items_added + other.items_added,
            self.tasks_added + other.tasks_added,
            self.items_without_candidates + other.items_without_candidates,
        )


def plan_campaign(
    *, campaign: Campaign, actor: User | None = None, progress: Progress | None = None
) -> PlanSummary:
    """Bring a campaign's items and slots up to its collection and its newest overlap plan.

    Idempotent and restartable: every item is planned in one transaction with its slots, and what
    exists stays. Two runs at once add everything once.

    Args:
        campaign: what to plan; without an overlap plan it gets the default one.
        actor: who asked for it.
        progress: called with (items done, items in all) after each chunk.

    Raises:
        InvalidInputError: if the campaign has no guideline to pin.
    """
    if campaign.guideline_id is None:
        raise InvalidInputError(
            "Publish a guideline before planning: every task is tied to a guideline version."
        )
    plan = campaign.overlap_plans.order_by("-number").first()
    plan = plan or set_overlap_plan(actor=actor, campaign=campaign)
    total = Item.objects.filter(collection=campaign.collection_id, withdrawn_at=None).count()
    done, summary = 0, PlanSummary(0, 0, 0)
    try:
        for chunk in _chunks(campaign):
            summary = summary.plus(_plan_chunk(campaign, plan, chunk))
            done += len(chunk)
            if progress is not None:
                progress(done, total)
    finally:  # what a cancelled run has added is served too
        _finish(campaign, actor, plan, summary)
    return summary


def _chunks(campaign: Campaign) -> Iterator[list[ItemRow]]:
    last = 0
    while True:
        rows = Item.objects.filter(
            collection=campaign.collection_id, withdrawn_at=None, pk__gt=last
        ).order_by("pk")[:CHUNK]
        chunk = [ItemRow(*row) for row in rows.values_list("pk", "external_id", "category")]
        if not chunk:
            return
        yield chunk
        last = chunk[-1].pk


def _plan_chunk(campaign: Campaign, plan: OverlapPlan, chunk: list[ItemRow]) -> PlanSummary:
    pools = load_pools([row.pk for row in chunk])
    draws = draw_items(campaign, plan, [row for row in chunk if row.pk in pools])
    with transaction.atomic():
        created = store_items(campaign, draws)
        store_draws(campaign, created, pools)
        tasks = add_slots(campaign, plan, [draw.row.pk for draw in draws])
    return PlanSummary(len(created), tasks, len(chunk) - len(draws))


def _finish(
    campaign: Campaign, actor: User | None, plan: OverlapPlan, summary: PlanSummary
) -> None:
    share = _reserved_task_share(campaign)
    if not summary.tasks_added and share == campaign.reserved_task_share:
        return
    with transaction.atomic():
        QueueCursor.objects.filter(campaign=campaign).delete()
        campaign.reserved_task_share = share
        campaign.save(update_fields=["reserved_task_share"])
        record_event(
            actor=actor,
            verb=AuditVerb.PLANNED,
            object_type="campaign",
            object_id=campaign.pk,
            campaign=campaign,
            data={
                "plan": plan.number,
                "items": summary.items_added,
                "tasks": summary.tasks_added,
                "items_without_candidates": summary.items_without_candidates,
            },
        )


def _reserved_task_share(campaign: Campaign) -> float:
    tasks = Task.objects.filter(campaign=campaign, purpose=Purpose.PRODUCTION).aggregate(
        reserved=Count("pk", filter=Q(lane=Lane.RESERVED)), planned=Count("pk")
    )
    return float(tasks["reserved"] / tasks["planned"]) if tasks["planned"] else 0.0
