from datetime import timedelta

import pytest

from annotation_app.enums import DisputeReason, FlagKind, FlagOutcome, FlagSource, Role
from annotation_app.exceptions import ConflictError, InvalidInputError, NothingToDoError
from annotation_app.models import (
    Adjudication,
    DrawnCandidate,
    Flag,
    Rating,
    ReviewCase,
    Task,
    ThreadMessage,
)
from annotation_app.selectors.rating.scores import adjudicated_levels
from annotation_app.selectors.reviewing.cases import next_case, own_outcomes, side_by_side
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.collections.screening import personal_data_in, screen_item
from annotation_app.services.people.members import add_member
from annotation_app.services.quality.bank import gold_from_decision
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality_checks import run_quality_checks
from annotation_app.services.rating.flags import flag_item
from annotation_app.services.reviewing.adjudication import decide_case, reopen_case
from annotation_app.services.reviewing.claims import claim_case, give_back_case
from annotation_app.services.reviewing.disputes import open_case
from annotation_app.services.reviewing.flags import settle_flag
from tests.factories.gold import answer, answer_next, seeded
from tests.factories.world import NOON, make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def campaign():
    return make_campaign(3, k=2, base=2, overlap=2)


@pytest.fixture
def raters(campaign):
    return make_annotators(campaign, 2)


@pytest.fixture
def reviewers(campaign):
    people = [make_user(), make_user()]
    for person in people:
        add_member(actor=None, campaign=campaign, user=person, role=Role.REVIEWER)
    return people


@pytest.fixture
def case(campaign, raters):
    ratings = [answer_next(campaign, raters[0])]
    while len(ratings) < 2:
        rating = answer_next(campaign, raters[1], knows=False)
        if rating.campaign_item_id == ratings[0].campaign_item_id:
            ratings.append(rating)
    return open_case(campaign, ratings[0].campaign_item_id, [DisputeReason.RANGE], now=NOON, size=3)


def decision(case, level=2):
    drawn = DrawnCandidate.objects.filter(campaign_item=case.campaign_item_id)
    return {
        (candidate, key): level
        for candidate in drawn.values_list("candidate", flat=True)
        for key in ("if", "vq")
    }


def rate_blind(case, reviewer, now=NOON):
    return answer(claim_case(reviewer=reviewer, case=case, now=now), now=now)


def test_a_reviewer_rates_blind_then_sees_anonymous_scores_and_decides(
    campaign, case, raters, reviewers
):
    reviewer = reviewers[0]
    claim_case(reviewer=reviewer, case=case, now=NOON)
    with pytest.raises(ConflictError, match="Rate the item yourself"):
        decide_case(reviewer=reviewer, case=case, levels=decision(case), note="", now=NOON)
    own = rate_blind(case, reviewer)
    case.refresh_from_db()
    rows, opinions = side_by_side(case, own)
    assert [one.number for one in opinions] == [1, 2]
    assert sorted(rows[0].cells[0].others) == ["1", "4"]
    decide_case(reviewer=reviewer, case=case, levels=decision(case), note="both off", now=NOON)
    assert set(adjudicated_levels(campaign).values()) == {2}
    ratings = Rating.objects.filter(campaign_item=case.campaign_item_id)
    assert not ratings.filter(closed_at=None).exists()
    [(rating, outcome)] = own_outcomes(campaign, raters[0])
    assert rating.annotator == raters[0]
    assert {cell.chosen for row in outcome for cell in row.cells} == {2}


def test_disputes_open_where_scores_lie_apart_or_the_facet_model_is_unsure():
    campaign = make_campaign(4, k=4, base=2, overlap=2)
    set_quality_plan(
        actor=None,
        campaign=campaign,
        changes={"dispute_range": 0, "dispute_gap": 0.0, "dispute_entropy": 0.1},
    )
    people = make_annotators(campaign, 2)
    for place, person in enumerate(people):
        for turn in range(4):
            answer_next(campaign, person, knows=bool(turn % 2 or place))
    run_quality_checks(campaign=campaign, now=NOON, rng=seeded(1))
    cases = ReviewCase.objects.all()
    assert cases
    assert {tuple(case.reasons) for case in cases} == {(DisputeReason.ENTROPY,)}
    set_quality_plan(actor=None, campaign=campaign, changes={"dispute_range": 3})
    run_quality_checks(campaign=campaign, now=NOON + HOUR / 2, rng=seeded(1))
    wide = [case for case in ReviewCase.objects.all() if DisputeReason.RANGE in case.reasons]
    # levels 4 and 1 stand against 1 and 4 where one knew the item and the other did not
    assert {case.size for case in wide} == {3.0}


def test_two_reviewers_never_decide_the_same_item(case, reviewers):
    first, second = reviewers
    rate_blind(case, first)
    with pytest.raises(ConflictError, match="working on this item"):
        claim_case(reviewer=second, case=case, now=NOON)
    rate_blind(case, second, now=NOON + 2 * HOUR)  # the claim has run out
    case.refresh_from_db()
    with pytest.raises(ConflictError, match="working on this item now"):
        decide_case(reviewer=first, case=case, levels=decision(case), note="", now=NOON)
    decide_case(reviewer=second, case=case, levels=decision(case), note="", now=NOON + 2 * HOUR)
    with pytest.raises(ConflictError, match="decided"):
        claim_case(reviewer=first, case=case, now=NOON + 2 * HOUR)


