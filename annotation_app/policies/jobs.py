"""Who may see and steer jobs."""

from annotation_app.enums import JOB_SPECS, JobKind, JobStarter
from annotation_app.models import Collection, Job, User
from annotation_app.policies import (
    can_administer_campaign,
    can_administer_installation,
    can_export,
    can_manage_collection,
    can_see_results,
)


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
    starter = JOB_SPECS[JobKind(job.kind)].starter
    if starter is JobStarter.READER:
        return can_see_results(user, job.campaign)
    return starter is JobStarter.RESEARCHER and can_export(user, job.campaign)


def can_open_result(user: User, job: Job) -> bool:
    """Open the page of what a job made."""
    spec = JOB_SPECS[JobKind(job.kind)]
    if spec.of_collection:
        return _manages_collection_of(user, job)
    if job.campaign is None:
        return False
    if spec.result_for_admins:
        return can_administer_campaign(user, job.campaign)
    return can_see_results(user, job.campaign)


def can_read_job_log(user: User, _job: Job) -> bool:
    """Read where a job's program broke: operators only, because it reveals paths and settings."""
    return user.is_active and (user.is_superuser or user.is_staff)


def may_name_items(user: User, job: Job) -> bool:
    """Whether a job's words may name items that this person does not know from their own file."""
    spec = JOB_SPECS[JobKind(job.kind)]
    brought = spec.reads_upload and job.created_by_id == user.pk
    return spec.names_items and not brought


def _manages_collection_of(user: User, job: Job) -> bool:
    collection = Collection.objects.filter(pk=job.arguments.get("collection")).first()
    return collection is not None and can_manage_collection(user, collection)
