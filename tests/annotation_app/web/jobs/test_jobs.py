"""Pages of jobs and of items, on data whose names are also methods of mappings."""

import pytest
from django.urls import reverse

from annotation_app.enums import JobKind, JobState, Role
from annotation_app.models import Candidate, Item, Job
from annotation_app.services.people.members import add_member
from tests.factories.world import make_campaign, make_user

pytestmark = pytest.mark.django_db
METHODS = {
    "items": "of a shop",
    "keys": "of a piano",
    "values": "of old",
    "get": "set",
    "pop": "up",
}


@pytest.fixture
def campaign():
    return make_campaign(2, k=2)


@pytest.fixture
def sign_in(campaign, client):
    def act(role):
        person = make_user()
        add_member(actor=None, campaign=campaign, user=person, role=role)
        client.force_login(person)
        return person

    return act


def test_metadata_named_like_methods_of_mappings_is_shown(campaign, client, sign_in):
    Item.objects.update(metadata=METHODS)
    Candidate.objects.update(metadata=METHODS)
    sign_in(Role.RESEARCHER)
    item = campaign.collection.items.first()
    page = client.get(reverse("collection-item", args=[campaign.collection.slug, item.pk]))
    assert page.status_code == 200
    shown = page.content.decode()
    for key, value in METHODS.items():
        assert (
            shown.count(f'<dt>{key}</dt><dd class="lines">{value}</dd>')
            == 1 + item.candidates.count()
        )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_plans_figures_have_names_in_the_readers_language(campaign, client, sign_in, language):
    job = Job.objects.create(
        kind=JobKind.PLAN_TASKS,
        campaign=campaign,
        state=JobState.SUCCEEDED,
        result={"items_added": 345, "tasks_added": 2, "items_without_candidates": 0},
    )
    sign_in(Role.RESEARCHER)
    client.cookies["django_language"] = language
    page = client.get(reverse("job-detail", args=[job.public_id])).content.decode()
    names = {"en": "Items added", "zh-hans": "新增条目"}
    assert f'<dt>{names[language]}</dt><dd class="lines">345</dd>' in page
    assert "items_added" not in page


def test_who_manages_a_collection_sees_the_jobs_that_its_import_reports_name(campaign, client):
    collection = campaign.collection
    job = Job.objects.create(kind=JobKind.IMPORT_ITEMS, arguments={"collection": collection.pk})
    report = reverse("collection-import-report", args=[collection.slug, job.public_id])
    where = reverse("job-detail", args=[job.public_id])
    for role, status in ((Role.ADMIN, 200), (Role.RESEARCHER, 404)):
        person = make_user()
        add_member(actor=None, campaign=campaign, user=person, role=role)
        client.force_login(person)
        assert client.get(report).status_code == client.get(where).status_code == status


def test_only_those_who_may_open_what_a_job_made_get_the_link(campaign, client, sign_in):
    made = reverse("campaign-setup", args=[campaign.slug])
    job = Job.objects.create(
        kind=JobKind.PLAN_TASKS, campaign=campaign, state=JobState.SUCCEEDED, result={"url": made}
    )
    link = f'href="{made}">Open the result'
    where = reverse("job-detail", args=[job.public_id])
    for role, opens in ((Role.ADMIN, True), (Role.RESEARCHER, False), (Role.REVIEWER, False)):
        sign_in(role)
        assert (link in client.get(where).content.decode()) == opens
        assert (client.get(made).status_code == 200) == opens
