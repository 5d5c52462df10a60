"""Annotators' panels: figures by hand, words, pictures, who may look, foreign names."""

from uuid import uuid4

import pytest
from django.urls import reverse

from analytics.raters.binomial_shares import share
from analytics.raters.gold import BetaPrior, gold_accuracy
from annotation_app.enums import CheckKind, Role
from annotation_app.models import Check, Rating
from annotation_app.selectors.raters.records import (
    campaign_raters,
    find_rater,
    gold_record,
    speed_record,
)
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.people.members import add_member
from annotation_app.services.raters.studying import study_raters
from annotation_app.services.rating.submission import submit_rating
from annotation_app.web.raters.axes import Axis
from annotation_app.web.raters.funnel import draw_funnel
from annotation_app.web.raters.reading import RaterData
from tests.factories.world import (
    NOON,
    make_annotators,
    make_campaign,
    make_judgement,
    make_user,
)


@pytest.fixture
def reader(client, pair):
    client.force_login(pair.researcher)
    return client


def panel(pair, user):
    return reverse("rater-panel", args=[pair.campaign.slug, user.public_id])


def rows_of(answer, dimension):
    found = next(one for one in answer.context["panel"].dimensions if one.key == dimension)
    return {row.label: row for row in found.figures}


def test_severity_is_the_others_mean_minus_the_own(reader, pair):
    strict = rows_of(reader.get(panel(pair, pair.strict)), "if")["Severity, levels"]
    lenient = rows_of(reader.get(panel(pair, pair.lenient)), "if")["Severity, levels"]
    assert (strict.value, lenient.value) == ("+1.000", "−1.000")
    assert strict.n == "6 items"


def test_undefined_figures_say_why(reader, pair):
    rows = rows_of(reader.get(panel(pair, pair.lenient)), "vq")
    assert rows["Correlation with the others"].value == (
        "All ratings are equal: agreement is not defined."
    )
    assert rows["Correlation with the others"].interval == "–"
    without = rows["Change in α without them"]
    assert without.value == "No candidate has two ratings yet."  # nobody else is left to agree


def test_few_annotators_are_not_compared(reader, pair):
    answer = reader.get(panel(pair, pair.strict))
    assert "takes five annotators" in answer.context["panel"].words
    assert "Limits need five annotators" in answer.content.decode()


def test_before_and_after_a_study(reader, pair):
    assert "No study yet" in reader.get(panel(pair, pair.strict)).content.decode()
    study_raters(campaign=pair.campaign, actor=None, job=None)
    answer = reader.get(panel(pair, pair.lenient))
    assert rows_of(answer, "vq")["Straight-lining"].value == "100.0 %"
    assert "the same level more often than the others" in answer.context["panel"].words
    assert "more than fifteen are needed" in answer.content.decode()


def test_the_list_names_everybody_with_figures(reader, pair):
    page = reader.get(reverse("rater-list", args=[pair.campaign.slug])).content.decode()
    assert pair.strict.username in page
    assert panel(pair, pair.lenient) in page
    assert 'role="img"' in page


@pytest.mark.django_db
def test_speed_counts_answers_under_the_floor_and_no_untimed_ones():
    times = [1.0, 2.0, 30.0, 40.0, 50.0, 0.0]
    campaign = make_campaign(len(times), k=2)
    (annotator,) = make_annotators(campaign, 1)
    for seconds in times:
        lease = lease_next_task(annotator=annotator, campaign=campaign, now=NOON)
        submit_rating(lease=lease, judgement=make_judgement(lease, seconds=seconds), now=NOON)
    found = speed_record(campaign, annotator, floor=3.0)
    assert found.fast == share(2, 5)
    assert found.median == 30.0


def test_gold_is_a_posterior_with_a_flat_prior_where_there_is_no_pool(pair):
    assert gold_record(pair.campaign, pair.strict) is None
    for place, rating in enumerate(Rating.objects.filter(annotator=pair.strict)[:4]):
        Check.objects.create(
            campaign=pair.campaign,
            annotator=pair.strict,
            rating=rating,
            revision=rating.current_revision,
            kind=CheckKind.GOLD,
            passed=place > 0,
            within=1,
            compared=1,
            rated_at=NOON,
        )
    assert gold_record(pair.campaign, pair.strict) == gold_accuracy(
        3, 4, floor=0.8, prior=BetaPrior()
    )


def test_actions_are_there_for_admins_alone(client, pair):
    client.force_login(pair.researcher)
    assert "Pause" not in client.get(panel(pair, pair.strict)).content.decode()
    admin = make_user()
    add_member(actor=None, campaign=pair.campaign, user=admin, role=Role.ADMIN)
    client.force_login(admin)
    assert "Yes, pause" in client.get(panel(pair, pair.strict)).content.decode()


def test_annotators_see_no_panel_not_even_their_own(client, pair):
    client.force_login(pair.strict)
    for user in (pair.strict, pair.lenient):
        assert client.get(panel(pair, user)).status_code == 404
    assert client.get(reverse("rater-list", args=[pair.campaign.slug])).status_code == 404
    assert client.post(reverse("rater-study", args=[pair.campaign.slug])).status_code == 404


def test_people_of_other_campaigns_are_not_found_here(reader, pair):
    stranger = make_user()
    add_member(actor=None, campaign=make_campaign(1, k=2), user=stranger, role=Role.ANNOTATOR)
    assert reader.get(panel(pair, stranger)).status_code == 404
    assert reader.get(panel(pair, pair.researcher)).status_code == 404  # not an annotator
    unknown = reverse("rater-panel", args=[pair.campaign.slug, uuid4()])
    assert reader.get(unknown).status_code == 404
    assert find_rater(pair.campaign, stranger.public_id) is None
    assert set(campaign_raters(pair.campaign)) == {pair.strict, pair.lenient}


def test_somebody_who_has_not_rated_yet_has_an_empty_panel(reader, pair):
    newcomer = make_user()
    add_member(actor=None, campaign=pair.campaign, user=newcomer, role=Role.ANNOTATOR)
    answer = reader.get(panel(pair, newcomer))
    assert answer.status_code == 200
    assert answer.context["panel"].words.startswith("Too soon to say: 0 items")


def test_asking_for_a_study_leads_to_its_job(reader, pair):
    where = reverse("rater-study", args=[pair.campaign.slug])
    assert "/jobs/" in reader.post(where)["Location"]
    assert reader.post(where)["Location"] == reverse("rater-list", args=[pair.campaign.slug])


def test_points_stand_where_their_figures_say(pair):
    rows = RaterData(pair.campaign).rows["if"]
    picture = draw_funnel(rows, pair.strict.pk)
    own = next(point for point in picture.points if point.is_own)
    assert (own.name, own.n_items) == (pair.strict.username, 6)
    # 6 of 6.48 items across, between 52 and 704
    assert own.x == pytest.approx(52 + 652 / 1.08, abs=0.1)
    assert draw_funnel([]) is None


def test_marks_of_an_axis_are_round():
    axis = Axis(0.0, 23.0, 0.0, 230.0)
    assert [(tick.label, tick.place) for tick in axis.ticks(5)] == [
        ("0", 0.0),
        ("5", 50.0),
        ("10", 100.0),
        ("15", 150.0),
        ("20", 200.0),
    ]
    assert [tick.label for tick in Axis(-0.13, 0.32, 0, 1).ticks(4)] == ["0.0", "0.2"]
    assert axis.place(99) == 230.0
