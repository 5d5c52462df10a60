"""Settling flags: no action, the item withdrawn, or a message about it in the discussion."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, FlagKind, FlagOutcome, WithdrawalGround
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import (
    Campaign,
    CampaignItem,
    Flag,
    Item,
    Lease,
    User,
)
from annotation_app.services.audit.events import record_event
from annotation_app.services.collections.withdrawal import withdraw_item
from annotation_app.services.reviewing.threads import answer_thread, open_thread

LONGEST_WORD = 500
GROUNDS = {FlagKind.PERSONAL_DATA: WithdrawalGround.PRIVACY}  # every other kind is a defect


def settle_flag(
    *,
    actor: User,
    campaign: Campaign,
    flag: Flag,
    outcome: FlagOutcome,
    text: str,
    now: datetime,
) -> Flag:
    """Settle a flag and every open flag of its kind on the same item.

    Raises:
        InvalidInputError: if a withdrawal or a word for the discussion has no text.
        ConflictError: if it is settled already.
    """
    text = text.strip()
    if len(text) > LONGEST_WORD or (outcome != FlagOutcome.RESOLVED and not text):
        raise InvalidInputError(_("Give a reason of at most 500 characters."))
    with transaction.atomic():
        item = Item.objects.select_for_update(no_key=True).get(pk=flag.item_id)
        fresh = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        if fresh.resolved_at is not None:
            raise ConflictError(_("Someone has settled this flag in the meantime."))
        if outcome == FlagOutcome.WITHDRAWN:
            _withdraw(actor, campaign, fresh, item, text, now)
        if outcome == FlagOutcome.DISCUSSED:
            _discuss(actor, campaign, fresh, text, now)
        Flag.objects.filter(item=item, kind=fresh.kind, resolved_at=None).update(
            resolved_at=now, resolved_by=actor, outcome=outcome, resolution=text
        )
        record_event(
            actor=actor,
            verb=AuditVerb.CHANGED,
            object_type="item",
            object_id=item.pk,
            campaign=campaign,
            data={"flag": fresh.kind, "outcome": outcome.value, "text": text},
        )
        fresh.refresh_from_db()
    return fresh


def _discuss(actor: User, campaign: Campaign, flag: Flag, text: str, now: datetime) -> None:
    """Post the message in the item's thread, where the person who flagged it can answer."""
    campaign_item = CampaignItem.objects.get(campaign=campaign, item=flag.item_id)
    # another campaign over the same collection may have flagged the item
    own = Lease.objects.filter(task__campaign=campaign)
    answer_thread(
        actor=actor,
        thread=open_thread(campaign_item=campaign_item, now=now),
        text=text,
        lease=own.filter(task=flag.task_id, annotator=flag.annotator_id).first(),
        now=now,
    )


def _withdraw(
    actor: User, campaign: Campaign, flag: Flag, item: Item, text: str, now: datetime
) -> None:
    """Withdraw the flagged item, unless it is withdrawn already."""
    if item.withdrawn_at is None:
        withdraw_item(
            item=item,
            ground=GROUNDS.get(FlagKind(flag.kind), WithdrawalGround.DEFECT),
            reason=text,
            actor=actor,
            now=now,
            campaign=campaign,
        )
