"""What people's ratings files do to an import: dimensions, names, scales and quotes."""

import pytest
from django.core.management import CommandError, call_command

from annotation_app.exceptions import InvalidInputError
from annotation_app.models import DrawnCandidate, ImportedAnnotator, Rating, Score
from annotation_app.services.collections.rating_imports.dimensions import words_for
from annotation_app.services.collections.rating_imports.running import (
    RatingsOptions,
    import_ratings,
)
from tests.factories.world import make_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(2, k=2)


@pytest.fixture
def shown(campaign):
    rows = DrawnCandidate.objects.filter(campaign_item__campaign=campaign).order_by("pk")
    return list(rows.values_list("campaign_item__item__external_id", "candidate__external_id"))


def run(path, campaign, **options):
    return import_ratings(path=path, campaign=campaign, options=RatingsOptions(**options))


def wide(path, shown, heading, cells, delimiter=","):
    rows = [heading, *([*pair, "ann", *cells] for pair in shown)]
    path.write_text("\n".join(delimiter.join(map(str, row)) for row in rows) + "\n")
    return path


@pytest.mark.parametrize(
    "titles",
    [("if", "VQ"), (" If ", "visual quality"), ("Instruction Following", "Visual_Quality")],
)
def test_dimensions_match_by_key_and_title_in_any_case(campaign, shown, tmp_path, titles):
    heading = ["item", "candidate", "annotator", *titles]
    summary = run(wide(tmp_path / "r.csv", shown, heading, [4, 3]), campaign)
    assert (summary.scores, summary.lacking, summary.notices) == (8, [], [])


def test_the_shared_file_with_a_capital_dimension_is_read_whole(campaign, shared_data):
    path = shared_data / "faults" / "VQ.csv"
    summary = run(path, campaign, dry_run=True)
    assert summary.lacking == []
    assert summary.rows == 108  # 54 rows of two dimensions


def test_a_dimension_without_a_column_has_to_be_confirmed(campaign, shown, tmp_path):
    path = wide(tmp_path / "r.csv", shown, ["item", "candidate", "annotator", "if", "V-Q"], [4, 3])
    summary = run(path, campaign, dry_run=True)
    assert summary.lacking == ["vq"]
    assert summary.notices == ["Ignored columns: “V-Q”."]
    with pytest.raises(InvalidInputError, match="no scores for vq: nothing was imported"):
        run(path, campaign)
    assert not Rating.objects.exists()
    assert run(path, campaign, partial=True).scores == 4


def test_the_command_asks_for_the_same_confirmation(campaign, shown, tmp_path, capsys):
    path = wide(tmp_path / "r.csv", shown, ["item", "candidate", "annotator", "if"], [4])
    for dry_run in (True, False):
        with pytest.raises(CommandError, match=r"no scores for vq.*--partial"):
            call_command("import_ratings", path, campaign=campaign.name, dry_run=dry_run)
    assert "No ratings are imported until the file has no errors." in capsys.readouterr().out
    call_command("import_ratings", path, campaign=campaign.name, partial=True)
    assert Score.objects.count() == 4


def test_two_columns_of_one_dimension_are_refused(campaign, shown, tmp_path):
    heading = ["item", "candidate", "annotator", "if", "Instruction Following", "vq"]
    path = wide(tmp_path / "r.csv", shown, heading, [4, 4, 3])
    with pytest.raises(InvalidInputError, match="two columns for the dimension if"):
        run(path, campaign)


def test_one_annotator_in_several_accents_is_one_and_capitals_are_told(campaign, shown, tmp_path):
    names = ["Jose\u0301", " Jos\u00e9 ", "Jos\u00e9", "jos\u00e9"]
    lines = ["item,candidate,annotator,if,vq"]
    lines += [f"{i},{c},{name},4,3" for (i, c), name in zip(shown, names, strict=True)]
    (tmp_path / "r.csv").write_text("\n".join(lines), encoding="utf-8")
    summary = run(tmp_path / "r.csv", campaign)
    assert (summary.annotators, ImportedAnnotator.objects.count()) == (2, 2)
    assert "annotators differ by case or blanks only" in summary.notices[0]


def test_a_stray_quote_costs_its_row_and_keeps_the_file_out(campaign, shown, tmp_path):
    path = wide(tmp_path / "r.csv", shown, ["item", "candidate", "annotator", "if", "vq"], [4, 3])
    path.write_text(path.read_text().replace(f"{shown[1][1]},ann", f'"{shown[1][1]},ann', 1))
    summary = run(path, campaign, dry_run=True)
    assert [problem.code for problem in summary.problems] == ["unreadable_row"]
    assert summary.scores + 2 == 8
    with pytest.raises(InvalidInputError, match="nothing was imported"):
        run(path, campaign)


@pytest.mark.parametrize("end", ["csv", "tsv"])
def test_quoted_headings_semicolons_and_tabs_are_read(campaign, shown, tmp_path, end):
    delimiter = ";" if end == "csv" else "\t"
    heading = ['"item" ', '"candidate" ', '"annotator" ', '"if" ', '"vq" ']
    path = wide(tmp_path / f"r.{end}", shown, heading, [4, 3], delimiter)
    assert run(path, campaign).scores == 8


def test_a_file_of_another_scale_is_a_problem_said_once(campaign, shown, tmp_path):
    lines = ["item_id,candidate_id,annotator,dimension,level,scale"]
    lines += [f"{i},{c},ann,{key},3,1|2|3|4|5" for i, c in shown for key in ("if", "vq")]
    (tmp_path / "r.csv").write_text("\n".join(lines))
    summary = run(tmp_path / "r.csv", campaign, dry_run=True)
    assert [problem.field for problem in summary.problems] == ["scale", "scale"]
    assert "1|2|3|4|5, the rubric's are 1|2|3|4" in summary.problems[0].reason


def test_a_title_of_two_dimensions_means_neither():
    words = words_for(("a", "b"), [("a", "Look"), ("b", "look"), ("b", "B side")])
    assert (words.key("LOOK"), words.key("b side"), words.key("A")) == (None, "b", "a")
