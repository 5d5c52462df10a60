"""What was theirs while they belonged here is theirs no longer."""

import pytest
from django.urls import reverse
from knox.models import AuthToken

from annotation_app.enums import AuditVerb, JobKind, JobState, Role
from annotation_app.exceptions import ConflictError
from annotation_app.models import AuditEvent, Job, JobLine
from annotation_app.policies import can_change_rating, can_manage_collection
from annotation_app.policies.jobs import can_control_job, can_see_job
from annotation_app.selectors.collections.collections import visible_collections
from annotation_app.selectors.jobs.jobs import visible_jobs
from annotation_app.selectors.people.invitations import find_invitation
from annotation_app.services.people.changing import MemberChange, change_member, end_membership
from annotation_app.services.people.invitations import accept_invitation, invite, resend_invitation
from annotation_app.services.people.members import add_member
from annotation_app.services.people.tokens import create_token
from tests.factories.rated import rate_next
from tests.factories.world import NOON, make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db
BROKEN = "Traceback (most recent call last):"
WHERE = 'File "/srv/editjury/annotation_app/settings/env.py", line 3'


@pytest.fixture
def campaign():
    return make_campaign(2, k=2)


@pytest.fixture
def boss(campaign):
    return member(campaign, Role.ADMIN)[0]


def member(campaign, role):
    person = make_user()
    return person, add_member(actor=None, campaign=campaign, user=person, role=role)


def leave(boss, membership):
    end_membership(actor=boss, membership=membership, reason="moved on", now=NOON)


def failed(campaign, person, kind=JobKind.EXPORT_DATASET):
    job = Job.objects.create(
        kind=kind, campaign=campaign, created_by=person, state=JobState.FAILED, error="It broke."
    )
    JobLine.objects.bulk_create(JobLine(job=job, text=text) for text in (BROKEN, WHERE))
    return job


def test_a_job_is_not_seen_stopped_or_tried_again_by_one_who_left(client, campaign, boss):
    person, membership = member(campaign, Role.RESEARCHER)
    job = failed(campaign, person)
    client.force_login(person)
    page = reverse("job-detail", args=[job.public_id])
    assert client.get(page).status_code == 200
    assert can_control_job(person, job)
    leave(boss, membership)
    assert client.get(page).status_code == 404
    for door in ("job-retry", "job-cancel"):
        assert client.post(reverse(door, args=[job.public_id])).status_code == 404
    assert list(visible_jobs(person)) == []
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_with_a_smaller_role_one_controls_only_what_one_might_still_start(campaign, boss):
    person, membership = member(campaign, Role.ADMIN)
    jobs = {
        kind: failed(campaign, person, kind)
        for kind in (JobKind.IMPORT_RATINGS, JobKind.EXPORT_DATASET, JobKind.AGREEMENT_REPORT)
    }
    controlled = {
        role: [
            kind.value
            for kind, job in jobs.items()
            if change_member(
                actor=boss, membership=membership, change=MemberChange(role, "", 9, None)
            )
            and can_control_job(person, job)
        ]
        for role in (Role.RESEARCHER, Role.REVIEWER, Role.ANNOTATOR)
    }
    assert controlled == {
        Role.RESEARCHER: ["export_dataset", "agreement_report"],
        Role.REVIEWER: ["agreement_report"],
        Role.ANNOTATOR: [],
    }


def test_list_and_policy_agree_on_jobs_for_everybody(campaign, boss):
    left, membership = member(campaign, Role.ADMIN)
    jobs = [failed(campaign, person) for person in (left, boss)]
    where = {"collection": campaign.collection_id}
    jobs.append(Job.objects.create(kind=JobKind.IMPORT_ITEMS, arguments=where, created_by=left))
    jobs.append(Job.objects.create(kind=JobKind.IMPORT_ITEMS, arguments={}, created_by=left))
    leave(boss, membership)
    reviewer, _ = member(campaign, Role.REVIEWER)
    counts = {}
    for name, person in {
        "left": left,
        "boss": boss,
        "reviewer": reviewer,
        "operator": make_user(superuser=True),
        "stranger": make_user(),
    }.items():
        seen = {job.pk for job in visible_jobs(person)}
        assert seen == {job.pk for job in jobs if can_see_job(person, job)}, name
        counts[name] = len(seen)
    assert counts == {"left": 0, "boss": 3, "reviewer": 2, "operator": 4, "stranger": 0}


def test_only_operators_read_where_a_program_broke(client, campaign, boss):
    job = failed(campaign, boss)
    page = reverse("job-detail", args=[job.public_id])
    client.force_login(boss)
    told = client.get(page).content.decode()
    assert "It broke." in told
    assert "Traceback" not in told
    assert "/srv/editjury" not in told
    client.force_login(make_user(superuser=True))
    assert "/srv/editjury" in client.get(page).content.decode()


def test_having_made_a_collection_gives_no_right_to_it(campaign):
    maker = make_user()
    collection = campaign.collection
    collection.created_by = maker
    collection.save()
    assert not can_manage_collection(maker, collection)
    assert list(visible_collections(maker)) == []


def test_a_rating_is_not_changed_by_one_who_left(campaign, boss):
    [annotator] = make_annotators(campaign, 1)
    rating = rate_next(campaign, annotator)
    assert can_change_rating(annotator, rating)
    leave(boss, annotator.memberships.get())
    assert not can_change_rating(annotator, rating)


