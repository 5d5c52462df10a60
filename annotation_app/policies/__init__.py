"""Who may do what: one predicate per act; the only place that knows roles.

Pages, the API and services ask here. Superusers administer the installation and may do all
that an admin of any campaign may; everyone else needs an active membership.
"""

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from annotation_app.enums import (
    CampaignState,
    MembershipStatus,
    Purpose,
    RatingStatus,
    Role,
    TaskState,
)
from annotation_app.models import (
    Benchmark,
    Campaign,
    CampaignItem,
    Candidate,
    Collection,
    Image,
    Item,
    JointRanking,
    Lease,
    Membership,
    Rating,
    RewardModelVersion,
    Task,
    User,
)

WORKING = (MembershipStatus.ACTIVE,)
READING = (MembershipStatus.ACTIVE, MembershipStatus.PAUSED)
JUDGING = (*READING, MembershipStatus.INVITED)  # who may still come to judge an item


# Asked by every request of an annotator: plain SQL, for building the query costs more than it.
IS_MEMBER = """
SELECT 1 FROM annotation_app_membership
WHERE campaign_id = %s AND user_id = %s AND role = ANY(%s) AND status = ANY(%s) LIMIT 1
"""


def _holds(
    user: User, campaign: Campaign, *roles: Role, among: tuple[MembershipStatus, ...]
) -> bool:
    named = [[one.value for one in group] for group in (roles, among)]
    with connection.cursor() as cursor:
        cursor.execute(IS_MEMBER, [campaign.pk, user.pk, *named])
        return cursor.fetchone() is not None


def can_administer_installation(user: User) -> bool:
    """Create campaigns and collections, see all jobs."""
    return user.is_active and user.is_superuser


def can_administer_campaign(user: User, campaign: Campaign) -> bool:
    """Change plans, members and guidelines; start imports, reports, training."""
    return user.is_active and (
        user.is_superuser or _holds(user, campaign, Role.ADMIN, among=WORKING)
    )


def can_see_results(user: User, campaign: Campaign) -> bool:
    """See agreement, ratings of others, exports and models."""
    return can_administer_campaign(user, campaign) or _holds(
        user, campaign, Role.RESEARCHER, Role.REVIEWER, among=WORKING
    )


def blind_items(
    user: User, *, working_in: Campaign | None = None, rating_only: bool = False
) -> QuerySet[CampaignItem]:
    """Campaign items that a person may still rate or adjudicate, and may not learn more about.

    The rule is about the person and the item, in any campaign and on any page
    (docs/decisions/0013). It applies to superusers and admins too, once they judge.

    Args:
        user: the person asking.
        working_in: reviewers' own work in this campaign (gold bank, flags, questions): being its
            reviewer does not count; rating its items, or having one leased, does.
        rating_only: reviewers do not count at all.
    """
    part = Membership.objects.filter(user=user, status__in=JUDGING)
    roles = part.exclude(campaign__state=CampaignState.FINISHED).values_list("campaign", "role")
    rates = [campaign for campaign, role in roles if role == Role.ANNOTATOR]
    reviews = [
        campaign
        for campaign, role in roles
        if role == Role.REVIEWER
        and not rating_only
        and (working_in is None or campaign != working_in.pk)
    ]
    in_hand = Lease.objects.filter(annotator=user, ended_at=None).values_list("task__campaign_item")
    here = {"campaign_item": OuterRef("pk")}
    own = Rating.objects.filter(annotator=user, **here).exclude(status=RatingStatus.RELEASED)
    own = own.filter(Q(closed_at__isnull=False) | Q(open_until__lt=timezone.now()))
    opened = own.filter(Q(campaign__shows_others_after_close=True) | Q(purpose=Purpose.REVIEW))
    waiting = (TaskState.OPEN, TaskState.LEASED)
    again = Task.objects.filter(assigned_to=user, state__in=waiting, **here)
    return CampaignItem.objects.filter(
        Q(pk__in=[pk for (pk,) in in_hand])
        | Q(campaign__in=rates) & (~Exists(opened) | Exists(again))
        | Q(campaign__in=reviews) & ~Exists(own)
    )


def may_know_item(user: User, item: Item | int, *, working_in: Campaign | None = None) -> bool:
    """Learn of an item's generators, seeds, predictions, scores and names (`blind_items`)."""
    return not blind_items(user, working_in=working_in).filter(item=item).exists()


def can_see_scores_of(user: User, campaign: Campaign, campaign_item: CampaignItem) -> bool:
    """See who scored an item how, and which generator made which edit."""
    return can_see_results(user, campaign) and may_know_item(user, campaign_item.item_id)


def can_export(user: User, campaign: Campaign) -> bool:
    """Build and download dataset versions."""
    return can_administer_campaign(user, campaign) or _holds(
        user, campaign, Role.RESEARCHER, among=WORKING
    )


