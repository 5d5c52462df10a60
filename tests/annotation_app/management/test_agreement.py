import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotation_app.models import AgreementReport
from annotation_app.services.reports.freezing import freeze_report
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign

CHECKOUT = Path(__file__).resolve().parents[3]


def test_foreign_ratings_need_no_database(shared_data):
    nowhere = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    ratings = str(shared_data / "imagenhub")
    done = subprocess.run(
        [sys.executable, "manage.py", "agreement", "--json", "--ratings", ratings],
        cwd=CHECKOUT,
        env=nowhere,
        capture_output=True,
        text=True,
        check=True,
    )
    strata = json.loads(done.stdout)["strata"]
    assert round(strata["CycleDiffusion"]["SC"]["fleiss_kappa"], 2) == 0.46
    assert round(strata["CycleDiffusion"]["SC"]["krippendorff_alpha_ordinal"], 2) == 0.58
    imagic = strata["Imagic"]["SC"]
    assert (imagic["krippendorff_alpha_ordinal"], imagic["reason"]) == (None, "no_variation")
    assert "pooled" in strata


@pytest.fixture
def rated(db):
    campaign = make_campaign(6, k=3, base=2)
    for shift, annotator in enumerate(make_annotators(campaign, 2)):
        for item in range(6):
            rate_by_rule(
                campaign,
                annotator,
                lambda place, key, item=item, shift=shift: (
                    1 + (place + item + shift * (key == "vq")) % 4
                ),
            )
    return campaign


def test_a_campaign_is_reported_by_dimension(rated):
    out = StringIO()
    call_command("agreement", campaign=rated.slug, json=True, stdout=out)
    pooled = json.loads(out.getvalue())["strata"]["pooled"]
    assert set(pooled) == {"if", "vq", "overall"}
    assert pooled["if"]["n_units"] == 18


@pytest.mark.django_db
def test_an_unknown_campaign_is_named():
    with pytest.raises(CommandError, match="no campaign 'nowhere'"):
        call_command("agreement", campaign="nowhere")


def test_a_frozen_report_agrees_with_the_reference_packages(rated):
    report = freeze_report(campaign=rated, actor=None, job=None)
    call_command("verify_agreement", str(report.public_id), stdout=StringIO())
    report.refresh_from_db()
    assert report.largest_difference <= 1e-12
    assert report.verification["n_figures"] >= 9
    assert report.verified_at is not None
    AgreementReport.objects.filter(pk=report.pk).update(
        figures={"pooled": {**report.figures["pooled"], "if": _shifted(report, "if")}}
    )
    with pytest.raises(CommandError, match="differ"):
        call_command("verify_agreement", str(report.public_id), stdout=StringIO())


def _shifted(report, key):
    figures = dict(report.figures["pooled"][key])
    figures["krippendorff_alpha_ordinal"] += 0.01
    return figures
