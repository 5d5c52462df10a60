import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from annotation_app.models import AgreementReport
from annotation_app.services.agreement.reports.freezing import freeze_report
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


def agreement(path, *options):
    out, err = StringIO(), StringIO()
    call_command("agreement", "--ratings", str(path), *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_levels_dimensions_and_codes_are_declared_on_the_command_line(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("item;unit;rater;IF;VQ\ni;a;x;3;99\ni;a;y;4;1\ni;b;x;3;1\ni;b;y;3;5\n")
    options = ("--levels", "1..4", "--levels", "vq=1,3,5", "--missing=99", "--json")
    out, err = agreement(path, *options)
    report = json.loads(out)
    assert report["scales"]["IF"] == {"levels": [1, 2, 3, 4], "origin": "declared"}
    assert report["scales"]["VQ"]["levels"] == [1, 3, 5]
    assert report["strata"]["pooled"]["VQ"]["n_pairable"] == 1
    assert "Columns read as dimensions: “IF”, “VQ”" in err
    out, _ = agreement(path, "--levels", "1..99", "--dimensions", "if")
    assert "levels of IF: 1, 2, 3, …, 99, 99 levels (declared)" in out


def test_a_guess_about_levels_is_said_on_the_error_stream(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("unit,rater,dimension,score\na,x,d,1\na,y,d,44\nb,x,d,2\nb,y,d,3\n")
    out, err = agreement(path)
    assert "levels of d: 1, 2, 3, 44 (guessed from the scores)" in out
    assert "note: d: 44 (1 times) is far from the other levels" in err


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--levels=4..1", "--levels '4..1' is not a range of levels"),
        ("--delimiter=ab", "--delimiter 'ab' is not one character"),
        ("--encoding=utf-9", "the encoding 'utf-9' is unknown"),
        ("--dimensions=if,style", "no dimension “style”; it has “if”"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(tmp_path, option, message):
    path = tmp_path / "long.csv"
    path.write_text("unit,rater,dimension,score\na,x,if,1\na,y,if,2\n")
    with pytest.raises(CommandError, match=message.replace(".", r"\.")):
        agreement(path, option)


def test_the_layout_stands_in_the_help(capsys):
    with pytest.raises(SystemExit):
        call_command("agreement", "--help")
    told = capsys.readouterr().out
    assert "item,candidate,annotator,dimension,level" in told
    assert "--levels if=1..4 --levels vq=1,3,5" in told


def test_a_campaign_tells_its_scales_and_refuses_options_of_files(rated):
    out = StringIO()
    call_command("agreement", campaign=rated.slug, json=True, stdout=out)
    scales = json.loads(out.getvalue())["scales"]
    assert scales["if"] == {"levels": [1, 2, 3, 4], "origin": "declared"}
    assert scales["overall"]["levels"] == [2, 3, 4, 5, 6, 7, 8]
    with pytest.raises(CommandError, match="--levels is for --ratings"):
        call_command("agreement", campaign=rated.slug, levels=["1..4"])


def test_genai_bench_answers_give_the_published_accuracy_and_doubled_rows(shared_data, tmp_path):
    source = shared_data / "genai_bench" / "gpt4o.jsonl"
    report = json.loads(agreement(source, "--json")[0])
    assert (report["pairs"], report["notes"]) == (919, [])
    assert round(100 * report["accuracies"]["four_classes"]["share"], 2) == 53.54
    assert report["accuracies"]["strict_pairs"]["total"] == 503
    lines = source.read_text().splitlines()[:20]
    (tmp_path / "doubled.jsonl").write_text("\n".join([*lines, lines[3]]))
    out, err = agreement(tmp_path / "doubled.jsonl")
    assert "answers of a judge on 20 pairs" in out
    assert "note: idx 3: lines 4, 21 are the same and count once." in err
    (tmp_path / "broken.jsonl").write_text("\n".join([*lines, "{"]))
    with pytest.raises(CommandError, match=r"broken.jsonl:21: It is not JSON"):
        agreement(tmp_path / "broken.jsonl")
