import pytest
from django.db.models import Count, Q

from annotation_app.enums import LeaseOutcome, RatingStatus, TaskState
from annotation_app.models import AuditEvent, CampaignItem, CampaignItemChange, Lease, Rating, Task
from tests.contention.clients import SharedClock, run_clients
from tests.factories.world import NOON, make_annotators, make_campaign

CLIENTS = 64
TASKS = 501  # for each of the two overlaps


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("overlap", [1, 3])
def test_exactly_the_planned_ratings_are_counted_whatever_64_clients_do(overlap):
    items = TASKS // overlap
    campaign = make_campaign(items, k=2, base=overlap, overlap=overlap, reserved=0.25)
    annotators = make_annotators(campaign, CLIENTS)
    tasks = Task.objects.filter(campaign=campaign)

    outcomes = run_clients(
        campaign,
        annotators,
        clock=SharedClock(NOON),
        seed=overlap,
        is_over=lambda: not tasks.exclude(state=TaskState.FILLED).exists(),
    )

    assert [error for outcome in outcomes for error in outcome.errors] == []
    assert tasks.filter(state=TaskState.FILLED).count() == TASKS
    active = Rating.objects.filter(status=RatingStatus.ACTIVE)
    assert active.count() == items * overlap
    counts = CampaignItem.objects.annotate(
        n=Count("ratings", filter=Q(ratings__status=RatingStatus.ACTIVE)),
        people=Count(
            "ratings__annotator", filter=Q(ratings__status=RatingStatus.ACTIVE), distinct=True
        ),
    )
    assert set(counts.values_list("n", "people")) == {(overlap, overlap)}

    acknowledged = {
        uuid: status for outcome in outcomes for uuid, status in outcome.acknowledged.items()
    }
    stored = dict(Rating.objects.values_list("client_uuid", "status"))
    assert stored == acknowledged  # nothing lost, nothing extra, every answer still true
    assert sum(outcome.unequal_repeats for outcome in outcomes) == 0
    assert sum(outcome.repeats for outcome in outcomes) > 50
    assert sum(outcome.stalls for outcome in outcomes) > 3

    # what others read is consistent with it
    assert CampaignItemChange.objects.count() == active.count()
    assert AuditEvent.objects.filter(verb="submitted").count() == active.count()
    open_leases = Lease.objects.filter(ended_at=None)
    assert not open_leases.filter(task__state=TaskState.FILLED).exists()
    submitted = Lease.objects.filter(outcome=LeaseOutcome.SUBMITTED)
    assert submitted.count() == Rating.objects.count()
