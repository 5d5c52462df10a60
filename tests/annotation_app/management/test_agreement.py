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


def test_foreign_ratings_need_no_database(tmp_path):
    # Two raters, four items. ModelA's SC: 0 1 1 1 and 0 1 0 1, so that 3 of 4 agree; chance is
    # (3/8)² + (5/8)² = 34/64, and κ = (48/64 − 34/64) / (30/64) = 7/15. ModelB's is 0 for all.
    first, second = (0, 1, 1, 1), (0, 1, 0, 1)
    for number, scores in enumerate((first, second), start=1):
        lines = [f"i{n}\t[{score}, 1]\t[0, 1]" for n, score in enumerate(scores)]
        text = "\n".join(["uid\tModelA\tModelB", *lines])
        (tmp_path / f"x_rater{number}.tsv").write_text(text + "\n")
    nowhere = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "manage.py", "agreement", "--json", "--ratings", str(tmp_path)],
        cwd=CHECKOUT,
        env=nowhere,
        capture_output=True,
        text=True,
        check=True,
    )
    strata = json.loads(done.stdout)["strata"]
    assert strata["ModelA"]["SC"]["fleiss_kappa"] == pytest.approx(7 / 15)
    # α compares with the 8 values as they are: 1 − (2/8) / (2 · 3 · 5 / (8 · 7)) = 8/15.
    assert strata["ModelA"]["SC"]["krippendorff_alpha_ordinal"] == pytest.approx(8 / 15)
    constant = strata["ModelB"]["SC"]
    assert (constant["krippendorff_alpha_ordinal"], constant["reason"]) == (None, "no_variation")
    assert strata["pooled"]["SC"]["n_units"] == 2 * 4


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
    with pytest.raises(CommandError, match="no campaign “nowhere”"):
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
