"""Browsers and addresses from which an account was signed in to before.

Being known lets no one in: it only sets apart whose wrong passwords count where.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from annotation_app.models import User
from annotation_app.web.people.sign_in.addresses import address_key, client_address

COOKIE = "known_device"
SALT = "annotation_app.known-device"
DAY = 24 * 3600
KEPT = 400 * DAY  # seconds; the longest that browsers keep a cookie
ADDRESS_KEPT = 90 * DAY
MOST_PEOPLE = 20  # of one browser


@dataclass(frozen=True, slots=True)
class Device:
    """A browser: its own random name, and the public ids of those who signed in with it."""

    name: str
    people: tuple[str, ...]


def login_key(login: str) -> str:
    """A typed user name or address, ignoring case, as a short key."""
    plain = unicodedata.normalize("NFKC", login).casefold().strip()
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()[:32]


def known_device(request: HttpRequest, login: str) -> str:
    """The name of a browser in which this account is or was signed in to; empty for another one."""
    wanted, user = login_key(login), getattr(request, "user", None)
    if isinstance(user, User) and wanted in {login_key(user.username), login_key(user.email)}:
        return f"session:{login_key(request.session.session_key or '')}"
    device = _read(request)
    if device is None:
        return ""
    people = User.objects.filter(public_id__in=device.people).values_list("username", "email")
    is_known = any(wanted in {login_key(name), login_key(email)} for name, email in people)
    return device.name if is_known else ""


def is_known_address(request: HttpRequest, login: str) -> bool:
    """Whether the account was signed in to from this address lately."""
    return bool(cache.get(_address_entry(request, login)))


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Know this browser and address from now on as the person's."""
    device = _read(request) or Device(secrets.token_urlsafe(16), ())
    own = str(user.public_id)
    people = [own, *(one for one in device.people if one != own)][:MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps([device.name, people], salt=SALT),
        max_age=KEPT,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    for login in filter(None, {user.username, user.email}):
        cache.set(_address_entry(request, login), 1, ADDRESS_KEPT)


def _read(request: HttpRequest) -> Device | None:
    try:
        name, people = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    return Device(name, tuple(people))


def _address_entry(request: HttpRequest, login: str) -> str:
    return f"known-address:{login_key(login)}:{address_key(client_address(request))}"
