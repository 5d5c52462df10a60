import pytest

from annotation_app.enums import Role
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import GuidelineVersion, Rubric
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.people.members import add_member
from annotation_app.services.rubrics.rubrics import (
    check_wording,
    create_rubric,
    ensure_default_rubric,
    publish_guideline,
)
from tests.factories.world import make_collection, make_user

pytestmark = pytest.mark.django_db


def test_the_default_rubric_has_two_dimensions_of_four_levels_in_two_languages():
    rubric = ensure_default_rubric()
    assert ensure_default_rubric() == rubric
    assert [d.key for d in rubric.dimensions.all()] == ["if", "vq"]
    assert [level.value for level in rubric.dimensions.first().levels.all()] == [1, 2, 3, 4]
    guideline = GuidelineVersion.objects.get(rubric=rubric)
    assert set(guideline.document) == set(guideline.wording) == {"en", "zh-hans"}
    check_wording(rubric, guideline.wording)
    assert guideline.wording["en"]["if"]["levels"]["4"]["name"] == "Very good"


def test_a_campaign_pins_rubric_guideline_and_seed():
    campaign = create_campaign(
        actor=make_user(), name="Pins", collection=make_collection(1), design=CampaignDesign(seed=5)
    )
    assert (campaign.seed, campaign.guideline.number, campaign.slug) == (5, 1, "pins")
    assert campaign.rubric == Rubric.objects.get(slug="edit-quality")


def test_a_second_campaign_of_the_same_name_is_refused():
    collection = make_collection(1)
    create_campaign(actor=None, name="Twice", collection=collection)
    with pytest.raises(ConflictError, match="exists"):
        create_campaign(actor=None, name="Twice", collection=collection)


@pytest.mark.parametrize(
    "design", [CampaignDesign(candidates_per_item=0), CampaignDesign(reserved_share=1.5)]
)
def test_impossible_designs_are_refused(design):
    with pytest.raises(InvalidInputError):
        create_campaign(actor=None, name="No", collection=make_collection(1), design=design)


def test_the_same_overlap_plan_twice_is_one_plan():
    campaign = create_campaign(actor=None, name="Plan", collection=make_collection(1))
    first = set_overlap_plan(actor=None, campaign=campaign, overlap_share=0.1)
    assert set_overlap_plan(actor=None, campaign=campaign, overlap_share=0.1) == first
    assert set_overlap_plan(actor=None, campaign=campaign, overlap_share=0.2).number == 2
    with pytest.raises(InvalidInputError):
        set_overlap_plan(actor=None, campaign=campaign, base_ratings=4, overlap_ratings=3)


def test_adding_a_member_twice_keeps_one_membership():
    campaign = create_campaign(actor=None, name="Members", collection=make_collection(1))
    user = make_user()
    first = add_member(actor=None, campaign=campaign, user=user, role=Role.ANNOTATOR)
    assert add_member(actor=None, campaign=campaign, user=user, role=Role.ANNOTATOR) == first


def test_a_new_guideline_version_becomes_the_campaigns_own():
    campaign = create_campaign(actor=None, name="Words", collection=make_collection(1))
    wording = campaign.guideline.wording
    version = publish_guideline(
        actor=make_user(),
        campaign=campaign,
        document={"en": "# New"},
        wording=wording,
        change_note={"en": "Shorter."},
    )
    campaign.refresh_from_db()
    assert (version.number, campaign.guideline) == (2, version)
    with pytest.raises(InvalidInputError, match="levels"):
        publish_guideline(
            actor=make_user(),
            campaign=campaign,
            document={},
            wording={"en": {"if": {"levels": {}}, "vq": {"levels": {}}}},
            change_note={},
        )


def test_a_rubric_may_have_one_dimension_of_ten_levels_but_not_of_eleven():
    levels = list(range(1, 11))
    rubric = create_rubric(slug="ten", name="Ten", dimensions=[{"key": "fun", "levels": levels}])
    assert rubric.dimensions.get().levels.count() == 10
    with pytest.raises(InvalidInputError, match="2 to 10 levels"):
        create_rubric(slug="eleven", name="E", dimensions=[{"key": "fun", "levels": [*levels, 11]}])


def test_a_rubric_whose_overall_would_take_too_many_values_is_refused():
    unlike = [10_000, 1000, 100, 10, 1]  # one digit each: 100,000 values
    dimensions = [
        {"key": f"d{place}", "weight": [weight, 10_000], "levels": list(range(1, 11))}
        for place, weight in enumerate(unlike)
    ]
    with pytest.raises(InvalidInputError, match="more than 10,001 different values"):
        create_rubric(slug="unlike", name="Unlike", dimensions=dimensions)
    assert not Rubric.objects.filter(slug="unlike").exists()
