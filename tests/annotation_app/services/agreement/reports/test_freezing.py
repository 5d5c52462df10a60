"""Frozen reports: hand-derived values, strata, digest, verification."""

import pytest

from annotation_app.exceptions import ConflictError
from annotation_app.models import AgreementReport, Item, Job, LiveSums
from annotation_app.selectors.agreement.reports import (
    digest_of,
    frozen_document,
    is_alarming,
    is_unchanged,
)
from annotation_app.selectors.alerts.alerts import alert_sentence
from annotation_app.services.agreement.changes import note_items
from annotation_app.services.agreement.folding import fold_campaign
from annotation_app.services.agreement.reports.freezing import (
    freeze_report,
    request_report,
    run_report_job,
)
from annotation_app.services.agreement.reports.verifying import (
    request_verification,
    run_verify_job,
    verify_report,
)
from tests.factories.rated import rate_by_rule
from tests.factories.world import NOON, make_annotators, make_campaign

# 12 units of one 1 and one 2: every pair disagrees, and by chance 12/23 would.
ALPHA_VQ = 1 - 1 / (12 / 23)


@pytest.fixture
def report(rated):
    return freeze_report(campaign=rated, actor=None, job=None)


def test_values_are_those_derived_by_hand(report):
    pooled = report.figures["pooled"]
    assert pooled["if"]["krippendorff_alpha_ordinal"] == pytest.approx(1.0)
    assert pooled["vq"]["krippendorff_alpha_ordinal"] == pytest.approx(ALPHA_VQ)
    assert pooled["vq"]["exact_agreement"] == 0.0
    assert pooled["vq"]["within_one_agreement"] == 1.0
    assert (pooled["if"]["n_units"], pooled["if"]["n_items"], pooled["if"]["n_ratings"]) == (
        12,
        6,
        24,
    )
    assert pooled["if"]["reasons"]["interval_95_annotators"] == "no_disagreement"
    assert pooled["vq"]["reasons"]["interval_95_annotators"] == "few_raters"
    assert set(pooled) == {"if", "vq", "overall"}


def test_strata_stand_beside_the_pooled_figures(report):
    category = report.strata["category"]
    assert {name: one["vq"]["n_items"] for name, one in category.items()} == {
        "colour": 3,
        "object": 3,
    }
    assert category["colour"]["vq"]["reasons"]["interval_95"] == "few_items"
    assert list(report.strata["guideline"]) == ["v1"]
    assert sum(one["if"]["n_pairable"] for one in report.strata["generator"].values()) == 12


def test_the_difference_of_the_dimensions_is_paired_and_bootstrapped(report):
    (difference,) = report.facts["differences"]
    assert (difference["first"], difference["second"]) == ("if", "vq")
    assert difference["krippendorff_alpha_ordinal"] == pytest.approx(1 - ALPHA_VQ)
    assert difference["n_shared_items"] == 6
    low, high = difference["bootstrap"]["interval_95"]
    # every item is alike, so that drawing items again changes nothing
    assert low == pytest.approx(high) == pytest.approx(1 - ALPHA_VQ)


def test_method_seed_versions_and_words_are_frozen(rated, report):
    assert report.facts["bootstrap"]["seed"] == rated.seed == 42
    assert report.facts["bootstrap"]["replicates"] == 1000
    assert set(report.method["versions"]) == {"numpy", "scipy"}
    assert report.facts["guidelines"][0]["ratings"] == 12
    names = {one["key"]: one["names"]["en"] for one in report.facts["rubric"]["dimensions"]}
    assert names == {"if": "Instruction Following", "vq": "Visual Quality"}


def test_the_same_ratings_give_the_same_document_but_for_name_and_time(rated, report):
    again = freeze_report(campaign=rated, actor=None, job=None)
    apart = {"report", "frozen_at"}
    one, other = frozen_document(report), frozen_document(again)
    assert {key for key in one if one[key] != other[key]} == apart
    assert report.digest != again.digest


def test_a_report_stays_what_it_was_when_the_campaign_goes_on(rated, report):
    before = digest_of(report)
    Item.objects.filter(campaign_items__campaign=rated).update(
        withdrawn_at=NOON, withdrawal_reason="not ours"
    )
    note_items(list(rated.campaign_items.values_list("item", flat=True)))
    empty = freeze_report(campaign=rated, actor=None, job=None)
    assert empty.figures["pooled"]["if"]["reason"] == "no_overlap"
    assert empty.facts["bootstrap"]["krippendorff_alpha_ordinal"]["if"]["reason"] == "no_overlap"
    report.refresh_from_db()
    assert digest_of(report) == before == report.digest
    assert is_unchanged(report)


