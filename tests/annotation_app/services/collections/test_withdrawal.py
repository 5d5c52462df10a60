"""Withdrawing items: work stops, figures and releases follow, and it can be undone."""

import contextlib

import pytest
from django.db import IntegrityError, connections

from annotation_app.enums import (
    AuditVerb,
    BuildState,
    FlagKind,
    FlagOutcome,
    FlagSource,
    LeaseOutcome,
    RatingStatus,
    Role,
    TaskState,
    WithdrawalGround,
)
from annotation_app.exceptions import ConflictError, InvalidInputError, NothingToDoError
from annotation_app.models import (
    AuditEvent,
    CampaignItemChange,
    DatasetVersion,
    Flag,
    Item,
    SnapshotItem,
    Task,
    Withdrawal,
)
from annotation_app.policies import can_see_image
from annotation_app.selectors.collections.withdrawals import withdrawal_records, withdrawn_from
from annotation_app.selectors.queue.leases import image_at
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.collections.withdrawal import restore_item, withdraw_item
from annotation_app.services.people.members import add_member
from annotation_app.services.rating.submission import submit_rating
from annotation_app.services.reviewing.flags import settle_flag
from annotation_app.services.snapshots.splits import SplitChoices
from annotation_app.services.snapshots.taking import SnapshotChoices, take_snapshot
from tests.factories.rated import rate_next
from tests.factories.threads import in_threads
from tests.factories.world import (
    NOON,
    make_annotators,
    make_campaign,
    make_judgement,
    make_picture,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)


def quiet(done, total, message):
    pass


def snap(campaign):
    choices = SnapshotChoices(SplitChoices(5))
    return take_snapshot(campaign=campaign, created_by=None, choices=choices, progress=quiet)


def withdraw(item, ground=WithdrawalGround.LICENCE, reason="the licence forbids it", **changes):
    values = {"actor": None, "now": NOON} | changes
    return withdraw_item(item=item, ground=ground, reason=reason, **values)


@pytest.fixture
def campaign():
    return make_campaign(2, k=2, base=2)


@pytest.fixture
def annotators(campaign):
    return make_annotators(campaign, 2)


def items_of(snapshot):
    kept = SnapshotItem.objects.filter(snapshot=snapshot)
    return set(kept.values_list("campaign_item__item", flat=True))


def test_a_withdrawal_closes_waiting_slots_and_ends_leases_but_loses_no_work(campaign, annotators):
    lease = lease_next_task(annotator=annotators[0], campaign=campaign, now=NOON)
    item = lease.task.campaign_item.item
    withdrawal = withdraw(item)
    assert not Task.objects.filter(campaign_item__item=item).exclude(state=TaskState.CLOSED)
    assert sorted(withdrawal.closed_tasks) == sorted(
        Task.objects.filter(campaign_item__item=item).values_list("pk", flat=True)
    )
    lease.refresh_from_db()
    assert lease.outcome == LeaseOutcome.RELEASED
    late = submit_rating(lease=lease, judgement=make_judgement(lease), now=NOON).rating
    assert late.status == RatingStatus.SUPERSEDED
    for annotator in annotators:
        other = lease_next_task(annotator=annotator, campaign=campaign, now=NOON)
        assert other.task.campaign_item.item_id != item.pk
        with pytest.raises(NothingToDoError):
            lease_next_task(annotator=annotator, campaign=campaign, now=NOON)


def test_a_withdrawal_needs_a_reason_and_happens_once(campaign):
    item = Item.objects.first()
    for reason in ("", "  ", "x" * 501):
        with pytest.raises(InvalidInputError):
            withdraw(item, reason=reason)
    withdraw(item)
    with pytest.raises(ConflictError):
        withdraw(Item.objects.get(pk=item.pk))
    with pytest.raises(IntegrityError):
        Withdrawal.objects.create(item=item, ground="licence", reason="again", withdrawn_at=NOON)


def test_of_two_withdrawals_at_once_one_is_refused(campaign):
    item = Item.objects.first()

    def attempt(_):
        try:
            return withdraw(Item.objects.get(pk=item.pk))
        except ConflictError:
            return None

    assert sum(one is not None for one in in_threads(2, attempt)) == 1


def test_it_is_in_the_audit_log_with_its_ground_and_the_live_figures_are_told(campaign):
    actor, item = make_user(), Item.objects.first()
    before = CampaignItemChange.objects.count()
    withdraw(item, ground=WithdrawalGround.PRIVACY, reason="a face", actor=actor)
    event = AuditEvent.objects.get(verb=AuditVerb.WITHDRAWN)
    assert (event.actor, event.object_id) == (actor, str(item.pk))
    assert event.data == {"ground": "privacy", "reason": "a face", "versions": 0}
    assert CampaignItemChange.objects.count() == before + 1
    restore_item(item=item, actor=actor, now=NOON)
    assert CampaignItemChange.objects.count() == before + 2
    assert AuditEvent.objects.filter(verb=AuditVerb.RESTORED, actor=actor).count() == 1


