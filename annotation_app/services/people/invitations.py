"""Invitations: a door into a campaign for one address, open once and for two weeks."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, MembershipStatus, Role
from annotation_app.exceptions import ConflictError, InvalidInputError, NotAllowedError
from annotation_app.models import Campaign, Invitation, Membership, User
from annotation_app.selectors.people.addresses import holders, may_be_theirs
from annotation_app.selectors.people.invitations import hash_token, open_invitations, stands
from annotation_app.services.audit.events import record_event
from annotation_app.services.people.addresses import confirm_address
from annotation_app.services.people.members import LONGEST_TEAM, add_member

LIFETIME = timedelta(days=14)
TOKEN_BYTES = 32
MOST_OPEN = 500  # open invitations of a campaign


@dataclass(frozen=True, slots=True)
class FreshInvitation:
    """An invitation with its token, which is known here only."""

    invitation: Invitation
    token: str


def invite(
    *, actor: User, campaign: Campaign, email: str, role: Role, team: str = "", now: datetime
) -> FreshInvitation:
    """Invite an address; an open invitation of the same address and role is replaced.

    Raises:
        InvalidInputError: if the address or the team's name is malformed.
        ConflictError: if the person has this role here, or too many invitations are open.
    """
    email = email.strip().lower()
    _check(email, team)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        if _holds_role(campaign, email, role):
            raise ConflictError(_("%(email)s already has this role here.") % {"email": email})
        waiting = open_invitations(campaign, now=now)
        waiting.filter(email=email, role=role).update(revoked_at=now)
        if waiting.count() >= MOST_OPEN:
            raise ConflictError(_("Too many invitations are open: revoke some first."))
        invitation = Invitation.objects.create(
            campaign=campaign,
            email=email,
            role=role,
            team=team.strip(),
            token_sha256=hash_token(token),
            invited_by=actor,
            expires_at=now + LIFETIME,
        )
        _record(actor, AuditVerb.INVITED, invitation)
    return FreshInvitation(invitation, token)


def resend_invitation(*, actor: User, invitation: Invitation, now: datetime) -> FreshInvitation:
    """Give an invitation a new token and two more weeks; the old link closes.

    Raises:
        ConflictError: if it was accepted or revoked.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        fresh = _lock_waiting(invitation)
        fresh.token_sha256, fresh.expires_at = hash_token(token), now + LIFETIME
        fresh.invited_by = actor  # who answers for it from now on
        fresh.save(update_fields=["token_sha256", "expires_at", "invited_by"])
        _record(actor, AuditVerb.INVITED, fresh)
    return FreshInvitation(fresh, token)


def revoke_invitation(*, actor: User, invitation: Invitation, now: datetime) -> None:
    """Close an invitation.

    Raises:
        ConflictError: if it was accepted or revoked.
    """
    with transaction.atomic():
        fresh = _lock_waiting(invitation)
        fresh.revoked_at = now
        fresh.save(update_fields=["revoked_at"])
        _record(actor, AuditVerb.CANCELLED, fresh)


def revoke_invitations(*, membership: Membership, now: datetime) -> int:
    """Close what is open for a member who leaves, so that no old link lets them in again."""
    waiting = open_invitations(membership.campaign, now=now).filter(
        email=membership.user.email.strip().lower(), role=membership.role
    )
    return waiting.update(revoked_at=now)


def accept_invitation(*, invitation: Invitation, user: User, now: datetime) -> Membership:
    """Give the invited person their role, once; the link confirms the address it was sent to.

    Raises:
        NotAllowedError: if the account does not name the invited address, or another account has
            confirmed it.
        ConflictError: if the invitation is used, revoked or expired, or the person is paused.
    """
    with transaction.atomic():
        # changes of members lock the campaign first too
        Campaign.objects.select_for_update(no_key=True).get(pk=invitation.campaign_id)
        fresh = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if fresh.accepted_at or fresh.revoked_at or fresh.expires_at <= now or not stands(fresh):
            raise ConflictError(_("This invitation is no longer open. Ask for a new one."))
        if not may_be_theirs(user, fresh.email):
            raise NotAllowedError(_("This invitation was sent to another address."))
        if _is_paused(fresh, user):
            raise ConflictError(
                _("Your work in this campaign is paused. Only its admins can resume it.")
            )
        membership = add_member(
            actor=user,
            campaign=fresh.campaign,
            user=user,
            role=Role(fresh.role),
            team=fresh.team,
        )
        confirm_address(user=user, email=fresh.email)
        fresh.accepted_at, fresh.accepted_by = now, user
        fresh.save(update_fields=["accepted_at", "accepted_by"])
    return membership


def _check(email: str, team: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInputError(_("This is not an email address.")) from error
    if len(team.strip()) > LONGEST_TEAM:
        raise InvalidInputError(_("The name of a team may have at most 100 characters."))


def _holds_role(campaign: Campaign, email: str, role: Role) -> bool:
    held = Membership.objects.filter(campaign=campaign, user__in=holders(email), role=role)
    return held.exclude(status=MembershipStatus.LEFT).exists()


def _is_paused(invitation: Invitation, user: User) -> bool:
    """Whether the person has the role and is paused: an invitation does not end a pause."""
    members = Membership.objects.select_for_update(no_key=True).filter(
        campaign=invitation.campaign_id, user=user, role=invitation.role
    )
    return any(member.status == MembershipStatus.PAUSED for member in members)


def _lock_waiting(invitation: Invitation) -> Invitation:
    fresh = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if fresh.accepted_at or fresh.revoked_at:
        raise ConflictError(_("This invitation has already been accepted or revoked."))
    return fresh


def _record(actor: User, verb: AuditVerb, invitation: Invitation) -> None:
    record_event(
        actor=actor,
        verb=verb,
        object_type="invitation",
        object_id=invitation.pk,
        campaign=invitation.campaign,
        data={"role": invitation.role},
    )
