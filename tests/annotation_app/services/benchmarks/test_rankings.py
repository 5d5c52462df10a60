import pytest
from django.utils import timezone

from annotation_app.enums import AuditVerb, BenchmarkStage, BuildState
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import AuditEvent, JointRanking
from annotation_app.services.benchmarks.plans import scale_middle
from annotation_app.services.benchmarks.publishing import request_publication, run_publish_job
from annotation_app.services.benchmarks.rankings import decide_ranking, joint_labels
from tests.annotation_app.services.benchmarks.test_building import build, quiet
from tests.factories.benchmarks import make_checked_campaign
from tests.factories.threads import in_threads
from tests.factories.world import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def benchmark():
    campaign, _ = make_checked_campaign(6)
    return build(campaign, groups={2: 4, 3: 2})


def decide(ranking, ranks):
    """Store ranks given by place in the group, as the rater's screen would send them."""
    shown = [ranks[place] for place in ranking.shown]
    return decide_ranking(ranking=ranking, ranks_shown=shown, now=timezone.now())


def confirm_all(benchmark):
    for ranking in benchmark.joint_rankings.filter(ranks__isnull=True):
        decide(ranking, ranking.implied)


def group_of(benchmark, size, *, tied=False):
    return next(
        group
        for group in benchmark.groups
        if len(group["ranks"]) == size and (len(set(group["ranks"])) < size) == tied
    )


def test_every_rater_is_asked_for_the_order_that_their_own_scores_imply(benchmark):
    assert benchmark.joint_rankings.count() == 6 * 3
    group = group_of(benchmark, 3)
    rankings = benchmark.joint_rankings.filter(group_id=group["group_id"])
    # the raters agreed, so everybody's own order is the group's
    assert [one.implied for one in rankings] == [group["ranks"]] * 3
    assert all(sorted(one.shown) == [0, 1, 2] for one in rankings)


def test_confirming_everything_confirms_the_labels(benchmark):
    confirm_all(benchmark)
    kept, outcomes = joint_labels(benchmark, scale_middle(benchmark.campaign.rubric))
    assert outcomes["confirmed"] == len(kept) == 6
    assert [group["ranks"] for group in kept] == [group["ranks"] for group in benchmark.groups]
    assert {group["label_source"] for group in kept} == {"joint ranking"}


def test_the_majority_corrects_an_order(benchmark):
    group = group_of(benchmark, 2)
    swapped = [1 - rank for rank in group["ranks"]]
    confirm_all(benchmark)
    for ranking in benchmark.joint_rankings.filter(group_id=group["group_id"])[:2]:
        decide(ranking, swapped)
    kept, outcomes = joint_labels(benchmark, scale_middle(benchmark.campaign.rubric))
    found = next(one for one in kept if one["group_id"] == group["group_id"])
    assert (found["ranks"], found["agreeing"]) == (swapped, 2)
    assert (outcomes["corrected"], outcomes["confirmed"]) == (1, 5)


def test_a_pair_that_raters_tie_is_good_only_above_the_middle(benchmark):
    # the hardest strict pair has overall 6 and 5: their mean lies above the middle of 2 to 8
    group = group_of(benchmark, 2)
    confirm_all(benchmark)
    for ranking in benchmark.joint_rankings.filter(group_id=group["group_id"]):
        decide(ranking, [0, 0])
    kept, _ = joint_labels(benchmark, scale_middle(benchmark.campaign.rubric))
    found = next(one for one in kept if one["group_id"] == group["group_id"])
    assert (found["ranks"], found["tie_quality"]) == ([0, 0], "Good")


def test_a_group_without_a_majority_is_left_out(benchmark):
    group = group_of(benchmark, 2)
    confirm_all(benchmark)
    orders = ([0, 1], [1, 0], [0, 0])
    for ranking, ranks in zip(
        benchmark.joint_rankings.filter(group_id=group["group_id"]), orders, strict=True
    ):
        decide(ranking, ranks)
    kept, outcomes = joint_labels(benchmark, scale_middle(benchmark.campaign.rubric))
    assert outcomes["no_majority"] == 1
    assert group["group_id"] not in {one["group_id"] for one in kept}


@pytest.mark.parametrize("ranks", [[0, 1], [0, 0, 1], [0, 2, 3], []])
def test_what_is_no_strict_order_of_three_is_refused(benchmark, ranks):
    group = group_of(benchmark, 3)
    ranking = benchmark.joint_rankings.filter(group_id=group["group_id"]).first()
    with pytest.raises(InvalidInputError):
        decide_ranking(ranking=ranking, ranks_shown=ranks, now=timezone.now())
    ranking.refresh_from_db()
    assert ranking.ranks is None


def test_every_change_is_audited_with_what_held_before(benchmark):
    group = group_of(benchmark, 3)
    ranking = benchmark.joint_rankings.filter(group_id=group["group_id"]).first()
    decide(ranking, ranking.implied)
    decide(ranking, ranking.implied)
    changed = [2 - rank for rank in ranking.implied]
    decide(ranking, changed)
    events = AuditEvent.objects.filter(verb=AuditVerb.RANKED).order_by("pk")
    assert [event.data["before"] for event in events] == [None, ranking.implied]
    assert events[1].data["after"] == changed
    assert {event.actor_id for event in events} == {ranking.rater_id}


def test_publication_waits_for_every_ranking_or_a_reason(benchmark):
    admin = make_user()
    with pytest.raises(ConflictError, match="18 rankings have not been confirmed yet"):
        request_publication(benchmark=benchmark, actor=admin)
    job = request_publication(benchmark=benchmark, actor=admin, override_reason="A rater left.")
    run_publish_job(job, quiet)
    benchmark.refresh_from_db()
    assert (benchmark.stage, benchmark.override_reason) == (
        BenchmarkStage.PUBLISHED,
        "A rater left.",
    )
    assert benchmark.manifest["joint_check"]["unchecked"] == 6
    event = AuditEvent.objects.get(verb=AuditVerb.PUBLISHED)
    assert (event.actor, event.data["override_reason"]) == (admin, "A rater left.")


def test_a_published_order_cannot_be_changed(benchmark):
    confirm_all(benchmark)
    run_publish_job(request_publication(benchmark=benchmark, actor=make_user()), quiet)
    ranking = JointRanking.objects.first()
    with pytest.raises(ConflictError, match="published"):
        decide(ranking, ranking.implied)


def test_a_change_while_the_files_are_written_stops_the_publication(benchmark):
    confirm_all(benchmark)
    job = request_publication(benchmark=benchmark, actor=make_user())
    group = group_of(benchmark, 3)
    ranking = benchmark.joint_rankings.filter(group_id=group["group_id"]).first()

    def change_once(done, total, message):
        if done == 1:
            decide(ranking, [2 - rank for rank in ranking.implied])

    with pytest.raises(ConflictError, match="Publish again"):
        run_publish_job(job, change_once)
    benchmark.refresh_from_db()
    assert (benchmark.stage, benchmark.state) == (BenchmarkStage.CHECKING, BuildState.READY)
    run_publish_job(job, quiet)
    benchmark.refresh_from_db()
    assert benchmark.stage == BenchmarkStage.PUBLISHED


def test_raters_answer_side_by_side(benchmark):
    rankings = list(benchmark.joint_rankings.all())
    in_threads(6, lambda place: decide(rankings[place], rankings[place].implied))
    assert benchmark.joint_rankings.filter(ranks__isnull=False).count() == 6
