"""Members of a campaign: adding, pausing and resuming them."""

from django.db import transaction

from annotation_app.enums import AuditVerb, MembershipStatus, Role
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Campaign, Membership, User
from annotation_app.services.audit.events import record_event

LONGEST_TEAM = 100


def add_member(
    *,
    actor: User | None,
    campaign: Campaign,
    user: User,
    role: Role,
    team: str = "",
    daily_target: int = 120,
) -> Membership:
    """Give a person a role in a campaign; an existing membership is kept and made active.

    Raises:
        InvalidInputError: if the team's name is too long or the daily target is below 1.
    """
    if len(team) > LONGEST_TEAM or daily_target < 1:
        raise InvalidInputError("Use a short team name and a daily target of at least one item.")
    with transaction.atomic():
        membership, is_new = Membership.objects.get_or_create(
            campaign=campaign,
            user=user,
            role=role,
            defaults={"team": team, "daily_target": daily_target},
        )
        if not is_new and membership.status == MembershipStatus.ACTIVE:
            return membership
        if not is_new:
            membership.status = MembershipStatus.ACTIVE
            membership.save(update_fields=["status"])
        record_event(
            actor=actor,
            verb=AuditVerb.CREATED if is_new else AuditVerb.RESUMED,
            object_type="membership",
            object_id=membership.pk,
            campaign=campaign,
            data={"user": user.pseudonym, "role": role.value},
        )
    return membership


def set_member_status(
    *, actor: User | None, membership: Membership, status: MembershipStatus
) -> Membership:
    """Pause, resume or remove a member; their ratings stay."""
    with transaction.atomic():
        membership.status = status
        membership.save(update_fields=["status"])
        record_event(
            actor=actor,
            verb=AuditVerb.RESUMED if status == MembershipStatus.ACTIVE else AuditVerb.PAUSED,
            object_type="membership",
            object_id=membership.pk,
            campaign=membership.campaign,
            data={"status": status.value},
        )
    return membership
