"""Studies of annotators: hand-derived counts, directions, entropies, jobs."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from analytics.facet.fit import FacetFit
from analytics.raters.binomial_shares import share
from analytics.raters.cusum import CusumPlan
from analytics.scales import Scale
from analytics.tables import RatingTable
from annotation_app.exceptions import ConflictError, NothingToDoError
from annotation_app.models import CampaignItemChange, ItemSpread, Job, RaterStudy
from annotation_app.selectors.agreement.disagreements import Search, SpreadOrder, read_page
from annotation_app.selectors.agreement.overlap_tables import overlap_rows, overlap_tables
from annotation_app.services.agreement.folding import fold_campaign
from annotation_app.services.raters.drifts import drift_facts
from annotation_app.services.raters.figures import facet_facts
from annotation_app.services.raters.studying import (
    request_due_studies,
    request_study,
    run_study_job,
    study_raters,
)
from annotation_app.web.raters.figures import dimension_rows
from tests.factories.world import NOON, make_campaign

SOON = timedelta(minutes=1)


@pytest.fixture
def study(pair):
    fold_campaign(campaign=pair.campaign, now=NOON)
    return study_raters(campaign=pair.campaign, actor=None, job=None)


def of(study, key, what, user):
    return study.figures["dimensions"][key][what][str(user.pk)]


def test_the_stricter_annotator_is_the_one_who_rates_lower(pair, study):
    strict = of(study, "if", "facets", pair.strict)["severity"]
    lenient = of(study, "if", "facets", pair.lenient)["severity"]
    assert strict["value"] > 0 > lenient["value"]
    assert strict["n"] == lenient["n"] == 6
    # every item says the same: the interval excludes the average, and still has a width
    assert 0 < strict["low"] < strict["value"] - 0.1 < strict["high"] - 0.2
    # two annotators cannot tell their own spread from noise
    assert strict["shrunken"] is lenient["shrunken"] is None


def fit_of_three(**changes):
    """A fit of three annotators, 7, 8 and 9, and five items that they rated."""
    fit = FacetFit(
        rater_labels=[7, 8, 9],
        severity=np.array([-1.0, 0.0, 1.0]),
        severity_error=np.full(3, 1.0),
        severity_low=np.array([-3.0, -2.0, -1.5]),
        severity_high=np.array([1.0, 2.0, 3.5]),
        discrimination=np.array([1.0, 2.0, 4.0]),
        discrimination_error=np.full(3, 1e-3),
        is_aside=np.zeros(3, dtype=bool),
        **dict.fromkeys(("thresholds", "quality", "quality_sd", "level_entropy"), np.zeros(0)),
        score_thousandths=np.zeros(0, dtype=np.int64),
        log_likelihood=0.0,
        n_iterations=1,
        converged=True,
    )
    table = RatingTable.from_unit_rows([[1, 2, 3]] * 5, Scale.of([1, 2, 3]))
    return replace(fit, **changes), replace(table, rater_labels=[7, 8, 9])


def test_three_annotators_are_pulled_to_each_other():
    found = facet_facts(*fit_of_three())
    # squares around the mean, 2, are what errors of one alone give: all are the mean
    assert [found[key]["severity"]["shrunken"] for key in "789"] == pytest.approx([0, 0, 0])
    assert (found["9"]["severity"]["low"], found["9"]["severity"]["high"]) == (-1.5, 3.5)
    # errors far smaller than the spread: all stay what they are
    sharp = [found[key]["discrimination"] for key in "789"]
    assert [one["shrunken"] for one in sharp] == pytest.approx([1, 2, 4], rel=1e-4)
    assert sharp[1]["low"] == pytest.approx(2 - 1.959964e-3)
    assert {one["n"] for one in sharp} == {5}


def test_who_ignores_quality_has_no_severity_and_who_never_varies_no_discrimination():
    inf = np.inf
    found = facet_facts(
        *fit_of_three(
            severity_error=np.array([1.0, inf, inf]),
            severity_low=np.array([-3.0, -inf, -inf]),
            severity_high=np.array([1.0, inf, inf]),
            discrimination_error=np.array([0.1, 0.1, inf]),
            is_aside=np.array([False, False, True]),
        )
    )
    severity = [found[key]["severity"] for key in "789"]
    assert [one["reason"] for one in severity] == [None, "no_discrimination", "no_discrimination"]
    assert [one["value"] for one in severity] == [-1.0, None, None]
    sharp = [found[key]["discrimination"] for key in "789"]
    assert [(one["value"], one["reason"]) for one in sharp[1:]] == [
        (2.0, None),
        (None, "no_variation"),
    ]
    assert [one["aside"] for one in sharp] == [False, False, True]
    # two are too few to tell their own spread from noise
    assert {one["shrunken"] for one in (*severity, *sharp)} == {None}


def test_the_panel_says_who_was_set_aside_and_why_there_is_no_severity():
    inf = np.full(3, np.inf)
    study = {
        "facets": facet_facts(
            *fit_of_three(
                severity_error=inf, severity_low=-inf, severity_high=inf, is_aside=inf > 0
            )
        )
    }
    severity, discrimination = dimension_rows(None, study, 8)
    assert severity.value == (
        "Cannot be distinguished from answers that ignore quality: no severity."
    )
    assert discrimination.note == "Excluded from the fit: their levels do not follow quality."
    assert discrimination.value == "2.000"


def test_flat_items_are_counted_item_by_item(pair, study):
    flat = of(study, "vq", "flat", pair.lenient)
    exact = share(6, 6)
    assert (flat["value"], flat["n"], flat["others"]) == (1.0, 6, 0.0)
    assert (flat["low"], flat["high"]) == (exact.low, exact.high)
    assert of(study, "vq", "flat", pair.strict)["value"] == 0.0


def test_few_items_have_no_interval_of_drift(pair, study):
    drift = of(study, "if", "drift", pair.strict)
    assert (drift["n"], drift["reason"], drift["since"]) == (6, "few_items", None)


def test_halo_says_why_it_is_undefined(pair, study):
    (halo,) = study.figures["halo"]
    # the lenient one has one level on vq: no correlation with it
    assert halo["raters"][str(pair.lenient.pk)]["reason"] == "no_variation"


def test_entropies_order_the_explorer(pair, study):
    rows = read_page(pair.campaign, Search(order=SpreadOrder.ENTROPY, least=0)).rows
    assert len(rows) == 6
    values = [row.entropy for row in rows]
    assert values == sorted(values, reverse=True)
    assert all(0 <= value <= 2 for value in values)  # four levels: two bits at most


def test_a_fold_keeps_entropies_until_the_next_study(pair, study):
    before = set(ItemSpread.objects.values_list("campaign_item", "dimension", "entropy"))
    for item in pair.campaign.campaign_items.all():
        CampaignItemChange.objects.create(campaign=pair.campaign, campaign_item=item)
    fold_campaign(campaign=pair.campaign, now=NOON)
    assert set(ItemSpread.objects.values_list("campaign_item", "dimension", "entropy")) == before


def test_a_planted_drift_is_dated_and_directed(pair):
    rows = overlap_rows(pair.campaign)
    tables = overlap_tables(rows, pair.campaign.rubric)
    found = drift_facts(tables["if"], rows["if"], CusumPlan(0.5, 5.0))
    facts = found[str(pair.strict.pk)]
    assert (facts["threshold"], facts["run_length"]) == (5.0, 469)  # Siegmund's figure
    assert facts["items"] == [1, 2, 3, 4, 5, 6]
    assert len(facts["upper"]) == len(facts["lower"]) == 6


def test_the_job_says_where_its_figures_are(pair):
    told = []
    job = request_study(campaign=pair.campaign, created_by=None)
    with pytest.raises(ConflictError):
        request_study(campaign=pair.campaign, created_by=None)
    found = run_study_job(job, lambda done, total, message: told.append(done / total))
    assert found["url"].endswith("/raters/")
    assert told == sorted(told)
    assert told[-1] == 1
    assert RaterStudy.objects.get().rating_count == 12


@pytest.mark.django_db
def test_nothing_rated_is_nothing_to_study():
    with pytest.raises(NothingToDoError):
        study_raters(campaign=make_campaign(1, k=2), actor=None, job=None)


def test_every_night_only_changed_campaigns_are_studied_again(pair):
    make_campaign(1, k=2)  # nothing rated
    assert request_due_studies(now=timezone.now() + SOON) == 1
    assert request_due_studies(now=timezone.now() + SOON) == 0  # under way
    run_study_job(Job.objects.get())
    Job.objects.update(state="succeeded")
    assert request_due_studies(now=timezone.now() + SOON) == 0  # nothing changed
    RaterStudy.objects.update(rating_count=11)
    assert request_due_studies(now=timezone.now() + SOON) == 1
