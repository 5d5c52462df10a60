import io
import json
import tracemalloc

import pytest

from annotation_app.enums import BenchmarkStage, BuildState, JudgeKind, Role
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import (
    Benchmark,
    DatasetVersion,
    RewardModelVersion,
    Snapshot,
    SnapshotItem,
)
from annotation_app.selectors.benchmarks.benchmarks import board_records, scorable_models
from annotation_app.services.benchmarks.judging import (
    compare_judge,
    group_candidates,
    record_model_run,
    record_predictions,
    remove_judge,
    request_model_run,
)
from annotation_app.services.benchmarks.predictions import read_predictions
from annotation_app.services.campaigns.creation import create_campaign
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.people.members import add_member
from tests.factories.benchmarks import make_group
from tests.factories.world import NOON, make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def benchmark():
    """Eight pairs of eight items: six strict (A wins the even ones), two ties."""
    campaign, rater = make_campaign(1, k=2), make_user()
    groups = [make_group(campaign, number, [rater]) for number in range(8)]
    for group in groups[6:]:
        group |= {"ranks": [0, 0], "tie_quality": "Good"}
    return Benchmark.objects.create(
        campaign=campaign,
        number=1,
        seed=3,
        state=BuildState.READY,
        stage=BenchmarkStage.PUBLISHED,
        published_at=NOON,
        plan={},
        groups=groups,
    )


def read(benchmark, name, text):
    file = io.BytesIO(text.encode())
    return read_predictions(name=name, file=file, groups=group_candidates(benchmark))


def record(benchmark, name, text, file="p.csv"):
    run = record_predictions(
        benchmark=benchmark, name=name, predictions=read(benchmark, file, text), actor=make_user()
    )
    benchmark.refresh_from_db()
    return run


def scores_csv(benchmark, wins):
    """A gets the score of `wins(number)` and B gets 0; None leaves the group out."""
    lines = ["group_id,candidate,score"]
    for number, group in enumerate(benchmark.groups):
        value = wins(number)
        if value is not None:
            lines += [f"{group['group_id']},A,{value}", f"{group['group_id']},B,0"]
    return "\n".join(lines)


def right(number):
    return (1, -1)[number % 2] if number < 6 else 0.001


def test_scores_are_all_or_nothing_per_group_with_floors_and_intervals(benchmark):
    run = record(benchmark, "good", scores_csv(benchmark, right))
    [row, pooled] = run.report["strict_rows"]
    assert (row["k"], row["groups"], row["correct"], row["value"]) == (2, 6, 6, 1.0)
    # Clopper and Pearson: all of six right, lower end 0.025 ** (1 / 6)
    assert row["exact"] == pytest.approx([0.025 ** (1 / 6), 1.0])
    assert (pooled["floor_scores"], pooled["floor_labels"]) == (0.5, 0.25)
    assert run.report["strict_pairs"]["total"] == 6
    assert run.report["pairs"]["total"] == 8
    assert run.report["pair_floors"]["always_tie"] == pytest.approx(2 / 8)
    assert run.report["epsilon_origin"] == "cross_fit"
    assert run.report["tau_b"]["value"] == 1.0
    assert run.report["failed_groups"] == 0


def test_missing_predictions_are_failures_and_stay_in_the_denominator(benchmark):
    run = record(benchmark, "half", scores_csv(benchmark, lambda n: right(n) if n < 3 else None))
    assert run.report["failed_groups"] == 5
    pooled = run.report["strict_rows"][-1]
    assert (pooled["correct"], pooled["groups"]) == (3, 6)
    # as published they leave it
    assert run.report["as_published"][-1]["total"] == 3
    assert run.report["as_published"][-1]["value"] == 1.0


def test_the_tie_threshold_comes_from_calibration_groups_where_they_are_predicted(benchmark):
    for group in benchmark.groups[3:]:
        group["part"] = "calibration"
    benchmark.groups = [
        *benchmark.groups,
        *(make_group(benchmark.campaign, number, [make_user()]) for number in range(20, 26)),
    ]
    benchmark.save()
    run = record(benchmark, "calibrated", scores_csv(benchmark, lambda n: right(n % 8)))
    assert run.report["epsilon_origin"] == "calibration"
    assert run.report["strict_rows"][-1]["groups"] == 9


def test_json_lists_and_candidate_ids_are_read_too(benchmark):
    ids = [one["candidate_id"] for one in benchmark.groups[0]["candidates"]]
    name = benchmark.groups[0]["group_id"]
    listed = read(benchmark, "p.json", json.dumps([{"group_id": name, "scores": [2, None]}]))
    assert listed.values[name] == [2.0, None]
    line = json.dumps({"group_id": name, "candidate": ids[1], "score": 4})
    assert read(benchmark, "p.jsonl", line).values[name] == [None, 4.0]


