import pytest

from annotation_app.enums import Role
from annotation_app.models import AuditEvent, GoldItem, Lesson, Membership, QualityPlan
from annotation_app.selectors.quality.plans import quality_plan
from annotation_app.services.people.members import add_member
from annotation_app.web.quality.forms import QualityPlanForm
from tests.factories.gold import make_gold, reference_of
from tests.factories.world import make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(4, k=2)


@pytest.fixture
def admin(campaign, client):
    user = make_user()
    add_member(actor=None, campaign=campaign, user=user, role=Role.ADMIN)
    client.force_login(user)
    return user


def filled(campaign, **changes):
    form = QualityPlanForm(campaign=campaign, plan=quality_plan(campaign))
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in (values | changes).items() if value is not False}


def test_the_rules_page_changes_the_rules_and_keeps_what_they_were(client, campaign, admin):
    data = filled(campaign, gold_share=0.05, training_required="on", **{"rule-if-kappa": 0.7})
    answer = client.post(f"/campaigns/{campaign.slug}/quality/rules/", data)
    assert answer.status_code == 302
    plan = QualityPlan.objects.get(campaign=campaign)
    assert (plan.gold_share, plan.training_required) == (0.05, True)
    assert plan.pass_rule == {"if": {"kappa": 0.7}, "vq": {}}
    event = AuditEvent.objects.filter(object_type="quality_plan").last()
    assert event.data["gold_share"] == [0.0, 0.05]


def test_rules_that_contradict_each_other_come_back_with_the_reason(client, campaign, admin):
    data = filled(campaign, good_accuracy=0.6, bad_accuracy=0.7)
    answer = client.post(f"/campaigns/{campaign.slug}/quality/rules/", data)
    assert answer.status_code == 400
    assert "errorlist" in answer.content.decode()
    assert QualityPlan.objects.filter(good_accuracy=0.6).count() == 0


def test_a_gold_item_and_a_lesson_are_entered_by_page(client, campaign, admin):
    item = campaign.campaign_items.first()
    levels = {
        f"level-{candidate}-{key}": level
        for (candidate, key), level in reference_of(item.pk).items()
    }
    where = f"/campaigns/{campaign.slug}/quality/gold/{item.item_id}/"
    partly = dict(list(levels.items())[1:])
    assert client.post(where, partly).status_code == 400
    answer = client.post(where, levels | {"tolerance": 0, "text-if-": "Exactly as asked."})
    assert answer.status_code == 302
    gold = GoldItem.objects.get()
    assert (gold.tolerance, gold.scores.count()) == (0, 4)
    assert gold.explanations == {"if": {"": "Exactly as asked."}}
    answer = client.post(
        f"/campaigns/{campaign.slug}/quality/lessons/", {"title": "One", "examples": [gold.pk]}
    )
    assert answer.status_code == 302
    assert Lesson.objects.get().examples.get().gold_item == gold


def test_an_action_of_the_panel_is_done_and_said(client, campaign, admin):
    [ann] = make_annotators(campaign, 1)
    member = Membership.objects.get(user=ann)
    where = f"/campaigns/{campaign.slug}/quality/annotators/{member.pk}/act/"
    answer = client.post(where, {"act": "pause", "text": "Let us talk first."}, follow=True)
    assert "Paused." in answer.content.decode()
    client.force_login(ann)
    assert "Let us talk first." in client.get("/").content.decode()
    answer = client.post(
        f"/api/v1/work/campaigns/{campaign.slug}/next", {}, content_type="application/json"
    )
    assert answer.status_code == 403
    assert "Let us talk first." in answer.json()["message"]


def test_retired_gold_is_drawn_no_more(client, campaign, admin):
    [gold] = make_gold(campaign, 1)
    where = f"/campaigns/{campaign.slug}/quality/gold/{gold.campaign_item.item_id}/change/"
    client.post(where, {"act": "retire"})
    gold.refresh_from_db()
    assert not gold.is_active
    client.post(where, {"act": "use"})
    gold.refresh_from_db()
    assert gold.is_active
