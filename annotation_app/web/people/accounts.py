"""How accounts come to be, by invitation only, and how a request finds its person."""

import logging
import unicodedata
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.core import context as current
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from typing_extensions import override

from annotation_app.models import User
from annotation_app.selectors.campaigns.access import find_active_user
from annotation_app.services.people.tokens import revoke_tokens
from annotation_app.web.people.sign_in.addresses import client_address
from annotation_app.web.people.sign_in.devices import login_key, remember
from annotation_app.web.people.sign_in.limits import begin_try
from annotation_app.web.throttling import take

# Mail that whoever names an address can ask for; notices of changes are always sent.
ASKED_FOR = {
    f"account/email/{name}"
    for name in (
        "password_reset_key",
        "unknown_account",
        "account_already_exists",
        "email_confirmation",
        "email_confirmation_signup",
    )
}
MAILS, MAIL_SECONDS = 5, 60 * 60  # of a kind to one box, of all who ask for it without an account
logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Closes the public sign-up page, and keeps the limits of wrong passwords.

    Invitations have a separate page.
    """

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @override
    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    @override
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Do not count: `authenticate` does, with this project's limits."""

    @override
    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        # as names are stored: what counts as a name in the limits signs in as that name
        credentials |= {
            name: unicodedata.normalize("NFKC", str(credentials[name])).strip()
            for name in ("email", "username")
            if credentials.get(name)
        }
        login = str(credentials.get("email") or credentials.get("username") or "")
        attempt = begin_try(request, login)
        if attempt is None:
            raise self.validation_error("too_many_login_attempts")
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is None:
            attempt.fail()
        else:
            attempt.succeed()
        return user

    @override
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send the requested mail, unless the mailbox has reached its limit.

        The answer is the same either way: the links already in the mailbox work, and a refusal
        would let strangers lock a person out.
        """
        user = getattr(current.request, "user", None)
        asker = f"{user.pk}" if isinstance(user, User) else "stranger"
        box = f"mail:{template_prefix}:{login_key(email)}:{asker}"
        if template_prefix not in ASKED_FOR or take(box, most=MAILS, seconds=MAIL_SECONDS):
            super().send_mail(template_prefix, email, context)

    @override
    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the person of a change, at an address that no row was made for too.

        A mail server that refuses does not undo what was changed.
        """
        fallback = EmailAddress.objects.get_primary_email(user) or getattr(user, "email", "")
        try:
            super().send_notification_mail(template_prefix, user, context, email or fallback)
        except (OSError, SMTPException) as error:
            logger.warning("the mail server refused a notice: %s", type(error).__name__)

    @override
    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Change the password; tokens that were made with the old one's rights end with it."""
        super().set_password(user, password)
        if isinstance(user, User):
            revoke_tokens(user=user, actor=user, reason="password changed")

    @override
    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **facts: Any
    ) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **facts)
        if isinstance(user, User):
            remember(request, response, user)
        return response


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
    """The sign-in page's: user name or email address, rate limits, second factors."""