def can_train(user: User, campaign: Campaign) -> bool:
    """Train models and predict with them."""
    return can_export(user, campaign)


def can_review(user: User, campaign: Campaign) -> bool:
    """Adjudicate disagreements and audit samples."""
    return can_administer_campaign(user, campaign) or _holds(
        user, campaign, Role.REVIEWER, among=WORKING
    )


def can_annotate(user: User, campaign: Campaign) -> bool:
    """Lease and rate tasks of an active campaign."""
    return (
        user.is_active
        and campaign.state == CampaignState.ACTIVE
        and _holds(user, campaign, Role.ANNOTATOR, among=WORKING)
    )


def can_enter_campaign(user: User, campaign: Campaign) -> bool:
    """See that the campaign exists, its guideline and one's own work."""
    return user.is_active and (user.is_superuser or _holds(user, campaign, *Role, among=READING))


def can_use_lease(user: User, lease: Lease) -> bool:
    """See a lease's images and write its draft: its own annotator only."""
    return user.is_active and lease.annotator_id == user.pk


def can_renew_lease(user: User, lease: Lease) -> bool:
    """Hold on to an item for longer: while one may rate here, or review a dispute."""
    campaign = lease.task.campaign
    return can_use_lease(user, lease) and (
        can_annotate(user, campaign)
        or (lease.task.purpose == Purpose.REVIEW and can_review(user, campaign))
    )


def can_change_rating(user: User, rating: Rating) -> bool:
    """Revise a rating: its author only, while they have a part in the campaign.

    Whether it is still open is the service's question.
    """
    return rating.annotator_id == user.pk and can_enter_campaign(user, rating.task.campaign)


def can_manage_collection(user: User, collection: Collection) -> bool:
    """Import into a collection: superusers and admins of its campaigns.

    To have created it gives no right: that would outlive every membership.
    """
    return user.is_active and (
        user.is_superuser
        or Membership.objects.filter(
            campaign__collection=collection, user=user, role=Role.ADMIN, status__in=WORKING
        ).exists()
    )


def can_see_collection_images(user: User, collection: Collection) -> bool:
    """See any image of a collection (annotators see only those of their leases)."""
    return can_manage_collection(user, collection) or (
        user.is_active
        and Membership.objects.filter(
            campaign__collection=collection,
            user=user,
            role__in=(Role.RESEARCHER, Role.REVIEWER),
            status__in=WORKING,
        ).exists()
    )


def can_see_image(user: User, image: Image) -> bool:
    """See an image outside one's own leases: through any collection that contains it.

    An image that only withdrawn items show is visible only to those who may undo the withdrawal. An
    image of an item that a person may still rate is hidden from them: its pixels come with the
    work. Reviewers see it, because their gold bank and flags show it without its generator.
    """
    items = {*Item.objects.filter(source_image=image).values_list("pk", flat=True)}
    items |= {*Candidate.objects.filter(image=image).values_list("item", flat=True)}
    if blind_items(user, rating_only=True).filter(item__in=items).exists():
        return False
    holding = Collection.objects.filter(
        Q(items__source_image=image) | Q(items__candidates__image=image)
    ).distinct()
    showing = Collection.objects.filter(
        Q(items__source_image=image, items__withdrawn_at=None)
        | Q(items__candidates__image=image, items__withdrawn_at=None)
    ).distinct()
    return any(can_see_collection_images(user, one) for one in showing) or any(
        can_manage_collection(user, one) for one in holding
    )


def can_withdraw_item(user: User, collection: Collection) -> bool:
    """Withdraw an item of a collection for all campaigns, and undo it."""
    return can_manage_collection(user, collection)


def can_create_collection(user: User) -> bool:
    """Open a new collection."""
    return can_administer_installation(user)


def can_promote_model(user: User, model: RewardModelVersion) -> bool:
    """Make a model the campaign's champion."""
    return can_administer_campaign(user, model.campaign)


def can_build_benchmark(user: User, campaign: Campaign) -> bool:
    """Build benchmarks, download their files and let judges be scored on them."""
    return can_export(user, campaign)


def can_publish_benchmark(user: User, benchmark: Benchmark) -> bool:
    """Publish a checked benchmark, or override the raters' check."""
    return can_administer_campaign(user, benchmark.campaign)


def can_decide_ranking(user: User, ranking: JointRanking) -> bool:
    """See and answer a joint ranking: its own rater, while they have a part in the campaign."""
    return (
        user.is_active
        and ranking.rater_id == user.pk
        and can_enter_campaign(user, ranking.benchmark.campaign)
    )


def can_import_ratings(user: User, campaign: Campaign) -> bool:
    """Bring ratings from elsewhere into a campaign, and take them out again."""
    return can_administer_campaign(user, campaign)


def can_push_to_hub(user: User, campaign: Campaign) -> bool:
    """Send a dataset version or benchmark to a hub, with one's own token there."""
    return can_export(user, campaign)
