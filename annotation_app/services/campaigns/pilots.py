"""Starting a pilot, letting late annotators join it, and going on to production."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, Design, MembershipStatus, Purpose, Role
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import (
    Campaign,
    CampaignItem,
    Item,
    Job,
    Membership,
    Pilot,
    Task,
    User,
)
from annotation_app.services.audit.events import record_event
from annotation_app.services.campaigns.creation import set_overlap_plan
from annotation_app.services.campaigns.pilot_items import keep_pilot_apart
from annotation_app.services.campaigns.plan_jobs import request_plan
from annotation_app.services.queue.drawing import ItemRow, draw_items, load_pools
from annotation_app.services.queue.slots import store_draws, store_items

MOST_ITEMS = 200
FEWEST_ANNOTATORS = 2


def start_pilot(*, actor: User, campaign: Campaign, count: int, now: datetime) -> Pilot:
    """Draw items that no one has seen and assign each to every annotator.

    Raises:
        InvalidInputError: if the number is out of bounds or too few items are left.
        ConflictError: if the campaign had its pilot, or has fewer than two annotators.
    """
    if not 1 <= count <= MOST_ITEMS:
        raise InvalidInputError(_("A pilot must have 1 to 200 items."))
    with transaction.atomic():
        locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        if Pilot.objects.filter(campaign=locked).exists():
            raise ConflictError(_("This campaign has already had its pilot."))
        if len(_annotators(locked)) < FEWEST_ANNOTATORS:
            raise ConflictError(
                _("A pilot compares annotators: wait until at least two have joined.")
            )
        items = _draw(locked, count, actor)
        pilot = Pilot.objects.create(campaign=locked, started_at=now, started_by=actor)
        pilot.items.set(items)
        slots = _add_slots(pilot, items)
        closed = keep_pilot_apart(campaign=locked)
        record_event(
            actor=actor,
            verb=AuditVerb.PLANNED,
            object_type="pilot",
            object_id=pilot.pk,
            campaign=locked,
            data={"items": count, "slots": slots, "production_slots_closed": closed},
        )
    return pilot


def extend_pilot(*, actor: User, pilot: Pilot) -> int:
    """Give the pilot's items to annotators who joined since; return how many slots were added.

    Raises:
        ConflictError: if the pilot is over.
    """
    with transaction.atomic():
        fresh = Pilot.objects.select_for_update(of=("self",)).get(pk=pilot.pk)
        if fresh.promoted_at is not None:
            raise ConflictError(_("The pilot is over."))
        slots = _add_slots(fresh, list(fresh.items.order_by("pk")))
        if slots:
            record_event(
                actor=actor,
                verb=AuditVerb.PLANNED,
                object_type="pilot",
                object_id=fresh.pk,
                campaign=fresh.campaign,
                data={"slots": slots},
            )
    return slots


def promote_pilot(*, actor: User, pilot: Pilot, now: datetime) -> Job:
    """End the pilot and plan production; the pilot's ratings and items remain separate from it.

    Raises:
        ConflictError: if that happened already.
    """
    with transaction.atomic():
        fresh = Pilot.objects.select_for_update(of=("self",)).get(pk=pilot.pk)
        if fresh.promoted_at is not None:
            raise ConflictError(_("The campaign has already moved on to production."))
        fresh.promoted_at, fresh.promoted_by = now, actor
        fresh.save(update_fields=["promoted_at", "promoted_by"])
        record_event(
            actor=actor,
            verb=AuditVerb.PROMOTED,
            object_type="pilot",
            object_id=fresh.pk,
            campaign=fresh.campaign,
            data={"to": "production"},
        )
        return request_plan(campaign=Campaign.objects.get(pk=fresh.campaign_id), actor=actor)


def _annotators(campaign: Campaign) -> list[User]:
    members = Membership.objects.filter(
        campaign=campaign, role=Role.ANNOTATOR, status=MembershipStatus.ACTIVE
    )
    return [member.user for member in members.select_related("user").order_by("user_id")]


def _draw(campaign: Campaign, count: int, actor: User) -> list[CampaignItem]:
    """Items in an order that depends only on the seed, without those that someone has seen."""
    met = CampaignItem.objects.filter(campaign=campaign, tasks__leases__isnull=False)
    gold = CampaignItem.objects.filter(campaign=campaign, gold_item__isnull=False)
    free = (
        Item.objects.filter(collection=campaign.collection_id, withdrawn_at=None)
        .filter(candidates__isnull=False)
        .exclude(pk__in=met.values("item"))
        .exclude(pk__in=gold.values("item"))
        .distinct()
    )
    rows = [ItemRow(*row) for row in free.values_list("pk", "external_id", "category")]
    if len(rows) < count:
        raise InvalidInputError(_("Only %(n)d unused items are left.") % {"n": len(rows)})
    rows.sort(key=lambda row: _place(campaign.seed, row.external_id))
    plan = campaign.overlap_plans.order_by("-number").first()
    plan = plan or set_overlap_plan(actor=actor, campaign=campaign)
    draws = draw_items(campaign, plan, rows[:count])
    created = store_items(campaign, draws)
    store_draws(campaign, created, load_pools([row.pk for row in rows[:count]]))
    chosen = CampaignItem.objects.filter(campaign=campaign, item__in=[r.pk for r in rows[:count]])
    return list(chosen.order_by("pk"))


def _place(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}:pilot:{name}".encode()).digest()


def _add_slots(pilot: Pilot, items: list[CampaignItem]) -> int:
    campaign = pilot.campaign
    guideline = campaign.guideline
    if guideline is None:
        raise InvalidInputError(
            _("Publish a guideline first: every task is tied to a guideline version.")
        )
    slots = Task.objects.filter(campaign=campaign, purpose=Purpose.PILOT)
    taken = set(slots.values_list("campaign_item", "assigned_to"))
    highest = dict(slots.values_list("campaign_item").annotate(Max("ordinal")))
    fresh = []
    for item in items:
        ordinal = highest.get(item.pk, 0)
        for annotator in _annotators(campaign):
            if (item.pk, annotator.pk) in taken:
                continue
            ordinal += 1
            fresh.append(
                Task(
                    campaign=campaign,
                    campaign_item=item,
                    purpose=Purpose.PILOT,
                    ordinal=ordinal,
                    rubric_id=campaign.rubric_id,
                    guideline=guideline,
                    design=Design.RANDOM,
                    assigned_to=annotator,
                )
            )
    Task.objects.bulk_create(fresh)
    return len(fresh)
