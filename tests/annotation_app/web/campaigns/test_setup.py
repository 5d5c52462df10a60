"""Setting a campaign up: forms, forecast, plan job, rubric files, states."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotation_app.enums import CampaignState, JobKind, Role, TaskState
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import AuditEvent, Campaign, Job, OverlapPlan, Rubric, Task
from annotation_app.services.campaigns.creation import change_campaign_state
from annotation_app.services.campaigns.forecast import forecast_plan
from annotation_app.services.campaigns.plan_jobs import run_plan_job, widen_overlap
from annotation_app.services.campaigns.settings import change_settings
from annotation_app.services.people.members import add_member
from annotation_app.services.rubrics.files import read_rubric, store_rubric
from tests.factories.world import make_campaign, make_collection, make_user

pytestmark = pytest.mark.django_db

RUBRIC = {
    "slug": "realism",
    "name": "Realism",
    "dimensions": [{"key": "real", "levels": [1, 2, 3], "criteria": ["light"]}],
    "wording": {
        "en": {"real": {"name": "Realism", "levels": {n: {"name": n} for n in ("1", "2", "3")}}}
    },
}
FORM = {
    "name": "Fresh",
    "candidates_per_item": 4,
    "sampling": "uniform",
    "reserved_share": 0.25,
    "base_ratings": 1,
    "overlap_share": 0.5,
    "overlap_ratings": 3,
    "gate": 0.5,
}


def admin_of(campaign):
    admin = make_user()
    add_member(actor=None, campaign=campaign, user=admin, role=Role.ADMIN)
    return admin


def test_an_admin_opens_a_draft_and_its_job_plans_what_was_forecast(client):
    collection = make_collection(10)
    client.force_login(make_user(superuser=True))
    shown = client.post(
        reverse("campaign-new"), {**FORM, "collection": collection.pk, "act": "preview"}
    )
    assert shown.context["forecast"].items == 10
    assert not Campaign.objects.exists()
    client.post(reverse("campaign-new"), {**FORM, "collection": collection.pk})
    campaign = Campaign.objects.get()
    assert campaign.state == CampaignState.DRAFT
    assert campaign.agreement_gate == {"if": 0.5, "vq": 0.5}
    forecast = forecast_plan(campaign, campaign.overlap_plans.get())
    answer = client.post(
        reverse("campaign-plan", args=[campaign.slug]),
        {"act": "apply", "base_ratings": 1, "overlap_share": 0.5, "overlap_ratings": 3},
    )
    job = Job.objects.get(kind=JobKind.PLAN_TASKS)
    assert answer.headers["Location"] == reverse("job-detail", args=[job.public_id])
    result = run_plan_job(job, lambda _done, _total, _said: None)
    # the items of the overlap sample get three slots, the others one
    assert forecast.tasks == forecast.tasks_added == 10 + 2 * forecast.overlap_items
    assert result["tasks_added"] == forecast.tasks
    assert Task.objects.filter(campaign=campaign, state=TaskState.OPEN).count() == forecast.tasks


def test_a_wider_plan_says_what_it_adds_and_a_narrower_one_is_refused(client):
    campaign = make_campaign(10, k=2, base=1, share=0.0)
    admin = admin_of(campaign)
    wider = OverlapPlan(base_ratings=2, overlap_share=0.0, overlap_ratings=2)
    assert forecast_plan(campaign, wider).tasks_added == 10
    client.force_login(admin)
    body = {"base_ratings": 2, "overlap_share": 0, "overlap_ratings": 2}
    answer = client.post(reverse("campaign-plan", args=[campaign.slug]), body)
    assert answer.context["proposed"].tasks_added == 10
    assert campaign.tasks.count() == 10  # shown before it is made
    widen_overlap(campaign=campaign, actor=admin, plan=wider)
    with pytest.raises(ConflictError, match="only adds"):
        widen_overlap(
            campaign=campaign,
            actor=admin,
            plan=OverlapPlan(base_ratings=1, overlap_share=0.0, overlap_ratings=1),
        )
    assert AuditEvent.objects.filter(object_type="overlap_plan", campaign=campaign).count() == 2


def test_agreement_is_forecast_only_with_five_overlap_items():
    campaign = make_campaign(8, k=2)
    few = OverlapPlan(base_ratings=1, overlap_share=0.5, overlap_ratings=3)
    all_items = OverlapPlan(base_ratings=3, overlap_share=0.0, overlap_ratings=3)
    assert forecast_plan(campaign, few).half_width is None
    half_width = forecast_plan(campaign, all_items).half_width
    assert half_width is not None
    assert 0 < half_width < 1


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("slug",), "Not A Slug", "slug"),
        (("dimensions",), [], "dimensions"),
        (("dimensions", 0, "levels"), [1], "dimensions[0].levels"),
        (("dimensions", 0, "levels"), [1, 1, 2], "dimensions[0].levels"),
        (("dimensions", 0, "key"), "overall", "dimensions[0].key"),
        (("dimensions", 0, "weight"), [1, 0], "dimensions[0].weight"),
        (("dimensions", 0, "criteria"), ["A b"], "dimensions[0].criteria[0]"),
        (("wording", "en", "real", "name"), "", "wording.en.real.name"),
    ],
)
def test_a_broken_rubric_file_names_the_field(path, value, named):
    content = json.loads(json.dumps(RUBRIC))
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(InvalidInputError) as raised:
        read_rubric(json.dumps(content))
    assert raised.value.details["field"] == named


def test_an_uploaded_rubric_becomes_the_campaigns(client):
    collection = make_collection(2)
    client.force_login(make_user(superuser=True))
    file = SimpleUploadedFile("r.json", json.dumps(RUBRIC).encode())
    client.post(reverse("campaign-new"), {**FORM, "collection": collection.pk, "rubric_file": file})
    campaign = Campaign.objects.get()
    assert [one.key for one in campaign.rubric.dimensions.all()] == ["real"]
    assert campaign.agreement_gate == {"real": 0.5}


def test_wording_that_misses_a_level_stores_no_rubric():
    content = json.loads(json.dumps(RUBRIC))
    del content["wording"]["en"]["real"]["levels"]["3"]
    with pytest.raises(InvalidInputError, match="levels"):
        store_rubric(actor=make_user(), file=read_rubric(json.dumps(content)))
    assert not Rubric.objects.filter(slug="realism").exists()


def test_the_default_rubrics_own_file_would_pass():
    content = Path("annotation_app/content/edit_quality")
    file = json.loads((content / "rubric.json").read_text())
    file["wording"] = json.loads((content / "wording.json").read_text())
    assert [one["key"] for one in read_rubric(json.dumps(file)).dimensions] == ["if", "vq"]


def test_what_items_were_drawn_by_is_fixed_and_the_rest_is_audited():
    campaign = make_campaign(2, k=2)
    admin = admin_of(campaign)
    with pytest.raises(ConflictError, match="Locked"):
        change_settings(actor=admin, campaign=campaign, changes={"candidates_per_item": 3})
    change_settings(actor=admin, campaign=campaign, changes={"time_zone": "Asia/Shanghai"})
    event = AuditEvent.objects.get(actor=admin, object_type="campaign")
    assert event.data == {"time_zone": ["", "Asia/Shanghai"]}
    with pytest.raises(InvalidInputError, match="time zone"):
        change_settings(actor=admin, campaign=campaign, changes={"time_zone": "Mars/Base"})


def test_states_follow_their_order_and_ask_first(client):
    campaign = make_campaign(1, k=2)
    admin = admin_of(campaign)
    with pytest.raises(ConflictError):
        change_campaign_state(actor=admin, campaign=campaign, state=CampaignState.DRAFT)
    client.force_login(admin)
    where = reverse("campaign-state", args=[campaign.slug, "finished"])
    assert client.get(where).status_code == 200
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.ACTIVE
    client.post(where)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.FINISHED
