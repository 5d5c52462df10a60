"""Whose an address is, and what an open session may not do alone."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from annotation_app.enums import Role
from annotation_app.exceptions import ConflictError, NotAllowedError
from annotation_app.models import Membership, User
from annotation_app.selectors.people.addresses import holders
from annotation_app.services.people.accounts import create_account
from annotation_app.services.people.invitations import accept_invitation, invite
from annotation_app.services.people.members import add_member
from tests.factories.world import PASSWORD, make_campaign, make_user

pytestmark = pytest.mark.django_db
INVITED = "guest@example.org"
REAUTHENTICATE = reverse("account_reauthenticate")


@pytest.fixture
def campaign():
    return make_campaign(1, k=2)


@pytest.fixture
def admin(campaign):
    user = make_user()
    add_member(actor=None, campaign=campaign, user=user, role=Role.ADMIN)
    return user


@pytest.fixture
def fresh(campaign, admin):
    now = timezone.now()
    return invite(actor=admin, campaign=campaign, email=INVITED, role=Role.ANNOTATOR, now=now)


@pytest.fixture
def person(client, campaign):
    user = make_user()
    add_member(actor=None, campaign=campaign, user=user, role=Role.RESEARCHER)
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    return user


def claim(user, email=INVITED):
    """Name an address without confirming it, as the old pages let one do."""
    EmailAddress.objects.create(user=user, email=email, verified=False, primary=True)
    User.objects.filter(pk=user.pk).update(email=email)
    user.refresh_from_db()
    return user


@pytest.mark.parametrize(
    ("door", "form"),
    [
        ("account_email", {"action_add": "", "email": "thief@example.org"}),
        ("account_email", {"action_primary": "", "email": "second@example.org"}),
        ("account_email", {"action_remove": "", "email": "second@example.org"}),
        ("token-list", {"days": "30"}),
        ("mfa_activate_totp", {"code": "123456"}),
        ("mfa_add_webauthn", {"name": "mine", "credential": "{}"}),
        ("mfa_generate_recovery_codes", {}),
    ],
)
def test_an_open_session_alone_changes_nothing_that_opens_the_account(client, person, door, form):
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    EmailAddress.objects.create(user=person, email="second@example.org", verified=True)
    answer = client.post(reverse(door), form)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(REAUTHENTICATE)
    own = EmailAddress.objects.filter(user=person).order_by("pk")
    assert [(one.email, one.primary) for one in own] == [
        (person.email, True),
        ("second@example.org", False),
    ]
    assert not AuthToken.objects.exists()
    assert not Authenticator.objects.exists()


def test_with_the_password_again_the_token_is_made(client, person):
    client.post(reverse("token-list"), {"days": "30"})
    asked = f"{REAUTHENTICATE}?next={reverse('token-list')}"
    wrong = client.post(asked, {"password": "not-it", "next": reverse("token-list")})
    assert wrong.status_code == 200
    assert not AuthToken.objects.exists()
    right = client.post(asked, {"password": PASSWORD, "next": reverse("token-list")})
    assert "fresh-token" in right.content.decode()
    assert AuthToken.objects.get().user == person


def test_a_new_password_asks_for_the_old_one(client, person):
    form = {
        "oldpassword": "not-it",
        "password1": "seven-green-otters",
        "password2": "seven-green-otters",
    }
    assert client.post(reverse("account_change_password"), form).status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_the_old_address_is_told_when_another_becomes_the_main_one(client, person):
    old = person.email
    client.post(REAUTHENTICATE, {"password": PASSWORD})
    door = reverse("account_email")
    client.post(door, {"action_add": "", "email": "new@example.org"})
    # unconfirmed, it does not become the main one
    client.post(door, {"action_primary": "", "email": "new@example.org"})
    person.refresh_from_db()
    assert person.email == old
    [link] = re.findall(r"https?://\S+(/accounts/confirm-email/\S+)", mail.outbox[-1].body)
    assert mail.outbox[-1].to == ["new@example.org"]
    client.post(link)
    client.post(door, {"action_primary": "", "email": "new@example.org"})
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert mail.outbox[-1].to == [old]
    assert "new@example.org" in mail.outbox[-1].body


def test_a_changed_password_is_told_to_an_account_that_has_no_row_of_addresses(client, person):
    form = {
        "oldpassword": PASSWORD,
        "password1": "seven-green-otters",
        "password2": "seven-green-otters",
    }
    client.post(reverse("account_change_password"), form)
    assert [one.to for one in mail.outbox] == [[person.email]]


def test_an_unconfirmed_claim_does_not_block_the_invited_person(client, fresh):
    stranger = claim(make_user())
    link = reverse("invitation", args=[fresh.token])
    page = client.get(link).content.decode()
    assert "Create your account" in page
    assert "without having confirmed it" in page
    form = {"username": "guest", "password": PASSWORD, "again": PASSWORD}
    assert client.post(link, form).status_code == 302
    guest = User.objects.get(username="guest")
    assert Membership.objects.filter(user=guest, role=Role.ANNOTATOR).exists()
    assert list(holders(INVITED)) == [guest]
    # from now on the stranger's claim is not even good for a link
    again = invite(
        actor=fresh.invitation.invited_by,
        campaign=fresh.invitation.campaign,
        email=INVITED,
        role=Role.REVIEWER,
        now=timezone.now(),
    )
    with pytest.raises(NotAllowedError, match="another address"):
        accept_invitation(invitation=again.invitation, user=stranger, now=timezone.now())


def test_a_claim_does_not_keep_an_admin_from_inviting_the_address(campaign, admin):
    stranger = claim(make_user())
    add_member(actor=None, campaign=campaign, user=stranger, role=Role.ANNOTATOR)
    now = timezone.now()
    invite(actor=admin, campaign=campaign, email=INVITED, role=Role.ANNOTATOR, now=now)
    confirmed = make_user()
    EmailAddress.objects.create(user=confirmed, email="own@example.org", verified=True)
    add_member(actor=None, campaign=campaign, user=confirmed, role=Role.ANNOTATOR)
    with pytest.raises(ConflictError, match="already"):
        invite(
            actor=admin, campaign=campaign, email="own@example.org", role=Role.ANNOTATOR, now=now
        )


def test_an_account_with_another_address_does_not_take_an_invitation(fresh):
    other = make_user()
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    with pytest.raises(NotAllowedError, match="another address"):
        accept_invitation(invitation=fresh.invitation, user=other, now=timezone.now())


def test_the_link_confirms_the_address_of_an_account_that_only_named_it(client, fresh):
    user = claim(make_user())
    client.force_login(user)
    link = reverse("invitation", args=[fresh.token])
    assert "Join as" in client.get(link).content.decode()
    client.post(link)
    assert Membership.objects.filter(user=user).exists()
    assert EmailAddress.objects.get(user=user, email=INVITED).verified


def test_an_address_that_was_confirmed_gets_no_second_account():
    create_account(username="one", email=INVITED, password=PASSWORD)
    with pytest.raises(ConflictError, match="sign in"):
        create_account(username="two", email=INVITED.upper(), password=PASSWORD)
