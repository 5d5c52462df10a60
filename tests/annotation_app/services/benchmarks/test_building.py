from uuid import uuid4

import pytest

from annotation_app.enums import BenchmarkStage, BuildState, JobKind, MissingReason, Role, Split
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Benchmark, ExternalSet, Item, Rating, Task
from annotation_app.services.benchmarks.building import request_benchmark, run_build_job
from annotation_app.services.benchmarks.groups import CALIBRATION, group_from_json, of_part
from annotation_app.services.benchmarks.plans import BenchmarkChoices
from annotation_app.services.exports.options import ExportOptions
from annotation_app.services.exports.versions import request_dataset, run_export_job
from annotation_app.services.people.members import add_member
from annotation_app.services.rating.judgements import Judgement, ScoreInput
from annotation_app.services.rating.revisions import revise_rating
from tests.factories.benchmarks import make_checked_campaign
from tests.factories.world import NOON, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def quiet(done, total, message):
    pass


def build(campaign, **choices):
    values = {"groups": {2: 2, 3: 2, 4: 2}} | choices
    benchmark = request_benchmark(
        campaign=campaign, choices=BenchmarkChoices(**values), created_by=None
    )
    run_build_job(benchmark.job, quiet)
    benchmark.refresh_from_db()
    return benchmark


def leave_out_a_score(rating):
    """The rater takes one score back: cannot judge."""
    names = rating.task.rubric.dimensions.in_bulk()
    scores = [
        ScoreInput(
            candidate_id=score.candidate_id,
            dimension=names[score.dimension_id].key,
            **({"level": score.level} if place else {"missing_reason": MissingReason.OTHER}),
        )
        for place, score in enumerate(rating.current_revision.scores.all())
    ]
    judgement = Judgement(client_uuid=uuid4(), scores=scores, seconds=1.0, aids={})
    revise_rating(rating=rating, judgement=judgement, now=NOON)


@pytest.fixture
def checked():
    return make_checked_campaign(8)


def test_groups_of_each_size_come_from_different_items_with_every_raters_scores(checked):
    campaign, people = checked
    benchmark = build(campaign)
    assert (benchmark.state, benchmark.stage) == (BuildState.READY, BenchmarkStage.CHECKING)
    sizes = sorted(len(group["candidates"]) for group in benchmark.groups)
    assert sizes == [2, 2, 3, 3, 4, 4]
    assert len({group["item_id"] for group in benchmark.groups}) == 6
    by_size = {len(group["candidates"]): group for group in benchmark.groups}
    # overall scores are 8, 6, 5, 5, 2: the hardest strict triple is 8, 6, 5; with four it is all
    assert sorted(c["overall"] for c in by_size[3]["candidates"]) == ["5", "6", "8"]
    assert sorted(c["overall"] for c in by_size[4]["candidates"]) == ["2", "5", "6", "8"]
    assert len(set(by_size[4]["ranks"])) == 4
    assert sorted(by_size[2]["raters"]) == sorted(person.pk for person in people)
    assert len(by_size[2]["candidates"][0]["rater_scores"]) == 3
    assert benchmark.facts == {
        "items": 8,
        "eligible": 8,
        "excluded": {},
        "found": {"2": 2, "3": 2, "4": 2},
        "missing": {},
        "calibration": 0,
    }


def test_half_of_the_pairs_are_ties_of_the_raters(checked):
    pairs = list(build(checked[0], groups={2: 6}).groups)
    ties = [group for group in pairs if group["ranks"] == [0, 0]]
    # both tied candidates have 5 of 2..8: the middle is 5, and only above it ties are good
    assert [group["tie_quality"] for group in ties] == ["Bad"] * 3
    assert len(pairs) == 6


def test_the_same_choices_choose_the_same_groups_and_another_seed_others(checked):
    first, again = build(checked[0]), build_again(checked[0])
    assert [group["group_id"] for group in first.groups] == again


def build_again(campaign):
    """The first benchmark's set would bar its items: forget it, as another campaign would."""
    ExternalSet.objects.all().delete()
    return [group["group_id"] for group in build(campaign).groups]


