"""Tokens with which a person's programs use the API: made, shown once, revoked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from knox.models import AuthToken

from annotation_app.enums import AuditVerb
from annotation_app.exceptions import ConflictError, InvalidInputError, NotAllowedError
from annotation_app.models import TokenName, User
from annotation_app.models.api_tokens import LONGEST_TOKEN_NAME
from annotation_app.selectors.people.memberships import sees_results_anywhere
from annotation_app.services.audit.events import record_event

LIFETIMES = (7, 30, 90, 365)  # days
MOST_TOKENS = 20
SHOWN = 8  # characters by which a person tells their tokens apart


@dataclass(frozen=True, slots=True)
class FreshToken:
    """A new token: `text` is stored nowhere and cannot be shown again."""

    key: str
    text: str


def create_token(*, user: User, days: int, name: str = "") -> FreshToken:
    """Make a token that acts as this person on the API for some days.

    Args:
        user: the owner of the token.
        days: how long it lasts, one of `LIFETIMES`.
        name: what the person calls it; without one it is known by its first characters.

    Raises:
        NotAllowedError: if the person sees no results of any campaign.
        InvalidInputError: if the lifetime is not on offer or the name is too long.
        ConflictError: if the person has the most tokens already.
    """
    if not sees_results_anywhere(user):
        raise NotAllowedError(_("Tokens are for people who may see the results of a campaign."))
    if days not in LIFETIMES:
        raise InvalidInputError(_("Choose one of the lifetimes in the list."), field="days")
    name = " ".join(name.split())
    if len(name) > LONGEST_TOKEN_NAME:
        raise InvalidInputError(
            _("A name may have at most %(most)s characters.") % {"most": LONGEST_TOKEN_NAME},
            field="name",
        )
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two windows cannot pass the limit
        if AuthToken.objects.filter(user=user).count() >= MOST_TOKENS:
            raise ConflictError(_("You have as many tokens as you may have: revoke one first."))
        token, text = AuthToken.objects.create(user=user, expiry=timedelta(days=days))
        if name:
            TokenName.objects.create(token=token, name=name)
        _record(user, AuditVerb.CREATED, [token], {})
    return FreshToken(key=token.token_key[:SHOWN], text=text)


def token_name(token: AuthToken) -> str:
    """What its person calls a token; empty if they gave it no name."""
    naming: TokenName | None = getattr(token, "naming", None)
    return naming.name if naming else ""


def revoke_tokens(
    *, user: User, actor: User | None, digest: str | None = None, reason: str = ""
) -> int:
    """End one of a person's tokens, or all of them; returns how many were ended.

    Args:
        user: the owner of the tokens.
        actor: the person, an admin, or None for a command.
        digest: which one; None for all.
        reason: kept in the audit log.
    """
    with transaction.atomic():
        tokens = AuthToken.objects.select_for_update().filter(user=user)
        ended = list(tokens if digest is None else tokens.filter(digest=digest))
        _record(actor, AuditVerb.WITHDRAWN, ended, {"reason": reason} if reason else {})
        AuthToken.objects.filter(digest__in=[token.digest for token in ended]).delete()
    return len(ended)


def _record(
    actor: User | None, verb: AuditVerb, tokens: list[AuthToken], facts: Mapping[str, str]
) -> None:
    for token in tokens:
        record_event(
            actor=actor,
            verb=verb,
            object_type="api_token",
            object_id=token.token_key[:SHOWN],
            data={
                "user": token.user.pseudonym,
                "expires": token.expiry.isoformat() if token.expiry else None,
                "name": token_name(token),
                **facts,
            },
        )
