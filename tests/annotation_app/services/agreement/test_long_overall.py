"""An overall of 89 levels is live like any other: folded, sliced, compared, shown and frozen."""

from datetime import timedelta
from importlib import import_module
from itertools import product

import numpy as np
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.comparison.differences import jackknife_difference
from analytics.agreement.report import agreement_summary
from analytics.overall import OVERALL, overall_values
from annotation_app.enums import ALL_DESIGNS, Design, Facet
from annotation_app.models import LiveSums, Rating, Task
from annotation_app.selectors.agreement.dashboard.periods import agreement_changes
from annotation_app.selectors.agreement.dashboard.slices import slice_rows
from annotation_app.selectors.agreement.level_bands import bands_of
from annotation_app.selectors.agreement.live.agreement import pending_items, read_live
from annotation_app.selectors.agreement.tables import campaign_agreement, campaign_tables
from annotation_app.selectors.rubrics.scales import rubric_scales, rubric_weights
from annotation_app.services.agreement.folding import fold_batch, fold_campaign
from annotation_app.services.agreement.rebuilding import rebuild_store
from annotation_app.services.agreement.reports.freezing import freeze_report
from annotation_app.services.agreement.reports.verifying import verify_report
from annotation_app.services.rating.revisions import release_rating
from annotation_app.web.agreement.charts import CHARTS
from tests.factories.live import tables_by_slice
from tests.factories.long_scales import LEVELS, WEIGHTS, make_long_campaign, make_long_rubric
from tests.factories.rated import rate_by_rule
from tests.factories.world import NOON, make_annotators, make_user

pytestmark = pytest.mark.django_db
ALPHA = Coefficient.ALPHA_ORDINAL


