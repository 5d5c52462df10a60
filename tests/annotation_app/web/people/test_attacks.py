"""What a hostile member, guest or pasted text tries, and what comes of it."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from allauth.account.app_settings import AppSettings
from django.core import mail
from django.urls import reverse
from typing_extensions import override

from annotation_app.enums import MembershipStatus, PauseReason, Role
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Invitation, Membership, User
from annotation_app.selectors.people.invitations import find_invitation
from annotation_app.services.people.accounts import create_account
from annotation_app.services.people.changing import end_membership
from annotation_app.services.people.invitations import accept_invitation, invite
from annotation_app.services.people.members import add_member
from annotation_app.services.quality.pausing import pause_annotator
from annotation_app.web.markdown import render_document
from tests.factories.rated import rate_next
from tests.factories.world import NOON, PASSWORD, make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db
NUL = "a\x00b"
# admin with a Cyrillic a, a dotless i, a wide a, an accent, and hardly a Latin letter
DISGUISES = ["\u0430dmin", "adm\u0131n", "\uff21dmin", "\u00e1dmin", "\u0430\u0501m\u0456\u03b7"]
ANNA = "\u0410\u043d\u043d\u0430"


@pytest.fixture
def campaign():
    return make_campaign(4, k=2)


@pytest.fixture
def admin(campaign):
    person = make_user()
    add_member(actor=None, campaign=campaign, user=person, role=Role.ADMIN)
    return person


class Tags(HTMLParser):
    """Every tag with its attributes, as a browser would read them."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    @override
    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert%281%29)",
        "[x](data:text/html;base64,PHM+)",
        "[x](vbscript:x)",
        "<img src=x onerror=alert(1)>",
        "<a href='#' onclick='x()'>y</a>",
        "<style>*{display:none}</style>",
        "<svg/onload=alert(1)>",
        "<iframe src='/admin/'></iframe>",
        "[a]: javascript:alert(1)\n\n[a]",
        "![x](https://spy.example/pixel.png)",
        "![x](//spy.example/pixel.png)",
        "![x](/\\\\spy.example/pixel.png)",
        "![x](</\t/spy.example/pixel.png>)",
        "![x](data:image/svg+xml;base64,PHM+)",
        "![x](javascript:alert(1))",
        "![x](pixel.png \"a' onerror='x\")",
        "<https://ok.example/%22onmouseover=%22x>",
        '[x](https://ok.example/ "a" onclick="x")',
    ],
)
def test_a_guideline_runs_nothing_and_fetches_nothing_from_elsewhere(text):
    for tag, attributes in Tags(render_document(text)).found:
        assert tag in {"p", "a", "img"}
        assert set(attributes) <= {"href", "src", "alt", "title", "rel"}
        assert attributes.get("href", "https:").startswith(("https:", "http:", "mailto:"))
        # a path of this site: one slash, and nothing that a browser would take for a second one
        assert re.match(r"/[^/\\\s]", attributes.get("src", "/here"))


def test_a_guideline_keeps_its_own_images_and_plain_links():
    own = "/campaigns/a/guideline/images/5f0c/"
    said = render_document(f"![A hat]({own}) [more](https://ok.example/?a=1&b=2)")
    assert f'src="{own}"' in said
    assert 'alt="A hat"' in said
    assert 'rel="noopener noreferrer"' in said


def test_a_form_with_nul_is_refused_by_every_page(client, campaign, admin):
    rating = rate_next(campaign, make_annotators(campaign, 1)[0])
    client.force_login(rating.annotator)
    talk = reverse("thread-own", args=[campaign.slug, rating.lease.token])
    assert client.post(talk, {"text": NUL}).status_code == 400
    client.force_login(admin)
    member = Membership.objects.get(user=rating.annotator)
    for name, body in (
        ("rater-act", {"act": "message", "text": NUL}),
        ("member-act", {"act": "pause", "reason": NUL}),
        ("member-change", {"role": "annotator", "team": NUL, "daily_target": 1}),
    ):
        where = reverse(name, args=[campaign.slug, member.pk])
        assert client.post(where, body).status_code == 400, name
    assert client.post(reverse("account_login"), {NUL: "x"}).status_code == 400


@pytest.mark.parametrize("days", ["²", "-1", "99999", "1e3", "٣"])
def test_odd_numbers_of_days_are_no_error(client, campaign, admin, days):
    rating = rate_next(campaign, make_annotators(campaign, 1)[0])
    client.force_login(admin)
    member = Membership.objects.get(user=rating.annotator)
    where = reverse("rater-act", args=[campaign.slug, member.pk])
    body = {"act": "release", "days": days, "text": "guesses"}
    assert client.post(where, body).status_code == 302


def test_an_invitation_ends_no_pause(campaign, admin):
    person = make_user()
    fresh = invite(
        actor=admin, campaign=campaign, email=person.email, role=Role.ANNOTATOR, now=NOON
    )
    member = add_member(actor=None, campaign=campaign, user=person, role=Role.ANNOTATOR)
    pause_annotator(actor=None, membership=member, reason=PauseReason.GOLD, now=NOON)
    with pytest.raises(ConflictError, match="paused"):
        accept_invitation(invitation=fresh.invitation, user=person, now=NOON)
    member.refresh_from_db()
    assert member.status == MembershipStatus.PAUSED


