"""Pages and files of reports, as a researcher reads them; and hostile addresses."""

import json

import pytest
from django.urls import reverse

from annotation_app.models import AgreementReport
from annotation_app.services.agreement.reports.freezing import freeze_report
from annotation_app.services.agreement.reports.verifying import verify_report
from tests.factories.world import make_campaign


@pytest.fixture
def report(rated):
    return freeze_report(campaign=rated, actor=None, job=None)


@pytest.fixture
def reader(client, researcher):
    client.force_login(researcher)
    return client


def address(name: str, report: AgreementReport) -> str:
    return reverse(name, args=[report.campaign.slug, report.public_id])


def test_the_page_shows_values_words_and_how_to_cite(reader, report):
    page = reader.get(address("agreement-report", report)).content.decode()
    assert "Instruction Following" in page
    assert "-0.917" in page  # 1 - 23/12
    assert f"sha256:{report.digest}" in page
    assert "Not verified yet" in page
    assert "Fewer than five overlapping items" in page  # the categories hold three items each


def test_a_verified_report_says_when_and_how_far_apart(reader, report):
    verify_report(report=report, actor=None)
    page = reader.get(address("agreement-report", report)).content.decode()
    assert f"{report.verification['n_figures']} figures recomputed" in page
    assert f"{report.largest_difference:.1e}" in page


def test_an_alarm_is_shown_on_page_and_list(reader, report):
    report.largest_difference, report.verified_at = 1e-8, report.created_at
    report.verification = {"n_figures": 3, "mismatches": [], "versions": {}}
    report.save()
    page = reader.get(address("agreement-report", report)).content.decode()
    assert "The reference packages disagree" in page
    listed = reader.get(reverse("report-list", args=[report.campaign.slug])).content.decode()
    assert "differs" in listed


def test_a_tampered_report_says_so(reader, report):
    AgreementReport.objects.filter(pk=report.pk).update(rating_count=99)
    page = reader.get(address("agreement-report", report)).content.decode()
    assert "its digest differs" in page


def test_json_has_the_fields_of_the_command(reader, report):
    answer = reader.get(address("report-json", report))
    document = json.loads(answer.content)
    pooled = document["strata"]["pooled"]["vq"]
    assert pooled["krippendorff_alpha_ordinal"] == pytest.approx(-11 / 12)
    assert {"n_units", "fleiss_kappa", "gwet_ac1", "gwet_ac2", "interval_95", "reason"} <= set(
        pooled
    )
    assert pooled["interval_95_annotators"] is None
    assert pooled["reasons"]["interval_95_annotators"] == "few_raters"
    assert set(document["by"]["category"]["strata"]) == {"colour", "object"}
    assert document["digest"] == f"sha256:{report.digest}"
    assert document["verification"] is None
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_pdf_of_the_same_report_has_the_same_bytes(reader, report):
    one, other = (reader.get(address("report-pdf", report)).content for _ in range(2))
    assert one == other
    assert one.startswith(b"%PDF")


def test_pdf_holds_chinese_and_markup_in_names(reader, report):
    report.facts["campaign"]["name"] = "图像编辑 <b>& co α"
    report.save()
    reader.cookies["django_language"] = "zh-hans"
    answer = reader.get(address("report-pdf", report))
    assert answer.status_code == 200
    assert b"STSong-Light" in answer.content


def test_a_report_from_before_strata_still_opens(reader, report):
    old = AgreementReport.objects.create(
        campaign=report.campaign,
        figures=report.figures,
        method={"design": "random", "interval": "jackknife", "versions": {"numpy": "1"}},
        rating_count=24,
    )
    assert b"IF" in reader.get(address("agreement-report", old)).content
    assert reader.get(address("report-pdf", old)).status_code == 200
    assert reader.get(address("report-json", old)).status_code == 200


def test_two_reports_are_compared_the_older_first(reader, report):
    newer = freeze_report(campaign=report.campaign, actor=None, job=None)
    figures = newer.figures
    figures["pooled"]["vq"]["krippendorff_alpha_ordinal"] = -0.5
    AgreementReport.objects.filter(pk=newer.pk).update(figures=figures)
    where = reverse("report-compare", args=[report.campaign.slug])
    page = reader.get(where, {"first": newer.public_id, "second": report.public_id})
    assert page.context["old"] == report
    assert "+0.417" in page.content.decode()  # -0.5 + 11/12


@pytest.mark.parametrize("named", ["nonsense", "", "0", "07309cc3-6afc-4a05-bce9-f53c43f9ccac"])
def test_comparing_with_what_is_no_report_is_refused_or_asks_again(reader, report, named):
    where = reverse("report-compare", args=[report.campaign.slug])
    answer = reader.get(where, {"first": report.public_id, "second": named})
    assert answer.status_code == (200 if named == "" else 404)


@pytest.mark.parametrize("name", ["agreement-report", "report-json", "report-pdf"])
def test_another_campaigns_report_is_not_found_here(reader, report, name):
    foreign = make_campaign(1, k=2)
    other = freeze_report(campaign=foreign, actor=None, job=None)
    where = reverse(name, args=[report.campaign.slug, other.public_id])
    assert reader.get(where).status_code == 404
    compare = reverse("report-compare", args=[report.campaign.slug])
    pair = {"first": report.public_id, "second": other.public_id}
    assert reader.get(compare, pair).status_code == 404
    verify = reverse("report-verify", args=[report.campaign.slug, other.public_id])
    assert reader.post(verify).status_code == 404
