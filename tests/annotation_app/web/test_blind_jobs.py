"""The words of jobs and the weights of models, for people who may still judge what they tell of."""

import pytest
from django.urls import reverse

from annotation_app.enums import BuildState, JobKind, JobState, Role
from annotation_app.models import Job, JobLine, RewardModelVersion
from annotation_app.selectors.jobs.jobs import why_words_withheld
from annotation_app.services.people.members import add_member
from tests.factories.world import make_campaign, make_user

pytestmark = pytest.mark.django_db


def somebody(campaign, *roles, superuser=False):
    user = make_user(superuser=superuser)
    for role in roles:
        add_member(actor=None, campaign=campaign, user=user, role=role)
    return user


def make_job(campaign, kind, **more):
    values = {"state": JobState.FAILED, "error": "Item i-7: edit e-3 is missing", **more}
    return Job.objects.create(kind=kind, campaign=campaign, **values)


@pytest.fixture
def campaign():
    return make_campaign(2, k=2)


def test_a_build_that_names_an_item_says_so_only_to_those_who_judge_nothing(campaign, client):
    job = make_job(campaign, JobKind.EXPORT_DATASET, result={"rows": 3, "notices": ["See e-3"]})
    page = reverse("job-detail", args=[job.public_id])
    blind = somebody(campaign, Role.RESEARCHER, Role.ANNOTATOR)
    client.force_login(blind)
    text = client.get(page).content.decode()
    assert "e-3" not in text
    assert "Why it failed is not shown." in text
    assert "<dt>Rows</dt><dd" in text  # figures stay
    client.force_login(somebody(campaign, Role.RESEARCHER))
    text = client.get(page).content.decode()
    assert "Item i-7: edit e-3 is missing" in text
    assert "See e-3" in text


def test_the_api_withholds_the_same_and_says_why(campaign, client):
    job = make_job(campaign, JobKind.EXPORT_DATASET, result={"rows": 3, "notices": ["See e-3"]})
    where = reverse("api-job", args=[job.public_id])
    client.force_login(somebody(campaign, Role.RESEARCHER, Role.ANNOTATOR))
    said = client.get(where).json()
    assert (said["error"], said["result"]) == ("", {"rows": 3})
    assert "must not see anything about them first" in said["withheld"]
    client.force_login(somebody(campaign, Role.RESEARCHER))
    said = client.get(where).json()
    assert said["error"] == job.error
    assert said["result"] == job.result
    assert said["withheld"] == ""


def test_operators_who_judge_do_not_read_the_log_of_such_a_job(campaign, client):
    job = make_job(campaign, JobKind.TRAIN_MODEL)
    JobLine.objects.create(job=job, text="edit e-3")
    page = reverse("job-detail", args=[job.public_id])
    for operator, reads in (
        (somebody(campaign, superuser=True), True),
        (somebody(campaign, Role.ANNOTATOR, superuser=True), False),
    ):
        client.force_login(operator)
        assert ("edit e-3" in client.get(page).content.decode()) is reads


def test_what_a_person_brought_and_what_names_no_item_is_told_to_raters_too(campaign):
    blind = somebody(campaign, Role.ADMIN, Role.ANNOTATOR)
    arguments = {"collection": campaign.collection_id}
    own = make_job(campaign, JobKind.IMPORT_ITEMS, created_by=blind, arguments=arguments)
    others = make_job(campaign, JobKind.IMPORT_ITEMS, arguments=arguments)
    report = make_job(campaign, JobKind.AGREEMENT_REPORT)
    alone = make_job(None, JobKind.IMPORT_ITEMS, arguments=arguments)
    told = [why_words_withheld(blind, job) == "" for job in (own, others, report, alone)]
    assert told == [True, False, True, False]


def test_a_models_weights_are_not_handed_to_those_whose_items_it_scores(
    campaign, client, settings, tmp_path
):
    settings.MODEL_ROOT = str(tmp_path)
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "model.safetensors").write_bytes(b"weights")
    RewardModelVersion.objects.create(
        campaign=campaign, number=1, rubric=campaign.rubric, backbone="compact", folder="one",
        state=BuildState.READY, job=make_job(campaign, JobKind.TRAIN_MODEL),
    )  # fmt: skip
    doors = [
        reverse(name, args=[campaign.slug, 1]) for name in ("model-archive", "api-model-archive")
    ]
    page = reverse("model-detail", args=[campaign.slug, 1])
    for roles, status in (
        ((Role.RESEARCHER,), 200),
        ((Role.RESEARCHER, Role.ANNOTATOR), 403),
        ((Role.ADMIN, Role.REVIEWER), 403),
    ):
        client.force_login(somebody(campaign, *roles))
        assert [client.get(door).status_code for door in doors] == [status] * 2
        # the link is there only where it leads somewhere
        assert (doors[0] in client.get(page).content.decode()) is (status == 200)