def test_every_bad_row_is_named_with_field_and_remedy_and_nothing_is_stored(benchmark):
    name = benchmark.groups[0]["group_id"]
    text = "\n".join(
        [
            "group_id,candidate,score",
            f"{name},A,1",
            f"{name},A,2",
            f"{name},Z,1",
            "nowhere,A,1",
            f"{name},B,great",
        ]
    )
    with pytest.raises(InvalidInputError) as caught:
        record(benchmark, "bad", text)
    problems = caught.value.details["problems"]
    assert [(one.row, one.field) for one in problems] == [
        (3, "candidate"),
        (4, "candidate"),
        (5, "group_id"),
        (6, "score"),
    ]
    assert all(one.remedy for one in problems)
    assert not benchmark.judge_runs.exists()


@pytest.mark.parametrize(
    ("file", "text"), [("p.csv", "group_id,candidate,score"), ("p.json", "{"), ("p.txt", "x")]
)
def test_what_cannot_be_read_is_refused(benchmark, file, text):
    with pytest.raises(InvalidInputError):
        read(benchmark, file, text)


def answers_csv(benchmark, answer):
    """Both orders of every pair; `answer(number, swapped)` is said of what was shown."""
    lines = ["group_id,first,second,answer"]
    for number, group in enumerate(benchmark.groups):
        lines.append(f"{group['group_id']},A,B,{answer(number, swapped=False)}")
        lines.append(f"{group['group_id']},B,A,{answer(number, swapped=True)}")
    return "\n".join(lines)


def honest(number, swapped):
    if number >= 6:
        return "A=B=Bad"
    return "A>B" if (number % 2 == 0) != swapped else "B>A"


def test_an_honest_judge_of_pairs_is_right_and_consistent(benchmark):
    run = record(benchmark, "honest", answers_csv(benchmark, honest))
    assert run.kind == JudgeKind.ANSWERS
    assert run.report["pairs"]["value"] == 1.0
    # it calls the two good ties bad: wrong where four classes are told apart
    assert run.report["four_class"]["pairs"]["correct"] == 6
    assert run.report["swap"]["consistent"]["value"] == 1.0
    assert run.report["swap"]["gap"] == 0.0


def test_a_judge_that_prefers_the_left_is_found_out(benchmark):
    run = record(benchmark, "left", answers_csv(benchmark, lambda n, swapped: "A>B"))
    swap = run.report["swap"]
    assert (swap["consistent"]["correct"], swap["pairs"], swap["strict_pairs"]) == (0, 8, 6)
    assert (swap["better_left"]["value"], swap["better_right"]["value"]) == (1.0, 0.0)
    assert (swap["gap"], swap["picks_left"]["value"]) == (1.0, 1.0)
    # shown A first, A wins three of six strict groups
    assert run.report["strict_rows"][-1]["correct"] == 3


def test_wrong_answers_are_named(benchmark):
    name = benchmark.groups[0]["group_id"]
    text = f"group_id,first,second,answer\n{name},A,A,A>B\n{name},A,B,left\n{name},A,B,"
    with pytest.raises(InvalidInputError) as caught:
        read(benchmark, "a.csv", text)
    assert [(one.row, one.field) for one in caught.value.details["problems"]] == [
        (2, "first, second"),
        (3, "answer"),
    ]


def test_the_board_ranks_all_kinds_with_paired_differences(benchmark):
    record(benchmark, "perfect", scores_csv(benchmark, right))
    record(benchmark, "left", answers_csv(benchmark, lambda n, swapped: "A>B"))
    wrong = record(benchmark, "wrong", scores_csv(benchmark, lambda n: -right(n)))
    first, second, last = board_records(benchmark)
    assert [row["judge"] for row in (first, second, last)] == ["perfect", "left", "wrong"]
    assert (first["behind_leader"], second["behind_leader"], last["behind_leader"]) == (
        None,
        0.5,
        1.0,
    )
    # three discordant groups, all for the leader: 2 * (1/2)^3; six: 2 * (1/2)^6
    assert (second["mcnemar_p"], last["mcnemar_p"]) == pytest.approx((0.25, 0.03125))
    assert second["swap_consistency"] == 0.0
    remove_judge(run=wrong, actor=make_user())
    benchmark.refresh_from_db()
    assert [row["judge"] for row in board_records(benchmark)] == ["perfect", "left"]


def test_a_name_stands_once_and_only_on_published_benchmarks(benchmark):
    record(benchmark, "one", scores_csv(benchmark, right))
    with pytest.raises(ConflictError, match="another name"):
        record(benchmark, "one", scores_csv(benchmark, right))
    Benchmark.objects.update(stage=BenchmarkStage.CHECKING)
    benchmark.refresh_from_db()
    with pytest.raises(ConflictError, match="Publish it first"):
        record(benchmark, "two", scores_csv(benchmark, right))


