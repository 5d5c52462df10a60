"""Two people, or one in two windows, at the same moment: each act happens once, nobody waits."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from annotation_app.enums import (
    DisputeReason,
    FlagKind,
    FlagOutcome,
    MembershipStatus,
    PauseReason,
    Purpose,
    RatingStatus,
    Role,
)
from annotation_app.exceptions import AnnotationError, ConflictError
from annotation_app.models import (
    Adjudication,
    AnnotatorStatus,
    AuditEvent,
    Flag,
    Invitation,
    Membership,
    QualificationAttempt,
    Rating,
    Task,
    User,
)
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.people.changing import MemberChange, change_member, end_membership
from annotation_app.services.people.invitations import accept_invitation, invite
from annotation_app.services.people.members import add_member
from annotation_app.services.quality.lessons import move_lesson, save_lesson
from annotation_app.services.quality.members import pause_member
from annotation_app.services.quality.pausing import pause_annotator
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality.qualifying import start_attempt
from annotation_app.services.quality.releasing import release_work, undo_release
from annotation_app.services.reviewing.adjudication import decide_case
from annotation_app.services.reviewing.claims import claim_case
from annotation_app.services.reviewing.disputes import open_case
from annotation_app.services.reviewing.flags import settle_flag
from tests.factories.gold import answer, answer_next, make_gold
from tests.factories.threads import in_threads
from tests.factories.world import NOON, make_annotators, make_campaign, make_user

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TWO, ROUNDS = 2, 5


def attempt(act):
    """What an act answers: its value, or the refusal in words."""
    try:
        return act()
    except AnnotationError as refused:
        return refused


def refusals(outcomes):
    return [one for one in outcomes if isinstance(one, AnnotationError)]


def member_of(campaign, role):
    person = make_user()
    return add_member(actor=None, campaign=campaign, user=person, role=role)


@pytest.fixture
def campaign():
    return make_campaign(6, k=2, base=2, overlap=2)


def test_an_invitation_accepted_in_two_windows_gives_the_role_once(campaign):
    admin = member_of(campaign, Role.ADMIN).user
    for _ in range(ROUNDS):
        person = make_user()
        fresh = invite(
            actor=admin, campaign=campaign, email=person.email, role=Role.ANNOTATOR, now=NOON
        )
        outcomes = in_threads(
            TWO,
            lambda _, f=fresh, p=person: attempt(
                lambda: accept_invitation(invitation=f.invitation, user=p, now=NOON)
            ),
        )
        assert len(refusals(outcomes)) == 1
        assert Membership.objects.filter(user=person).count() == 1


def test_two_new_accounts_at_one_link_are_one(campaign):
    admin = member_of(campaign, Role.ADMIN).user
    other = make_campaign(1, k=2)
    boss = member_of(other, Role.ADMIN).user
    now = datetime.now(UTC)
    links = [
        invite(actor=actor, campaign=where, email="new@example.org", role=Role.ANNOTATOR, now=now)
        for actor, where in ((admin, campaign), (boss, other))
    ]

    def join(index):
        body = {
            "username": f"newcomer{index}",
            "password": "seven-green-otters",
            "again": "seven-green-otters",
        }
        return Client().post(f"/invitations/{links[index % 2].token}/", body).status_code

    codes = in_threads(4, join)
    winner = codes.index(302)
    twin = codes[(winner + 2) % 4]  # at the same link: asked to sign in, or told that it is used
    assert twin in {200, 404}
    assert sorted(codes[1 - winner % 2 :: 2]) == [200, 200]  # at the other: asked to sign in
    assert User.objects.filter(email="new@example.org").count() == 1
    assert Membership.objects.filter(user__email="new@example.org").count() == 1
    assert Invitation.objects.filter(accepted_at=None).count() == 1  # the other one waits


def test_a_leaving_member_and_their_old_invitation_do_not_block_each_other(campaign):
    admin = member_of(campaign, Role.ADMIN).user
    for _ in range(ROUNDS):
        person = make_user()
        fresh = invite(
            actor=admin, campaign=campaign, email=person.email, role=Role.ANNOTATOR, now=NOON
        )
        member = add_member(actor=None, campaign=campaign, user=person, role=Role.ANNOTATOR)
        acts = (
            lambda m=member: end_membership(actor=admin, membership=m, reason="gone", now=NOON),
            lambda f=fresh, p=person: accept_invitation(invitation=f.invitation, user=p, now=NOON),
        )
        in_threads(TWO, lambda index, both=acts: attempt(both[index]))
        member.refresh_from_db()
        # whichever came first: an accepted link changed nothing, a later one is closed
        assert member.status == MembershipStatus.LEFT


def test_two_reviewers_who_take_a_dispute_get_one_each_way(campaign):
    for item in campaign.campaign_items.order_by("pk")[:ROUNDS]:
        # New ones each time: whoever won four rounds would hold the most items that one may.
        reviewers = [member_of(campaign, Role.REVIEWER).user for _ in range(TWO)]
        case = open_case(campaign, item.pk, [DisputeReason.RANGE], now=NOON, size=3)
        outcomes = in_threads(
            TWO,
            lambda index, c=case, two=reviewers: attempt(
                lambda: claim_case(reviewer=two[index], case=c, now=NOON)
            ),
        )
        assert len(refusals(outcomes)) == 1
        case.refresh_from_db()
        [winner] = [lease.annotator for lease in outcomes if not isinstance(lease, ConflictError)]
        assert case.claimed_by == winner
        assert Task.objects.filter(campaign_item=item, purpose=Purpose.REVIEW).count() == 1


def test_a_decision_and_a_late_claim_never_wait_for_each_other(campaign):
    first, second = (member_of(campaign, Role.REVIEWER).user for _ in range(TWO))
    later = NOON + timedelta(hours=2)  # the claim has run out
    # One round less: a fifth item would be more than one may hold.
    for item in campaign.campaign_items.order_by("pk")[: ROUNDS - 1]:
        case = open_case(campaign, item.pk, [DisputeReason.RANGE], now=NOON, size=3)
        answer(claim_case(reviewer=first, case=case, now=NOON), now=NOON)
        levels = {
            (candidate, key): 2
            for candidate in item.drawn.values_list("candidate", flat=True)
            for key in ("if", "vq")
        }
        acts = (
            lambda c=case, chosen=levels: decide_case(
                reviewer=first, case=c, levels=chosen, note="", now=later
            ),
            lambda c=case: claim_case(reviewer=second, case=c, now=later),
        )
        outcomes = in_threads(TWO, lambda index, both=acts: attempt(both[index]))
        case.refresh_from_db()
        assert len(refusals(outcomes)) == 1
        decided = Adjudication.objects.filter(campaign_item=item).exists()
        assert decided == (case.state == "decided") == (case.claimed_by != second)


def test_one_attempt_begins_in_two_windows(campaign):
    campaign = make_campaign(12, k=2)
    make_gold(campaign, 9)
    set_quality_plan(
        actor=None, campaign=campaign, changes={"qualification_required": True, "attempt_items": 3}
    )
    people = make_annotators(campaign, 3)
    for person in people:
        outcomes = in_threads(
            TWO,
            lambda _, p=person: attempt(
                lambda: start_attempt(annotator=p, campaign=campaign, now=NOON)
            ),
        )
        assert len(refusals(outcomes)) == 1
        assert QualificationAttempt.objects.filter(annotator=person).count() == 1
        slots = Task.objects.filter(purpose=Purpose.QUALIFICATION, assigned_to=person)
        assert slots.count() == 3


def test_a_pause_while_a_submit_is_in_flight_loses_nothing(campaign):
    for _ in range(ROUNDS):
        [ann] = make_annotators(campaign, 1)
        lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
        member = Membership.objects.get(user=ann)
        acts = (
            lambda held=lease: answer(held, now=NOON),
            lambda m=member: pause_annotator(
                actor=None, membership=m, reason=PauseReason.GOLD, now=NOON
            ),
            lambda p=ann: lease_next_task(annotator=p, campaign=campaign, now=NOON),
        )
        outcomes = in_threads(3, lambda index, all_=acts: attempt(all_[index]))
        assert outcomes[0].status == RatingStatus.ACTIVE
        assert outcomes[1] is True
        member.refresh_from_db()
        assert member.status == MembershipStatus.PAUSED
    assert Rating.objects.count() == ROUNDS


def test_a_gold_pause_found_by_two_rounds_happens_once(campaign):
    [ann] = make_annotators(campaign, 1)
    ratings = [answer_next(campaign, ann) for _ in range(3)]
    member = Membership.objects.get(user=ann)
    outcomes = in_threads(
        4,
        lambda _: pause_annotator(actor=None, membership=member, reason=PauseReason.GOLD, now=NOON),
    )
    assert sorted(outcomes) == [False, False, False, True]
    again = Task.objects.filter(purpose=Purpose.RERATE)
    assert sorted(again.values_list("campaign_item", flat=True)) == sorted(
        one.campaign_item_id for one in ratings
    )
    assert AuditEvent.objects.filter(object_type="annotator", verb="paused").count() == 1
    assert AnnotatorStatus.objects.count() == 1


def test_of_two_last_admins_who_remove_each_other_one_stays(campaign):
    for act in ("leave", "demote", "pause"):
        campaign = make_campaign(1, k=2)
        admins = [member_of(campaign, Role.ADMIN) for _ in range(TWO)]
        change = MemberChange(role=Role.REVIEWER, team="", daily_target=1, daily_cap=None)

        def remove(index, pair=admins, chosen=act, to=change):
            actor, target = pair[index].user, pair[1 - index]
            if chosen == "leave":
                end_membership(actor=actor, membership=target, reason="no", now=NOON)
            elif chosen == "demote":
                change_member(actor=actor, membership=target, change=to)
            else:
                pause_member(actor=actor, membership=target, reason="no", now=NOON)

        outcomes = in_threads(TWO, lambda index, act_=remove: attempt(lambda: act_(index)))
        assert len(refusals(outcomes)) == 1
        left = Membership.objects.filter(
            campaign=campaign, role=Role.ADMIN, status=MembershipStatus.ACTIVE
        )
        assert left.count() == 1


def test_a_role_taken_away_during_a_session_ends_what_it_allowed(campaign, client):
    admin = member_of(campaign, Role.ADMIN)
    reviewer = member_of(campaign, Role.REVIEWER)
    client.force_login(reviewer.user)
    where = f"/campaigns/{campaign.slug}/review/"
    assert client.get(where).status_code == 200
    change = MemberChange(role=Role.ANNOTATOR, team="", daily_target=1, daily_cap=None)
    change_member(actor=admin.user, membership=reviewer, change=change)
    assert client.get(where).status_code == 404
    assert client.get(f"/campaigns/{campaign.slug}/work/").status_code == 200
    lease = client.post(
        f"/api/v1/work/campaigns/{campaign.slug}/next", content_type="application/json"
    )
    assert lease.status_code == 200
    end_membership(actor=admin.user, membership=reviewer, reason="gone", now=NOON)
    for path in (
        f"/campaigns/{campaign.slug}/work/",
        f"/api/v1/work/campaigns/{campaign.slug}/session",
        lease.json()["candidates"][0]["url"],
    ):
        assert client.get(path).status_code in {403, 404}, path
    body = {"client_uuid": str(uuid4()), "seconds": 1, "scores": []}
    submit = f"/api/v1/work/leases/{lease.json()['token']}/submit"
    assert client.post(submit, body, content_type="application/json").status_code == 404


def test_a_flag_is_settled_once_and_a_release_undone_once(campaign):
    reviewers = [member_of(campaign, Role.ADMIN).user for _ in range(TWO)]
    [ann] = make_annotators(campaign, 1)
    item = campaign.campaign_items.first().item
    flag = Flag.objects.create(item=item, kind=FlagKind.BROKEN, source="import")
    outcomes = in_threads(
        TWO,
        lambda index: attempt(
            lambda: settle_flag(
                actor=reviewers[index],
                campaign=campaign,
                flag=flag,
                outcome=FlagOutcome.WITHDRAWN if index else FlagOutcome.RESOLVED,
                text="looked",
                now=NOON,
            )
        ),
    )
    assert len(refusals(outcomes)) == 1
    for _ in range(3):
        answer_next(campaign, ann)
    release = release_work(
        actor=reviewers[0], membership=Membership.objects.get(user=ann), since=None,
        reason="guesses", now=NOON,
    )  # fmt: skip
    outcomes = in_threads(
        TWO,
        lambda index: attempt(
            lambda: undo_release(actor=reviewers[index], release=release, now=NOON)
        ),
    )
    assert len(refusals(outcomes)) == 1
    assert Rating.objects.filter(status=RatingStatus.ACTIVE).count() == 3


def test_lessons_moved_at_once_keep_one_place_each(campaign):
    campaign = make_campaign(6, k=2)
    gold = make_gold(campaign, 4)
    actor = make_user()
    lessons = [
        save_lesson(
            actor=actor, campaign=campaign, lesson=None, title=str(n), introduction="",
            examples=[one],
        )
        for n, one in enumerate(gold)
    ]  # fmt: skip
    in_threads(4, lambda index: move_lesson(actor=actor, lesson=lessons[index], by=1))
    places = list(campaign.lessons.order_by("ordinal").values_list("ordinal", flat=True))
    assert len(set(places)) == 4
