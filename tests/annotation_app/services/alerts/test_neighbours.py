"""Admins learn what other campaigns do to the items they share."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation_app.enums import (
    AlertKind,
    CampaignState,
    FlagKind,
    FlagOutcome,
    Role,
    WithdrawalGround,
)
from annotation_app.models import Alert, Campaign
from annotation_app.selectors.alerts.alerts import alert_sentence
from annotation_app.selectors.alerts.conditions import watched_campaigns
from annotation_app.services.alerts.monitors import watch_campaign
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.collections.withdrawal import restore_item, withdraw_item
from annotation_app.services.people.members import add_member
from annotation_app.services.rating.flags import flag_item
from annotation_app.services.reviewing.flags import settle_flag
from tests.factories.world import NOON, make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """Two campaigns over one collection."""
    first = make_campaign(3, k=2)
    second = create_campaign(
        actor=None,
        name="The other",
        collection=first.collection,
        design=CampaignDesign(seed=7, candidates_per_item=2, reserved_share=0.0),
    )
    set_overlap_plan(actor=None, campaign=second, overlap_share=0.0)
    plan_campaign(campaign=second)
    return first, second


def told(campaign, kind, now):
    watch_campaign(campaign=campaign, now=now)
    open_ones = Alert.objects.filter(campaign=campaign, kind=kind, resolved_at=None)
    return [alert.arguments["count"] for alert in open_ones]


def test_a_flag_is_told_to_the_other_campaign_until_it_is_settled(pair):
    first, second = pair
    [annotator] = make_annotators(first, 1)
    lease = lease_next_task(annotator=annotator, campaign=first, now=NOON)
    flag = flag_item(lease=lease, kind=FlagKind.BROKEN)
    assert told(second, AlertKind.FLAGGED_ELSEWHERE, NOON) == [1]
    assert told(first, AlertKind.FLAGGED_ELSEWHERE, NOON) == []
    admin = make_user()
    add_member(actor=None, campaign=second, user=admin, role=Role.ADMIN)
    settle_flag(
        actor=admin, campaign=second, flag=flag, outcome=FlagOutcome.RESOLVED, text="", now=NOON
    )
    assert told(second, AlertKind.FLAGGED_ELSEWHERE, NOON) == []


def test_withdrawals_are_told_where_they_were_not_asked_for_even_if_the_campaign_has_finished(pair):
    first, second = pair
    now = timezone.now()
    item = first.campaign_items.first().item
    withdraw_item(
        item=item, ground=WithdrawalGround.DEFECT, reason="broken", actor=None, now=now,
        campaign=first,
    )  # fmt: skip
    Campaign.objects.filter(pk=second.pk).update(state=CampaignState.FINISHED)
    assert second in watched_campaigns()
    assert told(first, AlertKind.WITHDRAWN_ELSEWHERE, now) == []
    assert told(second, AlertKind.WITHDRAWN_ELSEWHERE, now) == [1]
    alert = Alert.objects.get(kind=AlertKind.WITHDRAWN_ELSEWHERE)
    assert item.external_id not in alert_sentence(alert)
    assert now.date().isoformat() in alert_sentence(alert)
    assert told(second, AlertKind.WITHDRAWN_ELSEWHERE, now + timedelta(days=8)) == []


def test_an_undone_withdrawal_ends_its_alert(pair):
    first, second = pair
    now = timezone.now()
    item = first.campaign_items.first().item
    withdraw_item(
        item=item, ground=WithdrawalGround.LICENCE, reason="sold", actor=None, now=now
    )  # on the collection's own page: asked for in no campaign
    assert told(first, AlertKind.WITHDRAWN_ELSEWHERE, now) == [1]
    assert told(second, AlertKind.WITHDRAWN_ELSEWHERE, now) == [1]
    restore_item(item=item, actor=None, now=now)
    assert told(first, AlertKind.WITHDRAWN_ELSEWHERE, now) == []
