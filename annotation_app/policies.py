"""Who may do what: one predicate per act; the only place that knows roles.

Pages, the API and services ask here. Superusers administer the installation and may do all
that an admin of any campaign may; everyone else needs an active membership.
"""

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from annotation_app.enums import CampaignState, JobKind, MembershipStatus, Purpose, Role
from annotation_app.models import (
    Benchmark,
    Campaign,
    CampaignItem,
    Collection,
    DatasetVersion,
    Image,
    Job,
    JointRanking,
    Lease,
    Membership,
    Rating,
    RewardModelVersion,
    User,
)

WORKING = (MembershipStatus.ACTIVE,)
READING = (MembershipStatus.ACTIVE, MembershipStatus.PAUSED)


# Asked by every request of an annotator: plain SQL, for building the query costs more than it.
IS_MEMBER = """
SELECT 1 FROM annotation_app_membership
WHERE campaign_id = %s AND user_id = %s AND role = ANY(%s) AND status = ANY(%s) LIMIT 1
"""


def _is_member(
    user: User,
    campaign: Campaign,
    roles: tuple[Role, ...],
    among: tuple[MembershipStatus, ...],
) -> bool:
    named = [[one.value for one in group] for group in (roles, among)]
    with connection.cursor() as cursor:
        cursor.execute(IS_MEMBER, [campaign.pk, user.pk, *named])
        return cursor.fetchone() is not None


def _holds(
    user: User, campaign: Campaign, *roles: Role, among: tuple[MembershipStatus, ...]
) -> bool:
    return _is_member(user, campaign, roles, among)


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


def can_see_all_scores(user: User, campaign: Campaign) -> bool:
    """See every score at once: admins and researchers who do not rate here themselves."""
    judges = _holds(user, campaign, Role.ANNOTATOR, among=READING)
    return not judges and can_export(user, campaign)


def can_see_scores_of(user: User, campaign: Campaign, campaign_item: CampaignItem) -> bool:
    """See who scored an item how, and which generator made which edit.

    Admins and researchers; but whoever rates or reviews in this campaign must have had their own
    say on the item first, closed for changes, so that nobody's judgement is led.
    """
    if not can_see_results(user, campaign):
        return False
    if can_see_all_scores(user, campaign):
        return True
    own = Rating.objects.filter(annotator=user, campaign_item=campaign_item)
    return own.filter(Q(closed_at__isnull=False) | Q(open_until__lt=timezone.now())).exists()


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
    return user.is_active and (
        user.is_superuser or _is_member(user, campaign, tuple(Role), READING)
    )


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
    """See an image outside one's own leases: through any collection that holds it.

    One that only withdrawn items show is seen by those alone who may undo the withdrawal.
    """
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


# Those who may start a kind of work stop and retry what they started; admins alone the rest.
STARTED_BY_READERS = {JobKind.AGREEMENT_REPORT, JobKind.VERIFY_REPORT, JobKind.STUDY_RATERS}
STARTED_BY_RESEARCHERS = {
    JobKind.EXPORT_DATASET,
    JobKind.BUILD_BENCHMARK,
    JobKind.TRAIN_MODEL,
    JobKind.PREDICT,
    JobKind.REFRESH_PRIORITIES,
    JobKind.SCORE_BENCHMARK,
}


def can_see_job(user: User, job: Job) -> bool:
    """See a job's progress: with its campaign's results, or with its collection.

    To have started it is not enough: that would outlive every membership.
    """
    if job.campaign is not None:
        return can_see_results(user, job.campaign)
    return can_administer_installation(user) or _manages_collection_of(user, job)


def can_control_job(user: User, job: Job) -> bool:
    """Cancel or retry a job: admins, and those who started it while they might still start it."""
    if job.campaign is None:
        return can_see_job(user, job)
    if can_administer_campaign(user, job.campaign):
        return True
    if job.created_by_id != user.pk:
        return False
    return (job.kind in STARTED_BY_READERS and can_see_results(user, job.campaign)) or (
        job.kind in STARTED_BY_RESEARCHERS and can_export(user, job.campaign)
    )


def can_read_job_log(user: User, _job: Job) -> bool:
    """Read where a job's program broke: operators, for it tells of paths and settings."""
    return user.is_active and (user.is_superuser or user.is_staff)


def can_see_import(user: User, job: Job) -> bool:
    """See the report of an import of items: who manages the collection that it goes into."""
    return job.kind == JobKind.IMPORT_ITEMS and _manages_collection_of(user, job)


def _manages_collection_of(user: User, job: Job) -> bool:
    collection = Collection.objects.filter(pk=job.arguments.get("collection")).first()
    return collection is not None and can_manage_collection(user, collection)


def can_download_dataset(user: User, dataset: DatasetVersion) -> bool:
    """Download a dataset version's files."""
    return can_export(user, dataset.campaign)


def can_see_model(user: User, model: RewardModelVersion) -> bool:
    """See a reward model version and its card."""
    return can_see_results(user, model.campaign)


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