@pytest.fixture
def campaign():
    """Twelve items of two candidates, rated by three; on the overall nearly all differ."""
    made = make_long_campaign(12, k=2, base=3)
    rng = np.random.default_rng(7)
    people = make_annotators(made, 3)
    for item in range(12):
        truth = rng.integers(2, 10, (2, 3))
        for person in people:
            noise = rng.integers(-1, 2, (2, 3))

            def rule(place, key, truth=truth, noise=noise):
                return int(np.clip((truth + noise)[place, list(WEIGHTS).index(key)], 1, 10))

            rate_by_rule(made, person, rule, NOON + timedelta(days=item // 3))
    return made


def same(found, expected):
    """Assert that two reports say the same, but for rounding."""
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        if isinstance(value, dict):
            same(found[key], value)
        elif isinstance(value, (float, list)):
            assert found[key] == pytest.approx(value, abs=1e-9), key
        else:
            assert found[key] == value, key


def check_overall(campaign):
    """Assert that the overall of every slice is that of the ratings."""
    for design in (Design.RANDOM.value, Design.CSP.value, ALL_DESIGNS):
        expected = tables_by_slice(campaign, design)
        live = read_live(campaign, design=design)
        for facet, strata in live.strata.items():
            for one in strata:
                table = expected[facet, one.key][OVERALL]
                direct = agreement_summary(table)
                summary = one.summary(OVERALL)
                same(summary.as_dict(), direct.as_dict())
                assert one.n_items(OVERALL) == direct.n_items
                assert sum(one.level_counts(OVERALL)) == table.n_ratings


def test_the_overall_has_89_levels_and_its_ratings_are_kept(campaign):
    live = read_live(campaign)
    assert len(live.pooled.sums[OVERALL].scale) == 89
    assert [live.pooled.keeps_ratings(key) for key in live.dimensions] == [False] * 3 + [True]
    with pytest.raises(TypeError, match="keeps its ratings"):
        live.pooled.moments(OVERALL)
    with pytest.raises(TypeError, match="keeps the moments"):
        live.pooled.table("if")


# A rebuild sets its own isolation level.
@pytest.mark.django_db(transaction=True)
def test_every_slice_equals_the_ratings_while_folds_come_in_between(campaign):
    Task.objects.filter(campaign=campaign, ordinal=3).update(design=Design.CSP)
    check_overall(campaign)
    fold_batch(campaign=campaign, now=NOON, limit=7)
    check_overall(campaign)
    fold_campaign(campaign=campaign, now=NOON)
    for rating in Rating.objects.filter(campaign=campaign).order_by("pk")[:5]:
        release_rating(actor=rating.annotator, rating=rating, reason="x", now=NOON)
    check_overall(campaign)
    fold_campaign(campaign=campaign, now=NOON)
    check_overall(campaign)
    assert rebuild_store(campaign=campaign, now=NOON) == []


@pytest.mark.django_db(transaction=True)
def test_the_nightly_check_finds_a_kept_rating_that_is_not_one(campaign):
    fold_campaign(campaign=campaign, now=NOON)
    rows = LiveSums.objects.filter(campaign=campaign, dimension=OVERALL, facet=Facet.CATEGORY)
    first, second = rows.order_by("stratum")
    first.body, second.body = second.body, first.body
    first.save()
    second.save()
    found = rebuild_store(campaign=campaign, now=NOON)
    assert found == [f"random category {name} overall ratings" for name in ("colour", "object")]
    check_overall(campaign)
    assert rebuild_store(campaign=campaign, now=NOON) == []


def test_what_is_stored_follows_the_ratings_not_the_levels(campaign):
    fold_campaign(campaign=campaign, now=NOON)
    row = LiveSums.objects.get(campaign=campaign, dimension=OVERALL, facet=Facet.POOLED)
    assert row.header == {"kept": 72}
    assert len(row.body) < 10 * 72
    assert not row.raters


def test_slices_stand_against_the_rest_as_independent_tables_do(campaign):
    live = read_live(campaign)
    tables = tables_by_slice(campaign, Design.RANDOM.value)
    colour, other = (tables[Facet.CATEGORY, name][OVERALL] for name in ("colour", "object"))
    direct = jackknife_difference(ALPHA, colour, other)
    rows = {row.stratum.key: row for row in slice_rows(live, Facet.CATEGORY, OVERALL)}
    found = rows["colour"].rest
    assert found.estimate.value == pytest.approx(direct.estimate.value, abs=1e-12)
    assert found.n_items == direct.n_items == (6, 6)
    # linearised against deleting each of a dozen items
    error = direct.interval.standard_error
    assert found.interval.standard_error == pytest.approx(error, rel=0.2)
    assert agreement_changes(live, OVERALL) == []


def test_home_dashboard_and_every_chart_answer(campaign):
    fold_campaign(campaign=campaign, now=NOON)
    client = Client()
    client.force_login(make_user(superuser=True))
    overall = campaign_agreement(campaign)[-1].summary.headline.estimate.value
    home = client.get(reverse("campaign-home", args=[campaign.slug]))
    assert f"{overall:.3f}" in home.content.decode()
    for by in Facet:
        query = {"dimension": OVERALL, "by": by.value}
        page = reverse("agreement", args=[campaign.slug], query=query)
        assert client.get(page).status_code == 200
    for name in CHARTS:
        query = {"dimension": OVERALL}
        address = reverse("agreement-chart", args=[campaign.slug, name, "data"], query=query)
        assert client.get(address).status_code == 200


def test_charts_show_bands_of_neighbouring_levels(campaign):
    client = Client()
    client.force_login(make_user(superuser=True))
    address = reverse(
        "agreement-chart", args=[campaign.slug, "confusion", "data"], query={"dimension": OVERALL}
    )
    rows = client.get(address).json()["rows"]
    assert len(rows) == 10 * 10
    assert sum(row["pairs"] for row in rows) == pytest.approx(72)
    bands = bands_of(read_live(campaign).pooled.sums[OVERALL].scale)
    assert bands.labels[0] == "1 – 1.9"
    assert bands.sum([1] * 89) == [9] * 9 + [8]


def test_a_report_holds_the_overall_and_the_packages_confirm_it(campaign):
    report = freeze_report(campaign=campaign, actor=None, job=None)
    table = campaign_tables(campaign, designs=frozenset({Design.RANDOM.value}))[OVERALL]
    expected = agreement_summary(table).as_dict()
    same(report.figures["pooled"][OVERALL], expected)
    low, high = report.facts["bootstrap"]["krippendorff_alpha_ordinal"][OVERALL]["interval_95"]
    assert low < expected["krippendorff_alpha_ordinal"] < high
    assert OVERALL in report.strata["category"]["colour"]
    verified = verify_report(report=report, actor=None)
    assert verified.verification["mismatches"] == []
    assert verified.largest_difference < 1e-12


def test_a_store_from_before_takes_the_overall_in_without_a_gap(campaign):
    fold_campaign(campaign=campaign, now=NOON)
    LiveSums.objects.filter(campaign=campaign, dimension=OVERALL).delete()
    upgrade = import_module("annotation_app.migrations.0025_overalls_of_many_levels")
    with connection.schema_editor(atomic=False) as editor:
        upgrade.fold_again(apps, editor)
    assert len(pending_items(campaign)) == 12
    check_overall(campaign)
    fold_campaign(campaign=campaign, now=NOON)
    check_overall(campaign)


def test_the_overalls_values_come_dimension_by_dimension():
    rubric = make_long_rubric()
    values = overall_values(rubric_scales(rubric), rubric_weights(rubric))
    assert len(values) == 89
    tenths = {5 * a + 3 * b + 2 * c for a, b, c in product(LEVELS, repeat=3)}
    assert [10 * value for value in values] == sorted(tenths)