def test_an_undone_withdrawal_opens_its_slots_and_counts_again(campaign, annotators):
    rating = rate_next(campaign, annotators[0])
    item = rating.campaign_item.item
    withdraw(item)
    assert item.pk not in items_of_all(campaign, annotators)
    restore_item(item=item, actor=None, now=NOON)
    states = Task.objects.filter(campaign_item__item=item).values_list("state", flat=True)
    assert sorted(states) == [TaskState.FILLED, TaskState.OPEN]
    assert item.pk in items_of(snap(campaign))
    with pytest.raises(ConflictError):
        restore_item(item=item, actor=None, now=NOON)
    withdraw(item)  # and it can be withdrawn anew


def items_of_all(campaign, annotators):
    """Items of a snapshot for which the second annotator rates what is left."""
    rate_next(campaign, annotators[1])
    return items_of(snap(campaign))


def test_old_versions_say_what_was_withdrawn_and_new_ones_leave_it_out(campaign, annotators):
    for _ in range(2):
        rate_next(campaign, annotators[0])
    first, second = Item.objects.order_by("pk")
    snapshot = snap(campaign)
    version = DatasetVersion.objects.create(
        campaign=campaign, number=1, seed=0, snapshot=snapshot, state=BuildState.READY
    )
    withdraw(first, reason="somebody objected")
    version.refresh_from_db()
    assert not version.rebuildable
    assert withdrawal_records(snapshot) == [
        {
            "item_id": first.external_id,
            "withdrawn_at": NOON.isoformat(),
            "reason": "somebody objected",
        }
    ]
    later = snap(campaign)
    assert items_of(later) == {second.pk}
    assert not withdrawn_from(later).exists()
    withdraw(second)
    restore_item(item=first, actor=None, now=NOON)
    version.refresh_from_db()
    assert not version.rebuildable  # the second is still gone
    restore_item(item=second, actor=None, now=NOON)
    version.refresh_from_db()
    assert version.rebuildable


def test_images_of_a_withdrawn_item_are_shown_to_nobody_but_who_may_undo_it(campaign, annotators):
    lease = lease_next_task(annotator=annotators[0], campaign=campaign, now=NOON)
    item = lease.task.campaign_item.item
    Item.objects.filter(pk=item.pk).update(source_image=make_picture((1, 2, 3), (5, 5)))
    owner, reviewer = make_user(superuser=True), make_user()
    add_member(actor=None, campaign=campaign, user=reviewer, role=Role.REVIEWER)
    source = image_at(lease, 0)
    assert image_at(lease, 1) is not None
    assert can_see_image(reviewer, source)
    withdraw(item)
    assert (image_at(lease, 0), image_at(lease, 1)) == (None, None)
    assert not can_see_image(reviewer, source)
    assert can_see_image(owner, source)
    shared = Item.objects.exclude(pk=item.pk).first().source_image
    assert can_see_image(reviewer, shared)  # another item shows it still


def test_a_flag_on_personal_data_withdraws_for_privacy(campaign):
    item = Item.objects.first()
    flag = Flag.objects.create(item=item, kind=FlagKind.PERSONAL_DATA, source=FlagSource.IMPORT)
    settle_flag(
        actor=make_user(),
        campaign=campaign,
        flag=flag,
        outcome=FlagOutcome.WITHDRAWN,
        text="a telephone number",
        now=NOON,
    )
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.ground, withdrawal.reason) == ("privacy", "a telephone number")


def rate_until_done(campaign, annotator):
    with contextlib.suppress(NothingToDoError):
        while True:
            rate_next(campaign, annotator)


def counted_once(task):
    """Whether a slot counts one rating if it is filled, and none otherwise."""
    counted = task.ratings.filter(status=RatingStatus.ACTIVE).count()
    return counted == (task.state == TaskState.FILLED)


def test_withdrawing_while_everybody_rates_locks_nobody_out_and_counts_no_slot_twice():
    campaign = make_campaign(12, k=2, base=2)
    annotators = make_annotators(campaign, 4)
    items = list(Item.objects.order_by("pk")[::2])

    def act(number):
        try:
            if number < len(annotators):
                rate_until_done(campaign, annotators[number])
            else:
                for item in items:
                    withdraw(Item.objects.get(pk=item.pk))
        finally:
            connections.close_all()

    in_threads(len(annotators) + 1, act)
    states = Task.objects.filter(campaign_item__item__in=items).values_list("state", flat=True)
    assert set(states) <= {TaskState.CLOSED, TaskState.FILLED}
    assert all(map(counted_once, Task.objects.all()))
    for item in items:
        restore_item(item=item, actor=None, now=NOON)
    for annotator in annotators:
        rate_until_done(campaign, annotator)
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.FILLED}
    assert all(map(counted_once, Task.objects.all()))