def test_the_groups_survive_their_json(checked):
    [group, *_] = build(checked[0]).groups
    exact = group_from_json(group)
    assert [str(one.overall) for one in exact.candidates] == [
        one["overall"] for one in group["candidates"]
    ]
    assert list(exact.order.ranks) == group["ranks"]


def test_later_training_data_leaves_out_every_image_of_the_chosen_items(checked):
    campaign, _ = checked
    benchmark = build(campaign)
    # six items with a source and five candidates each
    assert len(benchmark.external_set.hashes) == 36
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)
    run_export_job(version.job, quiet)
    version.refresh_from_db()
    chosen = {group["item_id"] for group in benchmark.groups}
    splits = {row.facts["item_id"]: row.split for row in version.snapshot.items.all()}
    assert {name for name, split in splits.items() if split == Split.EXCLUDED} == chosen


def test_items_released_for_training_are_left_out_unless_allowed():
    campaign, _ = make_checked_campaign(9)
    Item.objects.update(split=Split.TEST)
    Item.objects.filter(pk__in=list(Item.objects.values_list("pk", flat=True)[:3])).update(
        split=Split.TRAIN
    )
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)
    run_export_job(version.job, quiet)
    benchmark = build(campaign)
    assert benchmark.facts["excluded"] == {"released_for_training": 3}
    ExternalSet.objects.all().delete()
    assert build(campaign, unreleased_only=False).facts["eligible"] == 9


def test_calibration_pairs_come_from_the_items_that_are_left(checked):
    benchmark = build(checked[0], calibration_pairs=2)
    spare = of_part(benchmark.groups, CALIBRATION)
    assert len(spare) == 2
    taken = {group["item_id"] for group in benchmark.groups if group not in spare}
    assert taken.isdisjoint(group["item_id"] for group in spare)


def test_too_few_items_fail_with_counts_and_the_condition(checked):
    campaign, _ = checked
    rating = Rating.objects.filter(campaign=campaign).first()
    Task.objects.filter(campaign_item=rating.campaign_item_id).update(design="csp")
    other = Rating.objects.exclude(campaign_item=rating.campaign_item_id).first()
    leave_out_a_score(other)
    with pytest.raises(InvalidInputError) as caught:
        build(campaign, groups={4: 8})
    message = caught.value.message
    assert "Missing: 2 groups of 4 candidates" in message
    assert "6 of 8 rated items are eligible" in message
    assert "1: rated by enough people, but not randomly assigned." in message
    assert "1: a score is missing (cannot judge)." in message
    benchmark = Benchmark.objects.get()
    assert (benchmark.state, benchmark.facts["missing"]) == (BuildState.FAILED, {"4": 2})
    assert ExternalSet.objects.count() == 0


def test_what_there_is_can_be_accepted(checked):
    benchmark = build(checked[0], groups={4: 9}, accept_fewer=True)
    assert (len(benchmark.groups), benchmark.facts["missing"]) == (8, {"4": 1})


def test_categories_can_be_chosen():
    campaign, _ = make_checked_campaign(10)
    benchmark = build(campaign, groups={3: 5}, categories=("object",))
    assert {group["category"] for group in benchmark.groups} == {"object"}
    assert benchmark.facts["excluded"] == {"other_category": 5}


def test_fewer_than_five_groups_are_no_benchmark(checked):
    with pytest.raises(InvalidInputError, match="Fewer than five groups"):
        build(checked[0], groups={3: 5}, categories=("object",), accept_fewer=True)


@pytest.mark.parametrize(
    "choices",
    [{"groups": {2: 4}}, {"groups": {5: 9}}, {"groups": {2: 9}, "tied_share": 101}],
)
def test_impossible_choices_are_refused_before_any_job(checked, choices):
    with pytest.raises(InvalidInputError):
        request_benchmark(campaign=checked[0], choices=BenchmarkChoices(**choices), created_by=None)
    assert not checked[0].jobs.filter(kind=JobKind.BUILD_BENCHMARK).exists()


def test_a_second_run_of_a_finished_job_changes_nothing(checked):
    benchmark = build(checked[0])
    before = benchmark.groups
    add_member(actor=None, campaign=checked[0], user=make_user(), role=Role.ADMIN)
    run_build_job(benchmark.job, quiet)
    benchmark.refresh_from_db()
    assert benchmark.groups == before
    assert benchmark.joint_rankings.count() == 18
