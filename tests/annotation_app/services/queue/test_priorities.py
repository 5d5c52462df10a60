import pytest

from annotation_app.enums import Design, Lane, PriorityStrategy, TaskState
from annotation_app.models import RewardModelVersion, Task
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.queue.priorities import write_priorities
from tests.factories.world import NOON, make_annotators, make_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(8, k=2, reserved=0.5)


@pytest.fixture
def version(campaign):
    return RewardModelVersion.objects.create(
        campaign=campaign, number=1, rubric=campaign.rubric, backbone="compact"
    )


def refresh(campaign, version, worth):
    return write_priorities(
        campaign=campaign,
        version=version,
        strategy=PriorityStrategy.BALD,
        worth=worth,
        actor=None,
    )


def test_a_refresh_rewrites_ranked_tasks_and_records_the_model_and_strategy(campaign, version):
    ranked = list(Task.objects.filter(campaign=campaign, lane=Lane.RANKED))
    worth = {task.campaign_item_id: (place + 1) / 10 for place, task in enumerate(ranked)}
    assert refresh(campaign, version, worth) == len(ranked)
    for task in Task.objects.filter(campaign=campaign, lane=Lane.RANKED):
        assert task.priority == pytest.approx(1 + worth[task.campaign_item_id])
        assert (task.priority_model, task.priority_strategy) == (version, PriorityStrategy.BALD)
        assert (task.design, task.inclusion_probability) == (Design.ACTIVE, None)


def test_the_reserved_share_is_never_touched(campaign, version):
    before = list(Task.objects.filter(lane=Lane.RESERVED).order_by("pk").values())
    assert before
    refresh(campaign, version, dict.fromkeys((row["campaign_item_id"] for row in before), 1.0))
    assert list(Task.objects.filter(lane=Lane.RESERVED).order_by("pk").values()) == before


def test_a_leased_task_keeps_its_design(campaign, version):
    [annotator] = make_annotators(campaign, 1)
    task = lease_next_task(annotator=annotator, campaign=campaign, now=NOON).task
    refresh(campaign, version, {task.campaign_item_id: 1.0})
    task.refresh_from_db()
    assert (task.state, task.design) == (TaskState.LEASED, Design.RANDOM)


def test_each_refresh_stands_above_the_one_before(campaign, version):
    first, second = Task.objects.filter(campaign=campaign, lane=Lane.RANKED)[:2]
    refresh(campaign, version, {first.campaign_item_id: 1.0})
    refresh(campaign, version, {second.campaign_item_id: 0.1})
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.priority > first.priority
