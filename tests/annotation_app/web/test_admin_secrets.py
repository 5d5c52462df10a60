"""Every page of Django's own admin, searched for secrets that were planted."""

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from knox.models import AuthToken

from annotation_app.admin import ReadOnlyAdmin, site
from annotation_app.enums import Role
from annotation_app.models import User
from annotation_app.services.people.invitations import invite
from tests.factories.rated import rate_next
from tests.factories.world import PASSWORD, make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db
PLANTED = {"secret": "TOTPSEEDTOTPSEED", "seed": "recovery-seed-0815", "credential": "passkey-4711"}


@pytest.fixture
def operator(client):
    campaign = make_campaign(1, k=2)
    rate_next(campaign, make_annotators(campaign, 1)[0])
    user = make_user(superuser=True)
    for kind, data in (
        ("totp", {"secret": PLANTED["secret"]}),
        ("recovery_codes", {"seed": PLANTED["seed"], "used_mask": 0}),
        ("webauthn", {"credential": PLANTED["credential"], "name": "key"}),
    ):
        Authenticator.objects.create(user=user, type=kind, data=data)
    address = EmailAddress.objects.create(user=user, email="planted@example.org")
    EmailConfirmation.objects.create(
        email_address=address, sent=timezone.now(), key="confirmation-planted"
    )
    AuthToken.objects.create(user=user)
    invite(
        actor=user,
        campaign=campaign,
        email="guest@example.org",
        role=Role.ADMIN,
        now=timezone.now(),
    )
    client.force_login(user)
    return user


def secrets():
    """Everything that opens an account, as it is stored."""
    found = {*PLANTED.values(), "confirmation-planted", PASSWORD}
    found |= {user.password for user in User.objects.all()}
    found |= {user.password.rpartition("$")[2] for user in User.objects.all()}
    for token in AuthToken.objects.all():
        found |= {token.digest, token.token_key}
    found |= {session.session_key for session in Session.objects.all()}
    return found - {""}


def addresses():
    """Every page of every registered model, for each of its rows."""
    yield reverse("admin:index")
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse("admin:app_list", args=[model._meta.app_label])
        yield reverse(f"{name}_changelist")
        for row in model._default_manager.all():
            yield reverse(f"{name}_change", args=[row.pk])
            yield reverse(f"{name}_history", args=[row.pk])


def test_no_page_of_the_admin_shows_what_opens_an_account(client, operator):
    planted = secrets()
    assert len(planted) >= 9
    walked = 0
    for where in addresses():
        answer = client.get(where)
        assert answer.status_code == 200, where
        text = answer.content.decode()
        assert [one for one in planted if one in text or one in where] == [], where
        walked += 1
    assert walked > 30


def test_nothing_is_added_changed_or_deleted_there(client, operator):
    for model, found in site._registry.items():
        assert isinstance(found, ReadOnlyAdmin)
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        doors = [reverse(f"{name}_add")]
        if row is not None:
            doors += [reverse(f"{name}_{act}", args=[row.pk]) for act in ("change", "delete")]
        for door in doors:
            assert client.post(door, {"email": "x@example.org"}).status_code == 403, door


def test_tokens_and_sessions_have_no_page_there(operator):
    for name in ("knox_authtoken", "sessions_session", "account_emailconfirmation"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}_changelist")


def test_the_admin_has_no_door_of_its_own_to_sign_in_or_change_a_password(client, operator):
    answer = client.get(reverse("admin:password_change"))
    assert answer.headers["Location"] == reverse("account_change_password")
    client.logout()
    answer = client.get(reverse("admin:login"))
    assert answer.headers["Location"].startswith(reverse("account_login"))
