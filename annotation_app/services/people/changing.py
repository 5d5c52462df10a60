"""Changing members: role, team, targets, and leaving; what every such change checks and records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, MembershipStatus, Role
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Campaign, Membership, User
from annotation_app.selectors.people.memberships import sees_results_anywhere
from annotation_app.services.audit.events import record_event
from annotation_app.services.people.invitations import revoke_invitations
from annotation_app.services.people.leaving import stop_jobs_of
from annotation_app.services.people.members import LONGEST_TEAM, set_member_status
from annotation_app.services.people.tokens import revoke_tokens

MOST_A_DAY = 100_000


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What a member may be given."""

    role: Role
    team: str
    daily_target: int
    daily_cap: int | None


def change_member(*, actor: User, membership: Membership, change: MemberChange) -> Membership:
    """Change a member's role, team and daily figures; the audit log keeps what they were.

    Raises:
        InvalidInputError: if a figure is out of bounds or the cap is below the target.
        ConflictError: if it removes the last admin, or the person already has the new role.
    """
    _check(change)
    with transaction.atomic():
        locked = lock_member(membership)
        if change.role != Role.ADMIN:
            keep_an_admin(locked)
        others = Membership.objects.filter(campaign=locked.campaign_id, user=locked.user_id)
        if others.filter(role=change.role).exclude(pk=locked.pk).exists():
            raise ConflictError(_("This person already has that role here."))
        wanted = {
            "role": change.role.value,
            "team": change.team.strip(),
            "daily_target": change.daily_target,
            "daily_cap": change.daily_cap,
        }
        changed = {
            name: [getattr(locked, name), value]
            for name, value in wanted.items()
            if getattr(locked, name) != value
        }
        for name, value in wanted.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(wanted))
        if changed:
            record_change(actor, AuditVerb.CHANGED, locked, changed)
        if "role" in changed:
            stop_jobs_of(user=locked.user, campaign=locked.campaign, actor=actor)
        _end_idle_tokens(actor, locked.user)
    return locked


def end_membership(*, actor: User, membership: Membership, reason: str, now: datetime) -> None:
    """Take a member out of the campaign; their ratings stay.

    Their open invitations close, and their unfinished jobs are cancelled.

    Raises:
        InvalidInputError: without a reason.
        ConflictError: if they are the last admin.
    """
    check_reason(reason)
    with transaction.atomic():
        locked = lock_member(membership)
        keep_an_admin(locked)
        record_change(actor, AuditVerb.CHANGED, locked, {"left": True, "reason": reason.strip()})
        revoke_invitations(membership=locked, now=now)
        set_member_status(actor=actor, membership=locked, status=MembershipStatus.LEFT)
        stop_jobs_of(user=locked.user, campaign=locked.campaign, actor=actor)
        _end_idle_tokens(actor, locked.user)


def _end_idle_tokens(actor: User, user: User) -> None:
    """End the API tokens of those who may see no results any more, so that none wakes up later."""
    if not sees_results_anywhere(user):
        revoke_tokens(user=user, actor=actor, reason="no results to see any more")


def _check(change: MemberChange) -> None:
    if len(change.team.strip()) > LONGEST_TEAM:
        raise InvalidInputError(_("The name of a team may have at most 100 characters."))
    if not 1 <= change.daily_target <= MOST_A_DAY:
        raise InvalidInputError(_("The daily target must be at least one item."))
    if change.daily_cap is not None and not change.daily_target <= change.daily_cap <= MOST_A_DAY:
        raise InvalidInputError(_("The daily cap cannot be lower than the daily target."))


def check_reason(reason: str) -> None:
    """Raise InvalidInputError without a reason."""
    if not reason.strip():
        raise InvalidInputError(
            _("Give a reason: it is shown to the person and kept in the audit log.")
        )


def lock_member(membership: Membership) -> Membership:
    """Lock the campaign, so that two last admins cannot leave at once, then the member."""
    Campaign.objects.select_for_update(no_key=True).get(pk=membership.campaign_id)
    members = Membership.objects.select_for_update(no_key=True, of=("self",))
    return members.select_related("user", "campaign").get(pk=membership.pk)


def keep_an_admin(membership: Membership) -> None:
    """Raise ConflictError if the campaign would lose its last active admin."""
    if membership.role != Role.ADMIN or membership.status != MembershipStatus.ACTIVE:
        return
    others = Membership.objects.filter(
        campaign=membership.campaign_id, role=Role.ADMIN, status=MembershipStatus.ACTIVE
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise ConflictError(_("This is the last admin: make someone else an admin first."))


def record_change(
    actor: User, verb: AuditVerb, membership: Membership, data: Mapping[str, object]
) -> None:
    """Write a change of a member into the audit log."""
    record_event(
        actor=actor,
        verb=verb,
        object_type="membership",
        object_id=membership.pk,
        campaign=membership.campaign,
        data={"user": membership.user.pseudonym, **data},
    )
