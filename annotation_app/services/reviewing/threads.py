"""Discussing items: questions and answers, each with the work that it belongs to."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import (
    CampaignItem,
    Criterion,
    Lease,
    Rating,
    Thread,
    ThreadMessage,
    ThreadRead,
    User,
)
from annotation_app.selectors.reviewing.threads import WITHOUT_TALK, own_rating
from annotation_app.services.audit.events import record_event
from annotation_app.services.rating.statements import lock_item

LONGEST = 4000


def open_thread(*, campaign_item: CampaignItem, now: datetime) -> Thread:
    """The item's thread, created if there is no discussion of the item yet."""
    return _thread(campaign_item.pk, campaign_item.campaign_id, now)


def say_as_annotator(
    *, lease: Lease, text: str, now: datetime, criterion: Criterion | None = None
) -> ThreadMessage:
    """Post a message about an item being rated or rated; `criterion` is its topic.

    Before rating it is a question to the campaign's staff only; afterwards it closes the rating,
    because a rating that was discussed must not change.

    Raises:
        InvalidInputError: if the text is empty or too long, or the criterion is another rubric's.
        ConflictError: if the work has separate pages, or is neither leased nor rated.
    """
    text = _checked(text)
    if criterion is not None and criterion.dimension.rubric_id != lease.task.rubric_id:
        raise InvalidInputError(_("This criterion is not part of this campaign's rubric."))
    if lease.task.purpose in WITHOUT_TALK:
        raise ConflictError(_("This item has no discussion."))
    with transaction.atomic():
        lock_item(lease.task.campaign_item_id)
        rating = own_rating(lease)
        if rating is None and lease.ended_at is not None:
            raise ConflictError(_("This item is no longer assigned to you."))
        if rating is not None:
            Rating.objects.filter(pk=rating.pk, closed_at=None).update(closed_at=now)
        message = _add(
            thread=_thread(lease.task.campaign_item_id, lease.task.campaign_id, now),
            author=lease.annotator,
            lease=lease,
            text=text,
            now=now,
        )
        message.before_rating, message.criterion = rating is None, criterion
        message.save(update_fields=["before_rating", "criterion"])
        _record(message)
    return message


def answer_thread(
    *, actor: User, thread: Thread, text: str, lease: Lease | None, now: datetime
) -> ThreadMessage:
    """Answer as one of the campaign's staff.

    Args:
        actor: who answers.
        thread: about which item.
        text: what to say.
        lease: the lease of the question it answers: then only its annotator reads it (and others if
            the campaign shows others' messages); None addresses everyone whose rating is closed.
        now: the current time.

    Raises:
        InvalidInputError: if the text is empty or too long, or the lease is of another item.
    """
    text = _checked(text)
    if lease is not None and lease.task.campaign_item_id != thread.campaign_item_id:
        raise InvalidInputError(_("This question is about another item."))
    with transaction.atomic():
        message = _add(thread=thread, author=actor, lease=lease, text=text, now=now)
        # an answer to a question from before the rating stays between the two
        message.from_staff = True
        message.before_rating = lease is not None and own_rating(lease) is None
        message.save(update_fields=["from_staff", "before_rating"])
        _record(message)
    return message


def settle_thread(*, actor: User, thread: Thread, now: datetime) -> None:
    """Record that no question is left to answer; a new message opens the thread again."""
    with transaction.atomic():
        Thread.objects.filter(pk=thread.pk).update(settled_at=now)
        record_event(
            actor=actor,
            verb=AuditVerb.CHANGED,
            object_type="thread",
            object_id=thread.public_id,
            campaign=thread.campaign,
            data={"settled": True},
        )


def mark_read(*, user: User, campaign_item: int, newest: int) -> None:
    """Remember how far a person has read."""
    thread = Thread.objects.filter(campaign_item=campaign_item).first()
    if thread is not None and newest:
        ThreadRead.objects.update_or_create(
            thread=thread, user=user, defaults={"message_id": newest}
        )


def _checked(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise InvalidInputError(_("Write 1 to 4000 characters."))
    return text


def _thread(campaign_item: int, campaign: int, now: datetime) -> Thread:
    thread, _is_new = Thread.objects.get_or_create(
        campaign_item_id=campaign_item,
        defaults={"campaign_id": campaign, "last_message_at": now},
    )
    return thread


def _add(
    *, thread: Thread, author: User, lease: Lease | None, text: str, now: datetime
) -> ThreadMessage:
    Thread.objects.filter(pk=thread.pk).update(last_message_at=now, settled_at=None)
    return ThreadMessage.objects.create(
        thread=thread, author=author, lease=lease, from_staff=False, body=text, created_at=now
    )


def _record(message: ThreadMessage) -> None:
    record_event(
        actor=message.author,
        verb=AuditVerb.CREATED,
        object_type="thread_message",
        object_id=message.pk,
        campaign=message.thread.campaign,
        data={"from_staff": message.from_staff, "before_rating": message.before_rating},
    )
