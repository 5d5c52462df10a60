import json

import pytest

from analytics.foreign.imagenhub import read_imagenhub
from analytics.foreign.report import read_foreign, report_strata
from analytics.foreign.strata import ForeignFileError

DIMENSIONS = ("SC", "PQ", "O")
HEADING = "uid\tModelA\tModelB\n"


@pytest.fixture(scope="module")
def imagenhub_report(shared_data):
    return report_strata(read_foreign(shared_data / "imagenhub"))


@pytest.fixture(scope="module")
def published(shared_data):
    return json.loads((shared_data / "imagenhub" / "published_values.json").read_text())


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize("coefficient", ["fleiss_kappa", "krippendorff_alpha_ordinal"])
def test_every_published_cell_is_matched_at_two_decimals(
    imagenhub_report, published, dimension, coefficient
):
    cells = published[dimension]
    assert len(cells) == 9
    for model, figures in cells.items():
        found = imagenhub_report["strata"][model][dimension]
        expected = figures.get(coefficient)
        if expected is None:
            if coefficient in figures:
                assert found[coefficient] is None, model
                assert found["reasons"][coefficient] == "no_variation", model
        else:
            assert round(found[coefficient], 2) == expected, model


def write(folder, name, text):
    (folder / name).write_text(HEADING + text, encoding="utf-8")


def test_strata_are_the_models_and_the_pool(tmp_path):
    for rater in (1, 2):
        write(tmp_path, f"x_rater{rater}.tsv", "i\t[0, 1]\t[0.5, 1]\nj\t[1, 1]\t[0, 0]\n")
    strata = report_strata(read_foreign(tmp_path))["strata"]
    assert set(strata) == {"ModelA", "ModelB", "pooled"}
    pooled = strata["pooled"]["SC"]
    assert (pooled["n_items"], pooled["n_units"]) == (2, 2 * 2)


def test_cells_with_and_without_a_space_and_empty_cells_are_read(tmp_path):
    write(tmp_path, "x_rater1.tsv", "i\t[0, 1]\t[0.5,1]\n")
    write(tmp_path, "x_rater2.tsv", "i\t[1,1]\t\n")
    strata = read_imagenhub(tmp_path).strata
    assert strata["ModelA"]["SC"].values.tolist() == [0, 1]
    assert strata["ModelB"]["O"].values.tolist() == pytest.approx([0.5**0.5])
    assert strata["pooled"]["PQ"].n_items == 1


@pytest.mark.parametrize("cell", ["[0, 2]", "0.5", "[0.5]", "[0, .]"])
def test_a_bad_cell_names_file_row_and_column(tmp_path, cell):
    write(tmp_path, "x_rater1.tsv", f"i\t[0, 1]\t{cell}\n")
    with pytest.raises(ForeignFileError, match=r"x_rater1.tsv:2: ModelB: "):
        read_imagenhub(tmp_path)


def test_a_file_without_ids_and_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(ForeignFileError, match="no file"):
        read_imagenhub(tmp_path)
    (tmp_path / "a_rater1.tsv").write_text("name\tModelA\n", encoding="utf-8")
    with pytest.raises(ForeignFileError, match="no column “uid”"):
        read_imagenhub(tmp_path)