def test_who_was_sent_away_does_not_come_back_by_an_old_link(campaign, admin):
    person = make_user()
    fresh = invite(
        actor=admin, campaign=campaign, email=person.email, role=Role.ANNOTATOR, now=NOON
    )
    member = add_member(actor=None, campaign=campaign, user=person, role=Role.ANNOTATOR)
    end_membership(actor=admin, membership=member, reason="rude", now=NOON)
    assert find_invitation(token=fresh.token, now=NOON) is None
    with pytest.raises(ConflictError):
        accept_invitation(invitation=fresh.invitation, user=person, now=NOON)


def test_a_user_name_is_nobody_elses_address(campaign):
    make_user("victim")
    with pytest.raises(InvalidInputError, match="address"):
        create_account(username="victim@example.org", email="me@example.org", password=PASSWORD)
    own = create_account(username="me@example.org", email="me@example.org", password=PASSWORD)
    assert own.username == "me@example.org"
    with pytest.raises(ConflictError, match="sign in"):
        create_account(username="other", email="ME@example.org", password=PASSWORD)
    assert User.objects.filter(email__iexact="me@example.org").count() == 1


def test_no_name_or_list_smuggles_a_header_into_a_mail(client, campaign, admin):
    campaign.name = "Birds\r\nBcc: all@spy.example"
    campaign.save()
    client.force_login(admin)
    where = reverse("invite", args=[campaign.slug])
    client.post(where, {"addresses": "new@example.org", "role": "annotator"})
    [sent] = mail.outbox
    assert sent.to == ["new@example.org"]
    assert "\n" not in sent.subject
    assert sent.message()["Bcc"] is None
    for address in (
        "a@example.org\u2028Bcc: b@example.org",
        "a@example.org%0aBcc:b@example.org",
        '"a@example.org\nBcc: c"@example.org',
    ):
        assert client.post(where, {"addresses": address, "role": "annotator"}).status_code == 400
    assert len(mail.outbox) == 1
    assert Invitation.objects.count() == 1
    client.post(where, {"addresses": "<a@example.org>, b@example.org", "role": "annotator"})
    assert [sent.to for sent in mail.outbox[1:]] == [["a@example.org"], ["b@example.org"]]


def test_joining_and_signing_in_lead_nowhere_else(client, campaign, admin):
    now = datetime.now(UTC)
    fresh = invite(
        actor=admin, campaign=campaign, email="new@example.org", role=Role.ANNOTATOR, now=now
    )
    where = reverse("invitation", args=[fresh.token])
    body = {"username": "new", "password": "seven-green-otters", "again": "seven-green-otters"}
    answer = client.post(f"{where}?next=https://spy.example/", body | {"next": "//spy.example"})
    assert answer.headers["Location"] == reverse("home")
    client.logout()
    login = reverse("account_login")
    for target in ("https://spy.example/", "//spy.example/", "/\\spy.example/", "javascript:x"):
        answer = client.post(
            f"{login}?next={target}",
            {"login": "new", "password": "seven-green-otters", "next": target},
        )
        assert "spy.example" not in answer.headers.get("Location", "")
        assert "javascript" not in answer.headers.get("Location", "")
        client.logout()


def test_a_token_is_long_and_its_page_is_not_kept(client, campaign, admin):
    now = datetime.now(UTC)
    fresh = invite(
        actor=admin, campaign=campaign, email="new@example.org", role=Role.ANNOTATOR, now=now
    )
    assert len(fresh.token) >= 43  # 256 bits
    answer = client.get(reverse("invitation", args=[fresh.token]))
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    near = fresh.token[:-1] + ("A" if fresh.token[-1] != "A" else "B")
    for guess in (near, fresh.token.lower(), fresh.invitation.token_sha256, fresh.token + "="):
        assert client.get(reverse("invitation", args=[guess])).status_code == 404


def test_a_stranger_keeps_nobody_from_a_forgotten_password_and_fills_no_mailbox(client):
    ada = make_user()
    where = reverse("account_reset_password")
    told = [client.post(where, {"email": ada.email}, REMOTE_ADDR="203.0.113.7") for _ in range(12)]
    own = client.post(where, {"email": ada.email}, REMOTE_ADDR="203.0.113.8")
    assert {(one.status_code, one.headers["Location"]) for one in [*told, own]} == {
        (302, reverse("account_reset_password_done"))
    }
    assert len(mail.outbox) == 5
    [link] = re.findall(r"/accounts/password/reset/key/\S+", mail.outbox[-1].body)
    assert client.get(link, follow=True).status_code == 200
    other = make_user()
    client.post(where, {"email": other.email}, REMOTE_ADDR="203.0.113.7")
    assert [one.to for one in mail.outbox[5:]] == [[other.email]]


def test_no_limit_of_requests_counts_a_name_that_a_stranger_can_give():
    by_key = [name for name, rate in AppSettings("ACCOUNT_").RATE_LIMITS.items() if "/key" in rate]
    assert by_key == ["login_failed"]  # of second factors; docs/decisions/0011


@pytest.mark.parametrize(
    "name", ["\u0430dmin", "adm\u0131n", "\uff21dmin", "\u00e1dmin", "\u0430\u0501m\u0456\u03b7"]
)
def test_a_name_that_looks_like_another_persons_is_refused(name):
    make_user("Admin")
    with pytest.raises(ConflictError):
        create_account(username=name, email="me@example.org", password=PASSWORD)
    with pytest.raises(InvalidInputError):
        create_account(username="Rater-0a1b2c3d4e", email="me@example.org", password=PASSWORD)
    own = create_account(username=ANNA, email="me@example.org", password=PASSWORD)
    assert own.username == ANNA


def test_a_name_signs_in_in_the_form_in_which_it_is_counted(client):
    user = make_user("ada")
    answer = client.post(reverse("account_login"), {"login": "\uff41\uff44a", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
