import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.foreign.options import FileOptions
from analytics.foreign.ratings_file import read_ratings_file
from analytics.foreign.report import read_foreign, report_strata
from analytics.foreign.strata import ForeignFileError

LONG = """item,candidate,annotator,dimension,score,generator
i1,a,ann,if,1,g1
i1,a,bob,if,2,g1
i1,b,ann,if,4,g2
i1,b,bob,if,4,g2
i1,a,ann,vq,3,g1
i1,a,bob,vq,,g1
i2,a,ann,if,2,g1
"""


@pytest.fixture
def ratings_file(tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text(LONG, encoding="utf-8")
    return file


def test_long_rows_become_tables_by_dimension_pooled_only(ratings_file):
    strata = read_ratings_file(ratings_file).strata
    assert set(strata) == {"pooled"}
    table = strata["pooled"]["if"]
    assert (table.n_units, table.n_items, table.n_raters, table.n_ratings) == (3, 2, 2, 5)
    assert table.scale.values == (1, 2, 4)  # no rating is 3, so it may not exist
    assert strata["pooled"]["vq"].n_ratings == 1


def test_a_column_splits_into_strata_beside_the_pool(ratings_file):
    report = report_strata(read_foreign(ratings_file, FileOptions(by="generator")))
    assert set(report["strata"]) == {"pooled", "g1", "g2"}
    assert report["strata"]["g1"]["if"]["n_units"] == 2
    assert report["strata"]["g2"]["if"]["krippendorff_alpha_ordinal"] is None
    assert report["strata"]["g2"]["if"]["reason"] == "no_variation"
    assert "vq" not in report["strata"]["g2"]


def test_wide_files_name_their_dimensions_and_levels(tmp_path):
    file = tmp_path / "wide.tsv"
    file.write_text("unit\trater\tSC\tPQ\nu\ta\t0.5\t1\nu\tb\t0\tNA\n", encoding="utf-8")
    options = FileOptions(dimensions=("SC", "PQ"), levels={"": (0, 0.5, 1)})
    tables = read_ratings_file(file, options).strata["pooled"]
    assert tables["SC"].n_ratings == 2
    assert tables["PQ"].n_ratings == 1
    assert tables["PQ"].scale.values == (0, 0.5, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("unit,score\nu,1\n", "no column “rater” or “annotator”; it has “unit”, “score”"),
        ("unit,rater,note\nu,a,x\n", "no column “dimension” with “score”"),
        ("unit,rater,dimension\nu,a,if\n", "no column “score” or “value”"),
        ("unit,rater,dimension,score\n", "has a header row but no other rows"),
        ("unit,rater,dimension,score\nu,a,if,good\n", ":2: score: “good” is not a number"),
        ("unit,rater,dimension,score\nu,a,if,inf\n", ":2: score: “inf” is not a number"),
        ("unit,rater,dimension,score\n,a,if,1\n", ":2: unit: It is empty"),
        ("unit,rater,dimension,score\nu,,if,1\n", ":2: rater: It is empty"),
        ("unit,rater,dimension,score\nu,a,,1\n", ":2: dimension: It is empty"),
        (
            "unit,rater,dimension,score\nu,a,if,1\nu,a,IF,2\n",
            ":3: score: “a” has already rated this unit on “if” in line 2",
        ),
    ],
)
def test_bad_files_are_refused_with_the_place(tmp_path, text, message):
    file = tmp_path / "ratings.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ForeignFileError, match=message):
        read_ratings_file(file)


def test_levels_are_those_that_occur_when_they_are_no_whole_numbers(tmp_path):
    file = tmp_path / "ratings.csv"
    rows = "".join(f"u{i},a,if,{value}\n" for i, value in enumerate((0.5, 0.25, 0.5)))
    file.write_text("unit,rater,dimension,score\n" + rows, encoding="utf-8")
    assert read_ratings_file(file).strata["pooled"]["if"].scale.values == (0.25, 0.5)


