"""What opens an alert: the conditions of a campaign as they are now."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum

from annotation_app.enums import (
    DATA_PURPOSES,
    AlertKind,
    CampaignState,
    MembershipStatus,
    Role,
    TaskState,
)
from annotation_app.models import Alert, Campaign, Lease, Membership, Task
from annotation_app.selectors.agreement.live.agreement import read_live
from annotation_app.selectors.alerts.neighbours import (
    campaigns_told,
)

Conditions = Mapping[str, dict[str, Any]]


def watched_campaigns() -> list[Campaign]:
    """Campaigns that are active, or have an alert open."""
    active = Campaign.objects.filter(state=CampaignState.ACTIVE) | campaigns_told()
    alerted = Campaign.objects.filter(alerts__resolved_at=None, alerts__isnull=False)
    return list((active | alerted).distinct().select_related("rubric", "guideline"))


def below_gate(campaign: Campaign) -> Conditions:
    """Dimensions whose ordinal α is below the campaign's gate, even by its upper bound."""
    if not campaign.agreement_gate:
        return {}
    live = read_live(campaign, facets=())
    found = {}
    for dimension in live.dimensions:
        gate = campaign.agreement_gate.get(dimension)
        high = live.pooled.headline(dimension).items.high if gate is not None else None
        if high is not None and high < gate:
            found[dimension] = {
                "dimension": dimension,
                "high": f"{high:.2f}",
                "gate": f"{gate:.2f}",
            }
    return found


def starved_queue(campaign: Campaign) -> Conditions:
    """Whether an active campaign has less open work than its annotators plan for a day.

    Also if there is open work that none of them may take.
    """
    members = _annotators(campaign, MembershipStatus.ACTIVE)
    target = members.aggregate(total=Sum("daily_target"))["total"] or 0
    if campaign.state != CampaignState.ACTIVE or not target:
        return {}
    tasks = Task.objects.filter(
        campaign=campaign,
        state=TaskState.OPEN,
        purpose__in=DATA_PURPOSES,
        assigned_to=None,
    )
    # Not one more is counted than matters.
    open_tasks = tasks[:target].count()
    people = list(members.values_list("user", flat=True).distinct())
    idle = sum(1 for person in people if not _may_take_one(tasks, person))
    if open_tasks >= target and idle < len(people):
        return {}
    return {"": {"open": open_tasks, "annotators": len(people), "target": target, "idle": idle}}


def paused_annotators(campaign: Campaign) -> Conditions:
    """Annotators who are paused now; a reason that was given when they were stays."""
    known = {
        alert.subject: alert.arguments
        for alert in Alert.objects.filter(
            campaign=campaign, kind=AlertKind.ANNOTATOR_PAUSED, resolved_at=None
        )
    }
    paused = _annotators(campaign, MembershipStatus.PAUSED).select_related("user")
    return {
        str(member.user_id): known.get(
            str(member.user_id), {"annotator": member.user.username, "reason": ""}
        )
        for member in paused
    }


def _annotators(campaign: Campaign, status: MembershipStatus) -> QuerySet[Membership]:
    return Membership.objects.filter(campaign=campaign, role=Role.ANNOTATOR, status=status)


def _may_take_one(tasks: QuerySet[Task], person: int) -> bool:
    """Whether a slot is open of an item that the person never held."""
    held = Lease.objects.filter(task__campaign_item=OuterRef("campaign_item"), annotator=person)
    return tasks.exclude(Exists(held)).exists()
