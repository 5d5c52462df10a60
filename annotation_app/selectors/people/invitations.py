"""Open invitations."""

import hashlib
from datetime import datetime

from django.db.models import QuerySet

from annotation_app.models import Campaign, Invitation
from annotation_app.policies import can_administer_campaign


def find_invitation(*, token: str, now: datetime) -> Invitation | None:
    """The open invitation of a token.

    None if it is unknown, used, revoked or expired, or if its sender is no longer an admin.
    """
    found = (
        Invitation.objects.select_related("campaign__collection", "invited_by")
        .filter(accepted_at=None, revoked_at=None, expires_at__gt=now)
        .filter(token_sha256=hash_token(token))
        .first()
    )
    return found if found is not None and stands(found) else None


def open_invitations(campaign: Campaign, *, now: datetime) -> QuerySet[Invitation]:
    """Invitations that can be accepted now."""
    return Invitation.objects.filter(
        campaign=campaign, accepted_at=None, revoked_at=None, expires_at__gt=now
    )


def stands(invitation: Invitation) -> bool:
    """Whether its sender may still let people in: an invitation does not outlive that."""
    return can_administer_campaign(invitation.invited_by, invitation.campaign)


def hash_token(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