def test_a_model_that_saw_the_items_in_training_is_marked(benchmark):
    # a model of another campaign over the same collection, trained on the benchmark's item
    item = benchmark.campaign.campaign_items.first().item
    other = create_campaign(actor=None, name="Other", collection=benchmark.campaign.collection)
    plan_campaign(campaign=other)
    snapshot = Snapshot.objects.create(
        campaign=other,
        rubric=other.rubric,
        guideline=other.guideline,
        digest="",
        is_simulated=False,
    )
    SnapshotItem.objects.create(
        snapshot=snapshot,
        campaign_item=other.campaign_items.get(item=item),
        split="train",
        facts={},
    )
    dataset = DatasetVersion.objects.create(campaign=other, number=1, seed=0, snapshot=snapshot)
    version = RewardModelVersion.objects.create(
        campaign=other,
        number=1,
        rubric=other.rubric,
        dataset=dataset,
        backbone="compact",
        state=BuildState.READY,
    )
    run = request_model_run(benchmark=benchmark, version=version, created_by=make_user())
    values = {group["group_id"]: [1.0, 0.0] for group in benchmark.groups}
    record_model_run(run=run, predictions=values, actor=None)
    run.refresh_from_db()
    assert run.report["trained_on"] == 1
    with pytest.raises(ConflictError, match="another name"):
        request_model_run(benchmark=benchmark, version=version, created_by=make_user())


def test_models_are_offered_from_campaigns_that_one_may_see(benchmark):
    admin, researcher = make_user(superuser=True), make_user()
    add_member(actor=None, campaign=benchmark.campaign, user=researcher, role=Role.RESEARCHER)
    other = create_campaign(actor=None, name="Other", collection=benchmark.campaign.collection)
    for campaign in (benchmark.campaign, other):
        RewardModelVersion.objects.create(
            campaign=campaign,
            number=1,
            rubric=campaign.rubric,
            backbone="compact",
            state=BuildState.READY,
        )
    offered = {
        person: {one.campaign for one in scorable_models(person, benchmark.campaign)}
        for person in (admin, researcher)
    }
    assert offered == {
        admin: {benchmark.campaign, other},
        researcher: {benchmark.campaign},
    }


def test_a_judge_is_compared_with_every_other_one_and_p_is_corrected_for_all(benchmark):
    run = record(benchmark, "all right", scores_csv(benchmark, right))
    record(benchmark, "all wrong", scores_csv(benchmark, lambda number: -right(number)))
    record(benchmark, "three right", scores_csv(benchmark, lambda number: 1))
    first, second = compare_judge(run)
    assert (first["name"], second["name"]) == ("three right", "all wrong")
    assert (first["difference"], first["only_this"], first["only_other"]) == (0.5, 3, 0)
    assert first["p_value"] == pytest.approx(2 * 0.5**3)
    assert second["difference"] == 1.0
    assert second["p_value"] == pytest.approx(2 * 0.5**6)
    # Holm: the smaller p times two, the larger one times one
    assert second["p_holm"] == pytest.approx(4 * 0.5**6)
    assert first["p_holm"] == pytest.approx(2 * 0.5**3)


def test_a_judge_alone_is_compared_with_nobody(benchmark):
    assert compare_judge(record(benchmark, "alone", scores_csv(benchmark, right))) == []


def test_bad_rows_are_counted_and_only_the_first_kept(benchmark):
    text = "group_id,candidate,score\n" + "nowhere,A,1\n" * 100_000
    file = io.BytesIO(text.encode())
    groups = group_candidates(benchmark)
    tracemalloc.start()
    with pytest.raises(InvalidInputError, match="Rows with errors: 100000") as refused:
        read_predictions(name="p.csv", file=file, groups=groups)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    problems = refused.value.details["problems"]
    assert [problem.row for problem in problems] == list(range(2, 202))
    assert peak < 8 << 20


def test_a_list_that_must_be_read_whole_is_taken_up_to_its_own_limit(benchmark):
    text = "[" + ",".join(['{"group_id": "a", "note": "' + "x" * 1000 + '"}'] * 17_000) + "]"
    with pytest.raises(InvalidInputError, match="Write it as JSONL"):
        read(benchmark, "p.json", text)
    with pytest.raises(InvalidInputError, match="Write it as JSONL"):
        read(benchmark, "p.jsonl", text)


def test_a_number_of_hundreds_of_digits_is_not_a_score(benchmark):
    group = benchmark.groups[0]["group_id"]
    text = json.dumps({"group_id": group, "scores": [10**400, 1]})
    with pytest.raises(InvalidInputError) as refused:
        read(benchmark, "p.jsonl", text)
    [problem] = refused.value.details["problems"]
    assert (problem.row, problem.field) == (1, "score")
