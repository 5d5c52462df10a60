"""Ratings files as programs and people write them: read rightly, or refused with the remedy."""

import json
import struct

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.foreign.options import FileOptions
from analytics.foreign.report import read_foreign, report_answers, report_strata
from analytics.foreign.strata import ForeignFileError


def figures(path, text=None, **options):
    if text is not None:
        path.write_text(text, encoding="utf-8")
    report = report_strata(read_foreign(path, FileOptions(**options)))
    return report, report["strata"]["pooled"]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "r.csv"


def test_one_mistyped_cell_is_a_problem_and_drops_no_dimension(file):
    text = "candidate,annotator,if,vq\nc1,ann,3,4\nc1,bob,3,3\nc2,ann,x,2\nc2,bob,2,2\n"
    with pytest.raises(ForeignFileError, match=r"r.csv:4: if: “x” is not a number"):
        figures(file, text)


def test_codes_of_missing_values_count_when_columns_are_found(file):
    text = "candidate,annotator,if,vq\nc1,ann,3,.\nc1,bob,3,.\nc2,ann,1,2\nc2,bob,2,.\n"
    _, pooled = figures(file, text, missing=frozenset({"."}))
    assert {name: part["n_ratings"] for name, part in pooled.items()} == {"if": 4, "vq": 1}


@pytest.mark.parametrize("heading", ['""', "Unnamed: 0", "__index_level_0__"])
def test_row_numbers_of_pandas_and_r_are_not_a_dimension(file, heading):
    rows = "".join(f"{i},c{i // 2},r{i % 2},{1 + i % 4}\n" for i in range(12))
    _, pooled = figures(file, f"{heading},candidate,rater,if\n{rows}", levels={"": (1, 2, 3, 4)})
    assert list(pooled) == ["if"]


def test_padded_rows_under_an_unpadded_heading_are_not_swallowed(file):
    rows = ["c1, r1, 3, 4", "c1, r2, 3, 4", "c2, r1, 2, 2", "c2, r2, 1, 2"]
    rows[0], rows[2] = '"' + rows[0], rows[2].replace("c2,", 'c2",')
    with pytest.raises(ForeignFileError, match=r"r.csv:2: The quote that opens") as error:
        figures(file, "candidate,rater,if,vq\n" + "\n".join(rows) + "\n")
    assert [problem.line for problem in error.value.problems] == [2, 4]


def test_ids_that_differ_by_zeros_or_widths_are_told(file):
    text = "candidate,rater,score\n001,r1,1\n1,r2,1\n1.0,r1,3\n\uff11,r3,3\n"
    report, _ = figures(file, text)
    [note] = [note for note in report["notes"] if "units" in note]
    assert "zeros, widths or hidden characters" in note
    assert "'001', '1', '1.0', '１'" in note


def test_decimal_commas_are_read_and_thousands_are_doubted(file):
    text = "candidate;rater;score\n1;ann;3,5\n1;bob;3,5\n2;ann;−2\n2;bob;1\n"
    report, pooled = figures(file, text)
    assert report["scales"]["score"]["levels"] == [-2, 1, 3.5]
    assert pooled["score"]["n_pairable"] == 2
    report, _ = figures(file, "candidate;rater;score\n1;ann;500\n1;bob;1.000\n")
    assert any("“1.000” as 1. If these are thousands" in note for note in report["notes"])
    with pytest.raises(ForeignFileError, match="Write it without a thousands separator"):
        figures(file, "candidate;rater;score\n1;ann;500\n1;bob;1,000\n")


def test_noise_of_binary_fractions_makes_no_level(tmp_path):
    rows = [("c1", "r1", 0.1 + 0.2), ("c1", "r2", 0.3), ("c2", "r1", 0.1), ("c2", "r2", 0.1)]
    single = [struct.unpack("f", struct.pack("f", value))[0] for *_, value in rows]
    table = {"candidate": [c for c, *_ in rows], "rater": [r for _, r, _ in rows], "score": single}
    for kind in (pa.float32(), pa.float64()):
        column = pa.array(single if kind == pa.float32() else [v for *_, v in rows], kind)
        pq.write_table(pa.table(table | {"score": column}), tmp_path / "r.parquet")
        report, pooled = figures(tmp_path / "r.parquet", levels={"": (0.1, 0.2, 0.3)})
        assert pooled["score"]["exact_agreement"] == 1
        assert report["scales"]["score"]["levels"] == [0.1, 0.2, 0.3]


