import pytest

from analytics.foreign.ratings_csv import CsvOptions, read_ratings_csv
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
    strata = read_ratings_csv(ratings_file).strata
    assert set(strata) == {"pooled"}
    table = strata["pooled"]["if"]
    assert (table.n_units, table.n_items, table.n_raters, table.n_ratings) == (3, 2, 2, 5)
    assert table.scale.values == (1, 2, 3, 4)
    assert strata["pooled"]["vq"].n_ratings == 1


def test_a_column_splits_into_strata_beside_the_pool(ratings_file):
    report = report_strata(read_foreign(ratings_file, CsvOptions(by="generator")))
    assert set(report["strata"]) == {"pooled", "g1", "g2"}
    assert report["strata"]["g1"]["if"]["n_units"] == 2
    assert report["strata"]["g2"]["if"]["krippendorff_alpha_ordinal"] is None
    assert report["strata"]["g2"]["if"]["reason"] == "no_variation"
    assert "vq" not in report["strata"]["g2"]


def test_wide_files_name_their_dimensions_and_levels(tmp_path):
    file = tmp_path / "wide.tsv"
    file.write_text("unit\trater\tSC\tPQ\nu\ta\t0.5\t1\nu\tb\t0\tNA\n", encoding="utf-8")
    options = CsvOptions(dimensions=("SC", "PQ"), levels=(0, 0.5, 1))
    tables = read_ratings_csv(file, options).strata["pooled"]
    assert tables["SC"].n_ratings == 2
    assert tables["PQ"].n_ratings == 1
    assert tables["PQ"].scale.values == (0, 0.5, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("unit,score\nu,1\n", "no column 'rater'"),
        ("unit,rater,score\nu,a,1\n", "no column 'dimension'"),
        ("unit,rater,dimension\nu,a,if\n", "no column 'score'"),
        ("unit,rater,dimension,score\nu,a,if,good\n", "row 2, column 'score': 'good'"),
        ("unit,rater,dimension,score\nu,a,if,inf\n", "row 2, column 'score': 'inf'"),
        ("unit,rater,dimension,score\nu,a,if,1\nu,a,if,2\n", "one rater on one unit twice"),
    ],
)
def test_bad_files_are_refused_with_the_place(tmp_path, text, message):
    file = tmp_path / "ratings.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ForeignFileError, match=message):
        read_ratings_csv(file)


def test_levels_are_those_that_occur_when_they_are_no_whole_numbers(tmp_path):
    file = tmp_path / "ratings.csv"
    rows = "".join(f"u{i},a,if,{value}\n" for i, value in enumerate((0.5, 0.25, 0.5)))
    file.write_text("unit,rater,dimension,score\n" + rows, encoding="utf-8")
    assert read_ratings_csv(file).strata["pooled"]["if"].scale.values == (0.25, 0.5)


def test_one_level_and_none_still_make_a_scale(tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text("unit,rater,a,b,c\nu,x,3,,0.5\n", encoding="utf-8")
    tables = read_ratings_csv(file, CsvOptions(dimensions=("a", "b", "c"))).strata["pooled"]
    assert tables["a"].scale.values == (3, 4)
    assert tables["b"].n_ratings == 0
    assert tables["c"].scale.values == (0.5, 1.5)


def test_too_many_different_scores_ask_for_the_levels(tmp_path):
    file = tmp_path / "ratings.csv"
    rows = "".join(f"u{i},a,if,{i + 0.5}\n" for i in range(101))
    file.write_text("unit,rater,dimension,score\n" + rows, encoding="utf-8")
    with pytest.raises(ForeignFileError, match="declare the levels"):
        read_ratings_csv(file)


def test_a_level_outside_the_declared_ones_is_refused(ratings_file):
    with pytest.raises(ForeignFileError, match="outside the levels"):
        read_ratings_csv(ratings_file, CsvOptions(levels=(1, 2, 3)))


def test_a_path_that_is_neither_is_refused(tmp_path):
    with pytest.raises(ForeignFileError, match="neither"):
        read_foreign(tmp_path / "nothing")
