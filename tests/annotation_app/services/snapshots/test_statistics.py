"""The figures that a snapshot keeps equal those of the campaign's own tables."""

import numpy as np
import pytest

from analytics.agreement.report import agreement_summary
from analytics.facet.fit import fit_facets
from annotation_app.enums import Design
from annotation_app.models import Rating
from annotation_app.selectors.agreement.tables import campaign_tables
from annotation_app.services.snapshots.statistics import measure_scores
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def rated():
    """Eight items, three raters with noise; one slot came by a check."""
    campaign = make_campaign(8, k=3, base=3, overlap=3)
    rng = np.random.default_rng(4)
    for annotator in make_annotators(campaign, 3):
        for _ in range(8):
            rate_by_rule(
                campaign,
                annotator,
                lambda place, key: int(np.clip(place + rng.integers(0, 3), 1, 4)),
            )
    rating = Rating.objects.order_by("pk").last()
    rating.task.design = Design.CSP
    rating.task.save()
    return campaign


def test_agreement_is_that_of_the_slots_of_random_design(rated):
    found = measure_scores(rated, frozenset()).report["agreement"]
    tables = campaign_tables(rated, designs=frozenset({Design.RANDOM}))
    expected = {key: agreement_summary(table).as_dict() for key, table in tables.items()}
    assert found["design"] == "random"
    assert found["figures"].keys() == {"if", "vq", "overall"} == expected.keys()
    for key, figures in expected.items():
        own = found["figures"][key]
        for name, bounds in figures.pop("intervals_95").items():
            assert own["intervals_95"][name] == pytest.approx(bounds, abs=1e-12)
        for name, value in figures.items():
            assert own[name] == pytest.approx(value, abs=1e-12)


def test_facet_scores_are_those_of_all_counted_ratings(rated):
    found = measure_scores(rated, frozenset())
    for key, table in campaign_tables(rated).items():
        if key == "overall":
            continue
        fit = fit_facets(table)
        for candidate, score in zip(table.unit_labels, fit.score_thousandths, strict=True):
            assert abs(found.facets[candidate, key] - score) <= 1  # another order of summing
        assert found.report["facet"][key]["raters"] == 3


def test_annotators_who_do_not_count_are_left_out(rated):
    people = set(Rating.objects.values_list("annotator", flat=True))
    figures = measure_scores(rated, frozenset(sorted(people)[1:]))
    assert figures.report["agreement"]["figures"]["if"]["n_raters"] == 1
    assert figures.facets == {}
    assert "at least two raters" in figures.report["facet"]["if"]["reason"]
