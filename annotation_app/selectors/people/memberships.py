"""Which campaigns a person takes part in, and how."""

from dataclasses import dataclass

from annotation_app.enums import MembershipStatus, Role
from annotation_app.models import Campaign, Membership, User
from annotation_app.selectors.benchmarks.rankings import waiting_rankings


@dataclass(frozen=True)
class CampaignPlace:
    """A campaign, a person's active roles in it, and how many rankings they have to check."""

    campaign: Campaign
    roles: frozenset[Role]
    paused: bool
    rankings: int = 0

    @property
    def annotates(self) -> bool:
        return Role.ANNOTATOR in self.roles

    @property
    def reviews(self) -> bool:
        return bool({Role.REVIEWER, Role.ADMIN} & self.roles)

    @property
    def sees_results(self) -> bool:
        return bool({Role.ADMIN, Role.RESEARCHER, Role.REVIEWER} & self.roles)

    @property
    def administers(self) -> bool:
        return Role.ADMIN in self.roles


def campaign_places(user: User) -> list[CampaignPlace]:
    """The campaigns a person may enter, by name; all of them for a superuser."""
    memberships = Membership.objects.filter(user=user).exclude(status=MembershipStatus.LEFT)
    rows = list(memberships.select_related("campaign__collection"))
    campaigns = {row.campaign_id: row.campaign for row in rows}
    if user.is_superuser:
        campaigns |= {
            campaign.pk: campaign for campaign in Campaign.objects.select_related("collection")
        }
    rankings = waiting_rankings(user)
    places = []
    for campaign in sorted(campaigns.values(), key=lambda one: one.name):
        own = [row for row in rows if row.campaign_id == campaign.pk]
        active = {Role(row.role) for row in own if row.status == MembershipStatus.ACTIVE}
        paused = any(row.status == MembershipStatus.PAUSED for row in own)
        extra = {Role.ADMIN} if user.is_superuser else set()
        waiting = rankings.get(campaign.pk, 0)
        places.append(CampaignPlace(campaign, frozenset(active | extra), paused, waiting))
    return places


def administers_anywhere(user: User) -> bool:
    """Whether a person administers the installation or a campaign of it."""
    mine = Membership.objects.filter(user=user, status=MembershipStatus.ACTIVE, role=Role.ADMIN)
    return user.is_superuser or mine.exists()


def sees_results_anywhere(user: User) -> bool:
    """Whether a person has more to see than their own rating work."""
    return (
        user.is_superuser
        or Membership.objects.filter(
            user=user,
            status=MembershipStatus.ACTIVE,
            role__in=(Role.ADMIN, Role.RESEARCHER, Role.REVIEWER),
        ).exists()
    )