def test_raters_do_not_judge_their_own_dispute(campaign, case, raters):
    add_member(actor=None, campaign=campaign, user=raters[0], role=Role.REVIEWER)
    assert next_case(campaign, raters[0], NOON) is None
    with pytest.raises(ConflictError, match="yourself"):
        claim_case(reviewer=raters[0], case=case, now=NOON)


def test_a_decision_needs_every_score_and_only_levels(case, reviewers):
    rate_blind(case, reviewers[0])
    whole = decision(case)
    partly = dict(list(whole.items())[1:])
    with pytest.raises(InvalidInputError, match="every candidate"):
        decide_case(
            reviewer=reviewers[0],
            case=case,
            levels=partly,
            note="",
            now=NOON,
        )
    with pytest.raises(InvalidInputError, match="not a level"):
        decide_case(
            reviewer=reviewers[0], case=case, levels=dict.fromkeys(whole, 5), note="", now=NOON
        )
    assert not Adjudication.objects.exists()


def test_a_decision_can_be_made_again_until_a_snapshot_uses_it(campaign, case, reviewers):
    reviewer = reviewers[0]
    rate_blind(case, reviewer)
    decide_case(reviewer=reviewer, case=case, levels=decision(case), note="", now=NOON)
    reopen_case(reviewer=reviewer, case=case, now=NOON)
    assert claim_case(reviewer=reviewer, case=case, now=NOON) is None  # rated already
    decide_case(reviewer=reviewer, case=case, levels=decision(case, 3), note="", now=NOON)
    assert set(adjudicated_levels(campaign).values()) == {3}
    gold = gold_from_decision(actor=reviewer, campaign_item=case.campaign_item)
    assert {score.level for score in gold.scores.all()} == {3}


def test_a_case_given_back_is_free_for_others(case, reviewers):
    claim_case(reviewer=reviewers[0], case=case, now=NOON)
    give_back_case(reviewer=reviewers[0], case=case)
    assert claim_case(reviewer=reviewers[1], case=case, now=NOON) is not None


def test_a_withdrawn_item_is_served_to_nobody(campaign, raters):
    admin = make_user()
    item = campaign.campaign_items.first().item
    flag = Flag.objects.create(item=item, kind=FlagKind.PERSONAL_DATA, source=FlagSource.IMPORT)
    settle = {"actor": admin, "campaign": campaign, "flag": flag, "now": NOON}
    with pytest.raises(InvalidInputError):
        settle_flag(**settle, outcome=FlagOutcome.WITHDRAWN, text="")
    settle_flag(**settle, outcome=FlagOutcome.WITHDRAWN, text="a telephone number")
    with pytest.raises(ConflictError):
        settle_flag(**settle, outcome=FlagOutcome.RESOLVED, text="")
    assert not Task.objects.filter(campaign_item__item=item).exclude(state="closed").exists()
    for _ in range(2):
        lease = lease_next_task(annotator=raters[0], campaign=campaign, now=NOON)
        assert lease.task.campaign_item.item_id != item.pk
    with pytest.raises(NothingToDoError):
        lease_next_task(annotator=raters[0], campaign=campaign, now=NOON)


def test_a_word_for_the_discussion_reaches_whoever_flagged(campaign, raters):
    lease = lease_next_task(annotator=raters[0], campaign=campaign, now=NOON)
    flag = flag_item(lease=lease, kind=FlagKind.AMBIGUOUS, note="which one?")
    settle_flag(
        actor=make_user(),
        campaign=campaign,
        flag=flag,
        outcome=FlagOutcome.DISCUSSED,
        text="The left one.",
        now=NOON,
    )
    message = ThreadMessage.objects.get()
    assert (message.body, message.lease, message.from_staff) == ("The left one.", lease, True)
    assert message.thread.campaign_item_id == lease.task.campaign_item_id


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Write anna.b@mail.example.org on it", ["email address"]),
        ("Call +49 (0)30 901820-11", ["telephone number"]),
        ("The card says 123-45-6789", ["telephone number", "social security number"]),
        ("证件号 11010519491231002X", ["Chinese identity number"]),
        ("Pay to DE89 3704 0044 0532 0130 00", ["bank account"]),
        ("Make it 1024 by 768 at 60 Hz, version 3.11.2", []),
        ("Add 3 cats, 4 dogs and 120 ants", []),
    ],
)
def test_patterns_find_what_looks_like_personal_data(text, kinds):
    found = personal_data_in(text)
    assert set(kinds) <= set(found)
    assert bool(found) == bool(kinds)


def test_an_import_is_screened_for_words_and_places(campaign, settings):
    settings.SCREENED_WORDS = ["gun"]
    item = campaign.campaign_items.first().item
    item.instruction = "Put a Gun beside the gunwale"
    flags = screen_item(item=item, has_gps=True)
    assert {(flag.kind, flag.note) for flag in flags} == {
        (FlagKind.PERSONAL_DATA, "GPS place in an image file"), (FlagKind.UNSAFE, "gun"),
    }  # fmt: skip
    assert {flag.source for flag in flags} == {FlagSource.IMPORT}
