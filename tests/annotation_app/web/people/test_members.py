"""Invitations and members: tokens, addresses, roles, the last admin, payment."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse

from annotation_app.enums import MembershipStatus, RatingStatus, Role
from annotation_app.exceptions import ConflictError, NothingToDoError
from annotation_app.models import AuditEvent, Invitation, Membership, Rating, User
from annotation_app.selectors.people.workload import Period, work_by_day
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.people.changing import end_membership
from annotation_app.services.people.invitations import accept_invitation, invite
from annotation_app.services.people.members import add_member
from annotation_app.services.quality.members import pause_member, resume_member
from annotation_app.services.rating.submission import submit_rating
from annotation_app.web.people.workload import payment_lines
from tests.factories.rated import rate_next
from tests.factories.world import (
    NOON,
    make_annotators,
    make_campaign,
    make_judgement,
    make_user,
)

pytestmark = pytest.mark.django_db
NEW = {"username": "newcomer", "password": "seven-green-otters", "again": "seven-green-otters"}


@pytest.fixture
def campaign():
    return make_campaign(4, k=2)


@pytest.fixture
def admin(campaign):
    person = make_user(f"admin-{uuid4().hex[:6]}")
    add_member(actor=None, campaign=campaign, user=person, role=Role.ADMIN)
    return person


def invited(campaign, admin, email="new@example.org", role=Role.ANNOTATOR, now=None):
    moment = now or datetime.now(UTC)
    fresh = invite(actor=admin, campaign=campaign, email=email, role=role, now=moment)
    return fresh.invitation, reverse("invitation", args=[fresh.token])


def link_in_mail():
    text = mail.outbox[-1].body
    return next(word for word in text.split() if "/invitations/" in word).split("testserver")[1]


def test_an_invited_person_makes_an_account_and_is_in(client, campaign, admin):
    client.force_login(admin)
    client.post(
        reverse("invite", args=[campaign.slug]),
        {"addresses": "New@Example.org, reviewer, Team A", "role": "annotator"},
    )
    where = link_in_mail()
    client.logout()
    assert client.get(where).status_code == 200
    assert client.post(where, {**NEW, "password": "1234", "again": "1234"}).status_code == 200
    assert not User.objects.filter(username="newcomer").exists()
    assert client.post(where, NEW).headers["Location"] == reverse("home")
    member = Membership.objects.get(user__username="newcomer")
    assert (member.role, member.team, member.user.email) == (
        "reviewer", "Team A", "new@example.org",
    )  # fmt: skip
    assert int(client.session["_auth_user_id"]) == member.user_id


def test_only_the_hash_of_a_token_is_stored(campaign, admin):
    invitation, where = invited(campaign, admin)
    token = where.rstrip("/").rsplit("/", 1)[1]
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    assert token not in str(list(AuditEvent.objects.values_list("data", flat=True)))


def test_a_token_opens_once(client, campaign, admin):
    _invitation, where = invited(campaign, admin)
    client.post(where, NEW)
    client.logout()
    assert client.get(where).status_code == 404
    assert client.post(where, {**NEW, "username": "second"}).status_code == 404
    assert not User.objects.filter(username="second").exists()


def test_an_expired_revoked_replaced_or_invented_token_says_the_same(client, campaign, admin):
    now = datetime.now(UTC)
    _old, expired = invited(campaign, admin, "a@example.org", now=now - timedelta(days=15))
    gone, revoked = invited(campaign, admin, "b@example.org")
    _first, replaced = invited(campaign, admin, "c@example.org")
    invited(campaign, admin, "c@example.org")
    Invitation.objects.filter(pk=gone.pk).update(revoked_at=now)
    closed = (expired, revoked, replaced, reverse("invitation", args=["invented"]))
    answers = [client.get(where) for where in closed]
    assert {answer.status_code for answer in answers} == {404}
    texts = {answer.content.split(b"<main")[1] for answer in answers}
    assert len(texts) == 1


def test_another_address_cannot_use_the_invitation(client, campaign, admin):
    invitation, where = invited(campaign, admin, role=Role.ADMIN)
    other = make_user()
    client.force_login(other)
    assert b"a different address" in client.get(where).content
    client.post(where)
    assert not Membership.objects.filter(user=other).exists()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_a_person_with_an_account_signs_in_and_joins(client, campaign, admin):
    person = make_user("known")
    _invitation, where = invited(campaign, admin, person.email)
    assert reverse("account_login") in client.get(where).content.decode()
    client.post(where, NEW)  # no second account for the address
    assert not User.objects.filter(username="newcomer").exists()
    client.force_login(person)
    client.post(where)
    assert Membership.objects.get(user=person).role == Role.ANNOTATOR


def test_a_list_with_a_wrong_line_invites_nobody_and_names_it(client, campaign, admin):
    client.force_login(admin)
    text = "one@example.org\nno-address\n\ntwo@example.org, emperor"
    answer = client.post(
        reverse("invite", args=[campaign.slug]), {"addresses": text, "role": "annotator"}
    )
    assert answer.status_code == 400
    assert [one.number for one in answer.context["problems"]] == [2, 4]
    assert not Invitation.objects.exists()
    assert mail.outbox == []


def invite_text(client, campaign, text):
    where = reverse("invite", args=[campaign.slug])
    return client.post(where, {"addresses": text, "role": "annotator"}, follow=True)


def test_a_list_is_read_however_mail_programs_and_keyboards_separate_it(client, campaign, admin):
    client.force_login(admin)
    text = (
        "a@example.org，reviewer，北京；b@example.org;\n"
        "c@example.org, d@example.org,\n"
        "Eva Li <E@example.org>; Bo <f@example.org>\n"
        "g@example.org h@example.org\n"
        "A@example.org，reviewer，北京；c@example.org"
    )
    page = invite_text(client, campaign, text).content.decode()
    made = Invitation.objects.values_list("email", "role", "team")
    assert sorted(made) == [
        ("a@example.org", "reviewer", "北京"),
        *((f"{letter}@example.org", "annotator", "") for letter in "bcdefgh"),
    ]
    assert len(mail.outbox) == 8
    assert "8 invitations were sent." in page
    assert "more than once and were invited once: a@example.org, c@example.org." in page


def test_a_list_that_names_two_teams_for_an_address_invites_nobody(client, campaign, admin):
    client.force_login(admin)
    text = "a@example.org, annotator, red\nb@example.org\nA@example.org,, blue"
    (problem,) = invite_text(client, campaign, text).context["problems"]
    assert problem.number == 3
    assert problem.problem == "Line 1 gives another team for this address."
    assert not Invitation.objects.exists()
    invite_text(client, campaign, text.replace("blue", "red"))  # as the problem asks for
    assert Invitation.objects.count() == 2


def test_one_address_may_be_invited_into_two_roles(client, campaign, admin):
    client.force_login(admin)
    answer = invite_text(client, campaign, "a@example.org\na@example.org, reviewer")
    assert Invitation.objects.filter(revoked_at=None).count() == 2
    assert "more than once" not in answer.content.decode()


def test_inviting_says_the_same_whether_an_account_exists(client, campaign, admin):
    make_user("somebody")
    client.force_login(admin)
    texts = []
    for email in ("somebody@example.org", "nobody@example.org"):
        body = {"addresses": email, "role": "annotator"}
        client.post(reverse("invite", args=[campaign.slug]), body)
        page = client.get(reverse("member-list", args=[campaign.slug])).content.decode()
        texts.append(page.count("1 invitation was sent"))
    assert texts == [1, 1]


def test_without_mail_the_link_is_shown_once(client, campaign, admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    client.force_login(admin)
    body = {"addresses": "x@example.org", "role": "annotator"}
    client.post(reverse("invite", args=[campaign.slug]), body)
    where = reverse("member-list", args=[campaign.slug])
    assert b"/invitations/" in client.get(where).content.split(b"copy-link")[1]
    assert b"copy-link" not in client.get(where).content


def test_shown_links_lead_to_the_host_in_use_and_mailed_ones_to_the_sites_address(
    client, campaign, admin, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://jury.example"
    client.force_login(admin)
    where = reverse("invite", args=[campaign.slug])
    body = {"addresses": "x@example.org\ny@example.org", "role": "annotator"}
    client.post(where, body, headers={"Host": "127.0.0.1:8107"})
    assert "https://jury.example/invitations/" in mail.outbox[-1].body
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    client.post(where, body, headers={"Host": "127.0.0.1:8107"})
    page = client.get(
        reverse("member-list", args=[campaign.slug]), headers={"Host": "127.0.0.1:8107"}
    ).content.decode()
    assert page.count("http://127.0.0.1:8107/invitations/") == 4  # each once, and in "copy all"
    assert "https://jury.example/invitations/" not in page
    letter = unquote(page.split("mailto:x@example.org?")[1].split('"')[0])
    assert "Open this link to join" in letter
    assert "http://127.0.0.1:8107/invitations/" in letter


@pytest.mark.parametrize(
    ("addresses", "warned"),
    [
        (("http://127.0.0.1:8000", "localhost:8000"), False),
        (("http://127.0.0.1:8000", "127.0.0.1:8120"), True),
        (("https://jury.example", "jury.example:443"), False),
        (("http://JURY.example", "jury.example"), False),
        (("https://jury.example", "10.0.0.7"), True),
    ],
)
def test_admins_alone_are_warned_where_mailed_links_lead_elsewhere(
    client, campaign, admin, settings, addresses, warned
):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL, host = addresses
    client.force_login(admin)
    page = client.get(reverse("home"), headers={"Host": host}).content.decode()
    assert ("Links in mail begin with" in page) == warned
    [annotator] = make_annotators(campaign, 1)
    client.force_login(annotator)
    page = client.get(reverse("home"), headers={"Host": host}).content.decode()
    assert "Links in mail begin with" not in page


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER, Role.RESEARCHER])
def test_no_other_role_invites_or_promotes(client, campaign, admin, role):
    person = make_user()
    own = add_member(actor=None, campaign=campaign, user=person, role=role)
    client.force_login(person)
    invites = client.post(
        reverse("invite", args=[campaign.slug]), {"addresses": "x@example.org", "role": "admin"}
    )
    values = {"role": "admin", "daily_target": 1}
    raises = client.post(reverse("member-change", args=[campaign.slug, own.pk]), values)
    assert (invites.status_code, raises.status_code) == (404, 404)
    own.refresh_from_db()
    assert own.role == role


def test_an_admin_of_one_campaign_changes_nobody_in_another(client, campaign, admin):
    other = make_campaign(1, k=2)
    foreign = add_member(actor=None, campaign=other, user=make_user(), role=Role.ANNOTATOR)
    client.force_login(admin)
    where = reverse("member-change", args=[campaign.slug, foreign.pk])
    assert client.post(where, {"role": "admin", "daily_target": 1}).status_code == 404


def test_the_last_admin_stays(client, campaign, admin):
    member = Membership.objects.get(user=admin)
    for act in (pause_member, end_membership):
        with pytest.raises(ConflictError, match="last admin"):
            act(actor=admin, membership=member, reason="tired", now=NOON)
    client.force_login(admin)
    where = reverse("member-change", args=[campaign.slug, member.pk])
    client.post(where, {"role": "annotator", "daily_target": 1})
    member.refresh_from_db()
    assert member.role == Role.ADMIN
    add_member(actor=admin, campaign=campaign, user=make_user(), role=Role.ADMIN)
    end_membership(actor=admin, membership=member, reason="tired", now=NOON)
    assert Membership.objects.get(pk=member.pk).status == MembershipStatus.LEFT


def test_pausing_keeps_the_reason_in_the_audit_log_and_resuming_lets_them_work(campaign, admin):
    person = make_annotators(campaign, 1)[0]
    member = Membership.objects.get(user=person)
    pause_member(actor=admin, membership=member, reason="holiday", now=NOON)
    assert AuditEvent.objects.filter(data__text="holiday").exists()
    resume_member(actor=admin, membership=member, now=NOON)
    assert Membership.objects.get(pk=member.pk).status == MembershipStatus.ACTIVE


def test_an_accepted_invitation_is_not_accepted_again(campaign, admin):
    person = make_user("twice")
    invitation, _where = invited(campaign, admin, person.email)
    now = datetime.now(UTC)
    accept_invitation(invitation=invitation, user=person, now=now)
    with pytest.raises(ConflictError):
        accept_invitation(invitation=invitation, user=person, now=now)


def test_invitations_are_throttled(client, campaign, admin):
    client.force_login(admin)
    where = reverse("invite", args=[campaign.slug])
    codes = {
        client.post(where, {"addresses": "no", "role": "annotator"}).status_code for _ in range(61)
    }
    assert codes == {400, 429}


def test_days_begin_where_the_campaign_says(campaign, admin):
    campaign.time_zone = "Asia/Shanghai"  # eight hours ahead
    campaign.save()
    person = make_annotators(campaign, 1)[0]
    evening = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)  # the third there
    rate_next(campaign, person, now=NOON)
    rate_next(campaign, person, now=evening)
    rows = work_by_day(campaign, Period(date(2026, 11, 2), date(2026, 11, 3)))
    assert [(row.day.day, row.work.counted) for row in rows] == [(2, 1), (3, 1)]
    assert [row.work.seconds for row in rows] == [41.5, 41.5]
    Membership.objects.filter(user=person).update(daily_cap=1)
    with pytest.raises(NothingToDoError, match="cap"):
        lease_next_task(annotator=person, campaign=campaign, now=evening)


def test_the_payment_file_pays_superseded_work_and_runs_no_formula(client, campaign, admin):
    person = make_annotators(campaign, 1)[0]
    User.objects.filter(pk=person.pk).update(username="=cmd")
    first, _second = rate_next(campaign, person), rate_next(campaign, person)
    Rating.objects.filter(pk=first.pk).update(status=RatingStatus.SUPERSEDED)
    period = Period(date(2026, 11, 2), date(2026, 11, 2))
    assert payment_lines(work_by_day(campaign, period), period, "pseudonym") == [
        (person.pseudonym, "", "2026-11-02", "2026-11-02", 1, 1, 2, 0, "0.02", "0.00")
    ]
    client.force_login(admin)
    where = reverse("payment-file", args=[campaign.slug])
    days = {"first": "2026-11-02", "last": "2026-11-02", "people": "username"}
    content = client.get(where, days).content
    assert b"\n'=cmd,," in content
    assert content.startswith(b"\xef\xbb\xbfperson,")  # by which Excel knows the encoding
    assert client.get(where, {"first": "x", "last": "y"}).status_code == 400
    assert AuditEvent.objects.filter(object_type="payment", actor=admin).count() == 1
    assert client.get(reverse("workload", args=[campaign.slug]), days).status_code == 200


def test_more_active_time_than_passed_is_shown_beside_the_hours(client, campaign, admin):
    """The browser measures the time: who forges a request can claim any, but not unseen."""
    honest, forger = make_annotators(campaign, 2)
    for person, claimed in ((honest, 1700.0), (forger, 20_000.0)):
        lease = lease_next_task(annotator=person, campaign=campaign, now=NOON)
        later = NOON + timedelta(minutes=30)
        submit_rating(lease=lease, judgement=make_judgement(lease, seconds=claimed), now=later)
    rows = work_by_day(campaign, Period(date(2026, 11, 2), date(2026, 11, 2)))
    found = {row.user: (row.work.span, row.work.is_implausible) for row in rows}
    assert found == {honest.pk: (1800.0, False), forger.pk: (1800.0, True)}
    client.force_login(admin)
    days = {"first": "2026-11-02", "last": "2026-11-02"}
    page = client.get(reverse("workload", args=[campaign.slug]), days).content.decode()
    assert page.count("0.50 elapsed") == 1  # of the person; a team or day sums up honest ones too
    text = client.get(reverse("payment-file", args=[campaign.slug]), days).content.decode()
    assert text.splitlines()[0].endswith("hours,span_hours")
    assert f"{forger.pseudonym},,2026-11-02,2026-11-02,1,0,1,0,5.56,0.50" in text