@pytest.mark.parametrize("cell", ["1_4", "0x4", "1e400", "3e200"])
def test_what_only_a_program_would_call_a_number_is_refused(file, cell):
    with pytest.raises(ForeignFileError, match="is not a number"):
        figures(file, f"candidate,rater,score\nc1,r1,{cell}\nc1,r2,1\nc2,r1,2\nc2,r2,3\n")


def test_scores_without_a_stratum_are_their_own_and_a_stratum_may_be_called_pooled(file):
    text = "candidate,rater,score,gen\nc1,r1,1,A\nc1,r2,1,\nc2,r1,3,pooled\nc2,r2,2,pooled\n"
    report, pooled = figures(file, text, by="gen")
    assert set(report["strata"]) == {"pooled", "A", "–", "pooled (value)"}
    assert pooled["score"]["n_ratings"] == 4
    assert any("1 scores have no value in the column of strata" in one for one in report["notes"])


def test_a_dimension_named_twice_is_reported_once(file):
    text = "candidate,rater,if\nc1,r1,1\nc1,r2,2\n"
    assert list(figures(file, text, dimensions=("if", "IF"))[1]) == ["if"]


def test_headings_over_several_lines_and_empty_rows_are_read(file):
    text = 'item,candidate,annotator,"if\n(1-4)"\ni,c,ann,4\n,,,\ni,c,bob,3\n,,,\n'
    _, pooled = figures(file, text)
    assert pooled["if\n(1-4)"]["n_ratings"] == 2


def test_a_title_above_the_heading_is_named_once(file):
    with pytest.raises(ForeignFileError, match="its first line, “# my ratings”, does not look"):
        figures(file, "# my ratings\ncandidate,rater,score\nc1,r1,1\n")


def test_a_scale_column_of_something_else_tells_no_levels(file):
    text = "candidate,rater,dimension,score,scale\nc1,r1,d,1,5-point Likert\nc1,r2,d,2,x\n"
    report, _ = figures(file, text)
    assert report["scales"]["d"]["origin"] == "guessed from the scores"


def test_repeated_ratings_of_a_file_without_items_ask_for_the_column(file):
    text = "candidate,annotator,score\na,x,1\na,x,2\n"
    with pytest.raises(ForeignFileError, match="a column “item” is missing"):
        figures(file, text)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("r.xlsx", "PK", "Save the sheet as CSV"),
        ("r.csv.gz", "x", "Unpack it first"),
        ("r.json", '{"unit": {"0": "a"}, "score": {"0": 1}}', "orient='records'"),
        ("r.json", '{"columns": ["a"], "data": [[1]]}', "orient='records'"),
        ("r.csv", "a|b|c\n1|2|3\n", "give it with --delimiter"),
    ],
)
def test_other_kinds_of_files_are_refused_with_what_to_do(tmp_path, name, text, words):
    with pytest.raises(ForeignFileError, match=words):
        figures(tmp_path / name, text)


def test_a_workbook_called_csv_is_named(tmp_path):
    (tmp_path / "r.csv").write_bytes(b"PK\x03\x04" + b"\x00" * 50)
    with pytest.raises(ForeignFileError, match="an Excel workbook or a ZIP archive, despite"):
        figures(tmp_path / "r.csv")


def test_json_lines_called_json_are_read_and_keys_match_in_any_case(tmp_path):
    rows = [
        {"unit": f"u{i}", "rater": r, "IF" if i % 2 else "if": 1 + i}
        for i in range(4)
        for r in "ab"
    ]
    text = "\n".join(json.dumps(row) for row in rows)
    _, pooled = figures(tmp_path / "r.json", text)
    assert {name: part["n_pairable"] for name, part in pooled.items()} == {"if": 4}


def test_options_that_a_published_layout_cannot_heed_are_refused(tmp_path, shared_data):
    with pytest.raises(ForeignFileError, match="--levels and --dimensions cannot be used with it"):
        figures(shared_data / "faults" / "ih_bom", levels={"": (0, 1)}, dimensions=("SC",))
    with pytest.raises(ForeignFileError, match="--by cannot be used with it"):
        report_answers(shared_data / "genai_bench" / "llava.jsonl", FileOptions(by="idx"))


def test_levels_of_a_dimension_that_is_not_there_are_refused(file):
    with pytest.raises(ForeignFileError, match="levels are declared for “iff”, which is not a dim"):
        figures(file, "candidate,rater,if\nc1,r1,1\nc1,r2,2\n", levels={"iff": (1, 2)})