def test_one_level_and_none_still_make_a_scale(tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text("unit,rater,a,b,c\nu,x,3,,0.5\n", encoding="utf-8")
    tables = read_ratings_file(file, FileOptions(dimensions=("a", "b", "c"))).strata["pooled"]
    assert tables["a"].scale.values == (3, 4)
    assert tables["b"].n_ratings == 0
    assert tables["c"].scale.values == (0.5, 1.5)


def test_too_many_different_scores_ask_for_the_levels(tmp_path):
    file = tmp_path / "ratings.csv"
    rows = "".join(f"u{i},a,if,{i + 0.5}\n" for i in range(1001))
    file.write_text("unit,rater,dimension,score\n" + rows, encoding="utf-8")
    with pytest.raises(ForeignFileError, match="declare the levels"):
        read_ratings_file(file)


def test_a_level_outside_the_declared_ones_is_refused(ratings_file):
    with pytest.raises(
        ForeignFileError, match=r":4: score: 4 is not one of the levels 1, 2, 3 of “if”"
    ):
        read_ratings_file(ratings_file, FileOptions(levels={"": (1, 2, 3)}))


def test_a_path_that_is_neither_is_refused(tmp_path):
    with pytest.raises(ForeignFileError, match="neither"):
        read_foreign(tmp_path / "nothing")


def figures(path, **options):
    report = report_strata(read_foreign(path, FileOptions(**options)))
    return report, report["strata"]["pooled"]


@pytest.fixture
def faults(shared_data):
    return shared_data / "faults"


FOUR = {"": (1.0, 2.0, 3.0, 4.0)}


def test_long_and_wide_files_of_the_same_ratings_give_the_same_figures(faults):
    _, long = figures(faults / "high_long.csv", levels=FOUR)
    _, wide = figures(faults / "high.csv", levels=FOUR)
    assert long == wide
    assert round(long["if"]["gwet_ac2"], 3) == 0.922


def test_guessed_levels_are_those_that_occur_and_the_guess_is_said(faults):
    report, pooled = figures(faults / "levels_1_3_5.csv")
    # two of three units agree, in three levels: (2/3 - pe) / (1 - pe), pe = sum p(1-p) / 2
    shares = (1 / 3, 1 / 6, 1 / 2)
    chance = sum(share * (1 - share) for share in shares) / 2
    assert pooled["d"]["gwet_ac1"] == pytest.approx((2 / 3 - chance) / (1 - chance), abs=1e-12)
    assert report["scales"]["d"] == {"levels": [1, 3, 5], "origin": "guessed from the scores"}
    assert any("guessed from the scores: 1, 3, 5" in note for note in report["notes"])
    assert any("no rating is 2, 4" in note for note in report["notes"])


@pytest.mark.parametrize(
    ("code", "what"),
    [
        (44, "is far from the other levels"),
        (99, "a code of a missing value"),
        (-1, "a code of a"),
    ],
)
def test_odd_scores_are_named_and_can_be_declared_missing(tmp_path, code, what):
    file = tmp_path / "ratings.csv"
    rows = [f"u{i},{rater},d,{1 + i % 4}\n" for i in range(8) for rater in "ab"]
    text = "unit,rater,dimension,score\n" + "".join(rows)
    file.write_text(text + f"u9,a,d,{code}\nu9,b,d,2\n", encoding="utf-8")
    report, _ = figures(file)
    assert any(f"{code} (1 times)" in note and what in note for note in report["notes"])
    report, pooled = figures(file, levels=FOUR, missing=frozenset({str(code)}))
    assert report["notes"] == []
    assert (pooled["d"]["n_units"], pooled["d"]["n_pairable"]) == (9, 8)
    with pytest.raises(ForeignFileError, match=f":18: score: {code} is not one of the levels"):
        figures(file, levels=FOUR)


def test_a_stray_quote_is_an_error_that_names_its_row(faults):
    with pytest.raises(ForeignFileError, match=r"long_quote.csv:21: The quote that opens in"):
        figures(faults / "long_quote.csv", levels=FOUR)


def test_short_rows_and_empty_names_are_all_listed(faults):
    with pytest.raises(ForeignFileError) as error:
        figures(faults / "short_rows.csv")
    assert [problem.line for problem in error.value.problems] == [3, 5, 6]


def test_the_scale_that_a_file_tells_is_taken(tmp_path):
    file = tmp_path / "ratings.csv"
    lines = ["item_id,candidate_id,annotator,dimension,level,scale", "i,a,x,if,3,1|2|3|4"]
    file.write_text("\n".join([*lines, "i,a,y,if,4,1|2|3|4"]) + "\n", encoding="utf-8")
    report, _ = figures(file)
    assert report["scales"]["if"] == {"levels": [1, 2, 3, 4], "origin": "stated in the file"}
    assert report["notes"] == []
    file.write_text("\n".join([*lines, "i,a,y,if,4,1|2|3"]) + "\n", encoding="utf-8")
    with pytest.raises(ForeignFileError, match=r"if has several scales: 1, 2, 3; 1, 2, 3, 4"):
        figures(file)


def test_wide_columns_are_found_and_those_left_out_are_named(tmp_path):
    file = tmp_path / "wide.csv"
    file.write_text("Item;Candidate;Annotator;IF;VQ;note\ni;a;x;3;4;fine\n", encoding="utf-8")
    report, pooled = figures(file)
    assert list(pooled) == ["IF", "VQ"]
    assert (
        "Columns read as dimensions: “IF”, “VQ”. Choose others with --dimensions."
        in report["notes"]
    )
    assert "Ignored columns: “note”." in report["notes"]
    _, pooled = figures(file, dimensions=("vq",))
    assert list(pooled) == ["VQ"]
    with pytest.raises(ForeignFileError, match="no column “style”"):
        figures(file, dimensions=("style",))


def test_names_in_other_accents_and_blanks_are_one_and_capitals_are_told(tmp_path):
    file = tmp_path / "ratings.csv"
    names = ["Jose\u0301", " Jos\u00e9 ", "jos\u00e9"]
    rows = "".join(f"u{i},{name},d,{i}\n" for i, name in enumerate(names))
    file.write_text("unit,rater,dimension,score\n" + rows, encoding="utf-8")
    report, pooled = figures(file)
    assert pooled["d"]["n_raters"] == 2
    assert any("raters differ by case or blanks only" in note for note in report["notes"])


def test_ratings_of_every_format_give_the_same_figures(tmp_path):
    frame = [
        {"unit": f"u{i}", "rater": rater, "dimension": "d", "score": 1 + (i + j) % 4}
        for i in range(6)
        for j, rater in enumerate("ab")
    ]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(row) + "\n" for row in frame))
    (tmp_path / "r.json").write_text(json.dumps(frame))
    pq.write_table(pa.Table.from_pylist(frame), tmp_path / "r.parquet")
    lines = ["\t".join(frame[0]), *("\t".join(map(str, row.values())) for row in frame)]
    (tmp_path / "r.tsv").write_bytes("\r\n".join(lines).encode("utf-16"))
    found = [figures(tmp_path / f"r.{end}")[1] for end in ("jsonl", "json", "parquet", "tsv")]
    assert all(one == found[0] for one in found)
    assert found[0]["d"]["n_pairable"] == 6


def test_a_marked_imagenhub_folder_is_read(faults):
    report, pooled = figures(faults / "ih_bom")
    assert pooled["SC"]["n_pairable"] == 2
    assert report["scales"]["SC"]["origin"] == "given by the format"
