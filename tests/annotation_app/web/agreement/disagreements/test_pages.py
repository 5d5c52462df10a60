"""Pages of the explorer: what they show, to whom, and odd addresses."""

from uuid import uuid4

import pytest
from django.urls import reverse

from annotation_app.enums import Role
from annotation_app.models import Adjudication, Campaign, Flag, Rating
from annotation_app.services.people.members import add_member
from tests.factories.world import NOON, make_campaign, make_user


@pytest.fixture
def reader(client, world):
    client.force_login(world.researcher)
    return client


def the_list(world):
    return reverse("disagreements", args=[world.campaign.slug])


def the_item(world, item=None):
    chosen = item or max(world.widths, key=world.widths.get)
    return reverse("disagreement-item", args=[world.campaign.slug, chosen])


def member(world, role):
    person = make_user()
    add_member(actor=None, campaign=world.campaign, user=person, role=role)
    return person


def test_the_list_leads_to_items_with_the_search_kept(reader, world):
    page = reader.get(the_list(world), {"dimension": "if", "least": 2}).content.decode()
    assert page.count("/agreement/items/") >= 4
    assert "dimension=if&amp;least=2" in page
    assert "Instruction Following" in page


def test_the_form_names_a_stratum_in_one_word(reader, world):
    answer = reader.get(the_list(world), {"stratum": "category:colour"})
    assert (answer.context["query"].search.by, answer.context["found"]) == ("category", 4)
    same = reader.get(the_list(world), {"by": "category", "value": "colour"})
    assert same.context["found"] == 4


def test_an_item_shows_every_score_note_and_the_final_score(reader, world):
    page = reader.get(the_item(world)).content.decode()
    for rater in world.raters:
        assert rater.username in page
    assert "note of 0" in page
    assert "note of 1" in page
    # levels 1 and 4: the exact mean
    assert "<strong>2.50</strong>" in page
    assert "Exact mean" in page


def test_a_decided_score_is_final_whatever_the_ratings(reader, world):
    item = max(world.widths, key=world.widths.get)
    drawn = world.campaign.campaign_items.get(pk=item).drawn.order_by("candidate").first()
    Adjudication.objects.create(
        campaign_item_id=item,
        candidate=drawn.candidate,
        dimension=world.campaign.rubric.dimensions.get(key="if"),
        level=3,
        reviewer=world.researcher,
    )
    page = reader.get(the_item(world, item)).content.decode()
    assert "<strong>3</strong>" in page
    assert "Adjudicated" in page


def test_instructions_keep_their_language_and_flags_are_shown(reader, world):
    item = world.campaign.campaign_items.order_by("pk").first().item
    item.instruction, item.instruction_language = "اجعلها زرقاء", "ar"
    item.save()
    Flag.objects.create(item=item, kind="ambiguous", note="which one?", annotator=world.raters[0])
    first = world.campaign.campaign_items.order_by("pk").first()
    page = reader.get(the_item(world, first.pk)).content.decode()
    assert 'dir="auto" lang="ar"' in page
    assert "which one?" in page


def test_annotators_never_see_the_explorer(client, world):
    client.force_login(world.raters[0])
    assert client.get(the_list(world)).status_code == 404
    assert client.get(the_item(world)).status_code == 404


def test_a_reviewer_sees_scores_only_after_their_own_say(client, world):
    client.force_login(member(world, Role.REVIEWER))
    answer = client.get(the_item(world))
    assert answer.status_code == 403
    assert "note of 0" not in answer.content.decode()
    assert client.get(the_list(world)).status_code == 200


def test_an_admin_who_also_rates_sees_scores_only_after_rating(client, world):
    admin = member(world, Role.ADMIN)
    client.force_login(admin)
    assert client.get(the_item(world)).status_code == 200
    add_member(actor=None, campaign=world.campaign, user=admin, role=Role.ANNOTATOR)
    assert client.get(the_item(world)).status_code == 403
    rater = world.raters[0]
    add_member(actor=None, campaign=world.campaign, user=rater, role=Role.ADMIN)
    client.force_login(rater)
    assert client.get(the_item(world)).status_code == 403  # the campaign keeps others' to itself
    Campaign.objects.filter(pk=world.campaign.pk).update(shows_others_after_close=True)
    assert client.get(the_item(world)).status_code == 200
    # still open to change: not yet
    Rating.objects.filter(annotator=rater).update(open_until=NOON.replace(year=2999))
    assert client.get(the_item(world)).status_code == 403


@pytest.mark.parametrize(
    "odd",
    [
        {"dimension": "nothing"},
        {"dimension": "overall"},
        {"by": "generator", "value": "x"},
        {"by": "generator", "value": "9" * 40},
        {"by": "guideline", "value": "9" * 40},
        {"by": "guideline", "value": "-1"},
        {"by": "day", "value": "yesterday"},
        {"by": "pooled", "value": ""},
        {"by": "password", "value": "x"},
        {"stratum": "::"},
        {"rater": "1"},
        {"rater": str(uuid4())},
        {"least": "-3"},
        {"least": "9" * 30},
        {"order": "-pk"},
        {"after": "nan_1"},
        {"after": "1e400_1"},
        {"after": "1_" + "9" * 40},
        {"before": "3_x"},
        {"after": "1' OR 1=1_2"},
    ],
)
def test_odd_words_are_left_out(reader, world, odd):
    assert reader.get(the_list(world), odd).status_code == 200
    assert reader.get(the_item(world), odd).status_code == 200


def test_another_campaigns_items_and_raters_are_not_found_here(reader, world):
    other = make_campaign(1, k=2)
    foreign = other.campaign_items.first()
    assert reader.get(the_item(world, foreign.pk)).status_code == 404
    where = reverse("disagreements", args=[other.slug])
    assert reader.get(where).status_code == 404


def test_the_number_of_statements_does_not_grow_with_the_list(
    reader, world, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40):
        reader.get(the_list(world), {"least": 0})
    with django_assert_max_num_queries(40):
        reader.get(the_item(world))
