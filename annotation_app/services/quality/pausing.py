"""Pausing, resuming and retraining annotators."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import (
    AlertKind,
    AuditVerb,
    MembershipStatus,
    NoteKind,
    PauseReason,
)
from annotation_app.exceptions import ConflictError
from annotation_app.models import (
    AnnotatorStatus,
    Lease,
    Membership,
    User,
)
from annotation_app.services.alerts.lifecycle import raise_alert, resolve_alert
from annotation_app.services.audit.events import record_event
from annotation_app.services.people.members import set_member_status
from annotation_app.services.quality.notes import write_note
from annotation_app.services.quality.rerating import DOUBTED, rerate_recent
from annotation_app.services.queue.leases import release_lease


@dataclass(frozen=True)
class Evidence:
    """What a rule has found.

    Attributes:
        facts: for the audit log.
        since: work before that moment is not in doubt; None: all recent work is.
    """

    facts: Mapping[str, Any]
    since: datetime | None = None


def pause_annotator(
    *,
    actor: User | None,
    membership: Membership,
    reason: PauseReason,
    now: datetime,
    text: str = "",
    evidence: Evidence | None = None,
) -> bool:
    """Pause an annotator; if the reason casts doubt on it, recent work is rated again.

    Args:
        actor: who pauses, None for a rule.
        membership: the one to pause.
        reason: why.
        now: the current time.
        text: a person's own words.
        evidence: what a rule has found.

    Returns:
        False if they were not active.
    """
    with transaction.atomic():
        locked = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
        if locked.status != MembershipStatus.ACTIVE:
            return False
        _mark_paused(locked, reason, text.strip(), now)
        facts = evidence.facts if evidence else {}
        record_event(
            actor=actor,
            verb=AuditVerb.PAUSED,
            object_type="annotator",
            object_id=locked.user_id,
            campaign=locked.campaign,
            data={"reason": reason.value, "text": text.strip(), **facts},
        )
        set_member_status(actor=actor, membership=locked, status=MembershipStatus.PAUSED)
        if reason in DOUBTED:
            rerate_recent(
                actor=actor,
                membership=locked,
                since=evidence.since if evidence else None,
                now=now,
            )
        _give_back_untouched(locked, now)  # after the items: submits lock item, then task
    return True


def _mark_paused(membership: Membership, reason: PauseReason, text: str, now: datetime) -> None:
    AnnotatorStatus.objects.update_or_create(
        membership=membership,
        defaults={"pause_reason": reason, "pause_text": text, "paused_at": now},
    )
    raise_alert(
        campaign=membership.campaign,
        kind=AlertKind.ANNOTATOR_PAUSED,
        now=now,
        subject=str(membership.user_id),
        arguments={"annotator": membership.user.pseudonym, "reason": str(reason.label)},
    )


def _give_back_untouched(membership: Membership, now: datetime) -> None:
    """Let others have what was only fetched ahead; what is begun may still be submitted."""
    held = Lease.objects.filter(
        annotator=membership.user_id,
        task__campaign=membership.campaign_id,
        ended_at=None,
        draft={},
    )
    for lease in held.select_related("task").order_by("task"):
        with suppress(ConflictError):  # submitted at this very moment
            release_lease(lease=lease, now=now)


def resume_annotator(*, actor: User, membership: Membership, now: datetime) -> None:
    """Let a paused annotator work again; the sequential tests restart.

    Raises:
        ConflictError: if they are not paused.
    """
    with transaction.atomic():
        locked = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
        if locked.status != MembershipStatus.PAUSED:
            raise ConflictError(_("This annotator is not paused."))
        AnnotatorStatus.objects.update_or_create(
            membership=locked,
            defaults={
                "pause_reason": "",
                "pause_text": "",
                "paused_at": None,
                "tests_since": now,
            },
        )
        set_member_status(actor=actor, membership=locked, status=MembershipStatus.ACTIVE)
        write_note(actor=actor, membership=locked, kind=NoteKind.RESUMED, now=now)
        resolve_alert(
            campaign=locked.campaign,
            kind=AlertKind.ANNOTATOR_PAUSED,
            now=now,
            subject=str(locked.user_id),
        )


def retrain_annotator(*, actor: User, membership: Membership, now: datetime) -> None:
    """Ask an annotator to be trained and tested again; a paused one may enter for that."""
    with transaction.atomic():
        if membership.status == MembershipStatus.PAUSED:
            resume_annotator(actor=actor, membership=membership, now=now)
        AnnotatorStatus.objects.update_or_create(
            membership=membership, defaults={"calibrate_since": now, "tests_since": now}
        )
        write_note(actor=actor, membership=membership, kind=NoteKind.RETRAIN, now=now)
        record_event(
            actor=actor,
            verb=AuditVerb.CHANGED,
            object_type="annotator",
            object_id=membership.user_id,
            campaign=membership.campaign,
            data={"retrain": True},
        )