def test_an_invitation_ends_with_its_senders_right_to_send_it(campaign, boss):
    sender, membership = member(campaign, Role.ADMIN)
    guest = make_user()
    fresh = invite(actor=sender, campaign=campaign, email=guest.email, role=Role.ADMIN, now=NOON)
    assert find_invitation(token=fresh.token, now=NOON) is not None
    leave(boss, membership)
    assert find_invitation(token=fresh.token, now=NOON) is None
    with pytest.raises(ConflictError, match="no longer open"):
        accept_invitation(invitation=fresh.invitation, user=guest, now=NOON)
    again = resend_invitation(actor=boss, invitation=fresh.invitation, now=NOON)
    assert find_invitation(token=again.token, now=NOON) is not None


def test_the_members_page_says_which_invitation_has_lost_its_sender(client, campaign, boss):
    sender, membership = member(campaign, Role.ADMIN)
    invite(actor=sender, campaign=campaign, email="new@example.org", role=Role.ANNOTATOR, now=NOON)
    client.force_login(boss)
    page = reverse("member-list", args=[campaign.slug])
    assert "send it again" not in client.get(page).content.decode()
    leave(boss, membership)
    assert "send it again" in client.get(page).content.decode()


@pytest.mark.parametrize("how", ["left", "annotates only"])
def test_tokens_end_with_the_last_results_one_may_see(campaign, boss, how):
    person, membership = member(campaign, Role.RESEARCHER)
    create_token(user=person, days=30)
    other = make_campaign(1, k=2)
    elsewhere = add_member(actor=None, campaign=other, user=person, role=Role.REVIEWER)
    leave(boss, elsewhere)
    assert AuthToken.objects.filter(user=person).count() == 1
    if how == "left":
        leave(boss, membership)
    else:
        smaller = MemberChange(Role.ANNOTATOR, "", 9, None)
        change_member(actor=boss, membership=membership, change=smaller)
    assert AuthToken.objects.filter(user=person).count() == 0
    event = AuditEvent.objects.filter(object_type="api_token").latest("pk")
    assert event.actor == boss
    assert event.data["user"] == person.pseudonym


@pytest.mark.parametrize("how", ["left", "annotates only"])
def test_what_one_had_under_way_is_cancelled_when_one_may_not_start_it_any_more(
    campaign, boss, how
):
    person, membership = member(campaign, Role.ADMIN)
    other = make_campaign(1, k=2)
    add_member(actor=None, campaign=other, user=person, role=Role.ADMIN)

    def job(**facts):
        made = {"kind": JobKind.EXPORT_DATASET, "campaign": campaign, "created_by": person}
        return Job.objects.create(**(made | facts))

    ended = job(state=JobState.SUCCEEDED)
    queued = job()
    running = job(state=JobState.RUNNING)
    import_here = job(
        kind=JobKind.IMPORT_ITEMS, campaign=None, arguments={"collection": campaign.collection_id}
    )
    kept = [
        job(campaign=other),
        job(
            kind=JobKind.IMPORT_ITEMS, campaign=None, arguments={"collection": other.collection_id}
        ),
        job(created_by=boss),
        ended,
    ]
    states = [one.state for one in kept]
    if how == "left":
        leave(boss, membership)
    else:
        change_member(
            actor=boss, membership=membership, change=MemberChange(Role.ANNOTATOR, "", 9, None)
        )
    for one in (queued, running, import_here, *kept):
        one.refresh_from_db()
    assert (queued.state, import_here.state) == (JobState.CANCELLED, JobState.CANCELLED)
    assert (running.state, running.cancel_requested) == (JobState.RUNNING, True)
    assert [one.state for one in kept] == states
    assert not any(one.cancel_requested for one in kept)
    events = AuditEvent.objects.filter(object_type="job", verb=AuditVerb.CANCELLED, actor=boss)
    told = {int(event.object_id) for event in events}
    assert told == {queued.pk, running.pk, import_here.pk}


def test_another_team_or_a_smaller_role_that_may_still_start_a_job_leaves_it_running(
    campaign, boss
):
    person, membership = member(campaign, Role.ADMIN)
    predictions = Job.objects.create(
        kind=JobKind.SCORE_PREDICTIONS, campaign=campaign, created_by=person
    )
    ratings = Job.objects.create(kind=JobKind.IMPORT_RATINGS, campaign=campaign, created_by=person)
    for change in (
        MemberChange(Role.ADMIN, "night shift", 9, None),
        MemberChange(Role.RESEARCHER, "night shift", 9, None),
    ):
        assert Job.objects.get(pk=ratings.pk).state == JobState.QUEUED
        change_member(actor=boss, membership=membership, change=change)
    assert Job.objects.get(pk=predictions.pk).state == JobState.QUEUED
    assert Job.objects.get(pk=ratings.pk).state == JobState.CANCELLED


def test_an_admin_takes_over_a_cancelled_job_and_the_log_says_who(client, campaign, boss):
    person, membership = member(campaign, Role.RESEARCHER)
    job = Job.objects.create(
        kind=JobKind.EXPORT_DATASET, campaign=campaign, created_by=person, state=JobState.QUEUED
    )
    leave(boss, membership)
    client.force_login(boss)
    client.post(reverse("job-retry", args=[job.public_id]))
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    event = AuditEvent.objects.get(object_type="job", verb=AuditVerb.RESUMED)
    assert (event.actor, event.object_id, event.campaign) == (boss, str(job.pk), campaign)
    assert event.data == {"kind": "export_dataset"}
