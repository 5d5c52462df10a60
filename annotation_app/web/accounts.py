"""How accounts come to be, by invitation only, and how a request finds its person."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from typing_extensions import override

from annotation_app.models import User
from annotation_app.selectors.access import find_active_user


class InviteOnlyAccountAdapter(DefaultAccountAdapter):
    """Closes the public sign-up page; invitations have their own."""

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class PlainReading:
    """Reads the person of a session by a plain statement.

    Every request does; building that query costs more than the database's answer.
    """

    def get_user(self, user_id: int) -> User | None:
        """The person of that id, unless their account is closed."""
        return find_active_user(user_id)


class PasswordBackend(PlainReading, ModelBackend):
    """Django's own: user name and password."""


class AccountBackend(PlainReading, AuthenticationBackend):
    """The sign-in page's: user name or e-mail address, rate limits, second factors."""
