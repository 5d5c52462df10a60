"""A campaign with built versions, and who may see them."""

import pytest
from django.utils import timezone

from annotation_app.enums import JobState, Role
from annotation_app.models import Job
from annotation_app.services.exports.options import ExportFormat, ExportOptions
from annotation_app.services.exports.versions import request_dataset, run_export_job
from annotation_app.services.jobs.lifecycle import claim_job, finish_job
from annotation_app.services.people.members import add_member
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign, make_picture, make_user


@pytest.fixture
def campaign():
    """Three items of two candidates: the first wins, the source image of each its own."""
    campaign = make_campaign(3, k=2)
    for number, row in enumerate(campaign.campaign_items.select_related("item")):
        row.item.source_image = make_picture((number, 99, 7), (6, 5))
        row.item.save()
    for annotator in make_annotators(campaign, 3):
        rate_by_rule(campaign, annotator, lambda place, key: 4 - place)
    return campaign


@pytest.fixture
def researcher(campaign):
    user = make_user()
    add_member(actor=None, campaign=campaign, user=user, role=Role.RESEARCHER)
    return user


@pytest.fixture
def build(campaign, researcher):
    """Build the next version, in this process."""

    def built(**options):
        options.setdefault("formats", (ExportFormat.EDIT_REWARD_JSON, ExportFormat.POINTWISE))
        version = request_dataset(
            campaign=campaign, options=ExportOptions(**options), created_by=researcher
        )
        job = claim_job(job_id=version.job.pk, now=timezone.now())
        result = run_export_job(job, lambda done, total, message: None)
        finish_job(job=job, result=result, now=timezone.now())
        assert Job.objects.get(pk=job.pk).state == JobState.SUCCEEDED
        version.refresh_from_db()
        return version

    return built


@pytest.fixture
def signed(client, researcher):
    client.force_login(researcher)
    return client