def test_a_changed_row_is_told_by_its_digest(report):
    report.figures["pooled"]["if"]["krippendorff_alpha_ordinal"] = 0.99
    report.save()
    report.refresh_from_db()
    assert is_unchanged(report) is False


def test_a_report_from_before_digests_says_nothing_of_them(rated):
    old = AgreementReport.objects.create(
        campaign=rated, figures={"pooled": {}}, method={"versions": {}}, rating_count=1
    )
    assert is_unchanged(old) is None


def test_a_store_that_differs_from_the_ratings_freezes_nothing(rated):
    fold_campaign(campaign=rated, now=NOON)
    row = LiveSums.objects.get(campaign=rated, design="random", facet="pooled", dimension="vq")
    other = LiveSums.objects.get(campaign=rated, design="random", facet="pooled", dimension="if")
    LiveSums.objects.filter(pk=row.pk).update(
        header=other.header, body=other.body, raters=other.raters, version=row.version + 1
    )
    with pytest.raises(ConflictError, match="stored sums of vq differ"):
        freeze_report(campaign=rated, actor=None, job=None)
    assert not AgreementReport.objects.exists()


def test_the_packages_recompute_every_stratum(report):
    verify_report(report=report, actor=None)
    assert report.largest_difference <= 1e-12
    # three α of three dimensions, pooled and in more than four strata
    assert report.verification["n_figures"] > 9 * 5
    assert not is_alarming(report)


def test_a_figure_that_differs_raises_the_alarm(report):
    report.strata["category"]["colour"]["vq"]["krippendorff_alpha_nominal"] += 2e-9
    report.save()
    verify_report(report=report, actor=None)
    assert report.largest_difference == pytest.approx(2e-9, rel=1e-3)
    assert is_alarming(report)
    alert = report.campaign.alerts.get()
    assert (alert.kind, alert.resolved_at) == ("report_differs", None)
    assert "2.0e-09" in str(alert_sentence(alert))
    report.strata["category"]["colour"]["vq"]["krippendorff_alpha_nominal"] -= 2e-9
    report.save()
    verify_report(report=report, actor=None)
    assert report.campaign.alerts.get().resolved_at is not None


def test_a_figure_on_one_side_only_raises_the_alarm(report):
    report.figures["pooled"]["if"]["krippendorff_alpha_ordinal"] = None
    report.save()
    verify_report(report=report, actor=None)
    assert report.verification["mismatches"] == ["if.krippendorff_alpha_ordinal"]
    assert is_alarming(report)


def test_jobs_freeze_and_verify(rated):
    told = []
    job = request_report(campaign=rated, created_by=None)
    found = run_report_job(job, lambda done, total, message: told.append((done, total)))
    report = AgreementReport.objects.get()
    assert str(report.public_id) in found["url"]
    assert told == [(step, 4) for step in range(5)]
    again = request_verification(report=report, created_by=None)
    assert run_verify_job(again)["largest_difference"] <= 1e-12
    report.refresh_from_db()
    assert report.verified_at is not None
    assert Job.objects.filter(campaign=rated).count() == 2


def test_two_verifications_of_a_report_are_not_asked_for_at_once(report):
    request_verification(report=report, created_by=None)
    with pytest.raises(ConflictError):
        request_verification(report=report, created_by=None)


def test_a_report_without_evidence_cannot_be_verified(rated):
    old = AgreementReport.objects.create(
        campaign=rated, figures={"pooled": {}}, method={}, rating_count=1
    )
    with pytest.raises(ConflictError, match="without the counts"):
        request_verification(report=old, created_by=None)


@pytest.mark.django_db
def test_single_ratings_are_counted_but_agree_with_nobody():
    campaign = make_campaign(2, k=2)
    (annotator,) = make_annotators(campaign, 1)
    rate_by_rule(campaign, annotator, lambda place, key: 3)
    report = freeze_report(campaign=campaign, actor=None, job=None)
    figures = report.figures["pooled"]["if"]
    assert (figures["n_units"], figures["n_pairable"]) == (2, 0)
    assert (figures["krippendorff_alpha_ordinal"], figures["reason"]) == (None, "no_overlap")
