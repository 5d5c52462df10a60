"""Placeholder accounts for annotators of imported ratings: pseudonyms that cannot sign in."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.hashers import make_password

from annotation_app.models import Campaign, ImportedAnnotator, User


def hashed_name(campaign: Campaign, name: str) -> str:
    """The keyed hash under which a file's name of an annotator is known in a campaign."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"{campaign.pk}:{name}".encode(), hashlib.sha256).hexdigest()


def placeholders(campaign: Campaign, names: Iterable[str]) -> dict[str, int]:
    """The placeholder account of every name, made where there is none; by name.

    They are inactive, have no password, no membership and no address; the names themselves are
    not stored.
    """
    by_hash = {hashed_name(campaign, name): name for name in sorted(set(names))}
    known = dict(
        ImportedAnnotator.objects.filter(
            campaign=campaign, name_hmac__in=list(by_hash)
        ).values_list("name_hmac", "user_id")
    )
    missing = [one for one in by_hash if one not in known]
    users = User.objects.bulk_create(
        User(
            username=f"imported-{secrets.token_hex(8)}",
            password=make_password(None),
            is_active=False,
            is_simulated=campaign.collection.is_simulated,
        )
        for _ in missing
    )
    ImportedAnnotator.objects.bulk_create(
        ImportedAnnotator(campaign=campaign, name_hmac=one, user=user)
        for one, user in zip(missing, users, strict=True)
    )
    known |= {one: user.pk for one, user in zip(missing, users, strict=True)}
    return {name: known[one] for one, name in by_hash.items()}
