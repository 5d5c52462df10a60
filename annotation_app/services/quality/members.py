"""Pausing and resuming members: annotators by the rules of quality, others by status."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, MembershipStatus, PauseReason, Role
from annotation_app.exceptions import ConflictError
from annotation_app.models import Membership, User
from annotation_app.services.people.changing import (
    check_reason,
    keep_an_admin,
    lock_member,
    record_change,
)
from annotation_app.services.people.members import set_member_status
from annotation_app.services.quality.pausing import pause_annotator, resume_annotator


def pause_member(*, actor: User, membership: Membership, reason: str, now: datetime) -> None:
    """Keep a member from working for a while.

    Raises:
        InvalidInputError: without a reason.
        ConflictError: if they are the last admin, or not active.
    """
    check_reason(reason)
    with transaction.atomic():
        locked = lock_member(membership)
        keep_an_admin(locked)
        if locked.status != MembershipStatus.ACTIVE:
            raise ConflictError(_("This member is not active."))
        if locked.role == Role.ANNOTATOR:
            pause_annotator(
                actor=actor, membership=locked, reason=PauseReason.PERSON, now=now, text=reason
            )
            return
        record_change(actor, AuditVerb.PAUSED, locked, {"reason": reason.strip()})
        set_member_status(actor=actor, membership=locked, status=MembershipStatus.PAUSED)


def resume_member(*, actor: User, membership: Membership, now: datetime) -> None:
    """Let a paused member, or one who had left, work again.

    Raises:
        ConflictError: if they are active.
    """
    with transaction.atomic():
        locked = lock_member(membership)
        if locked.status == MembershipStatus.ACTIVE:
            raise ConflictError(_("This member is already active."))
        if locked.role == Role.ANNOTATOR and locked.status == MembershipStatus.PAUSED:
            resume_annotator(actor=actor, membership=locked, now=now)
            return
        set_member_status(actor=actor, membership=locked, status=MembershipStatus.ACTIVE)
