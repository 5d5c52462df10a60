"""The site's readers over mutated files: every refusal is a sentence, never a traceback."""

import io
from random import Random

import pytest

from analytics.tabular.rows import RowProblem
from annotation_app.exceptions import InvalidInputError
from annotation_app.services.benchmarks.predictions import read_predictions
from annotation_app.services.collections.importing.rows import FailedRow, ItemRow
from annotation_app.services.collections.importing.sources import open_source
from annotation_app.services.collections.rating_imports.dimensions import words_for
from annotation_app.services.collections.rating_imports.reading import RatingsFile
from annotation_app.services.collections.rating_imports.records import ScoreRow
from tests.factories.tables import mutate

ITEMS = "".join(f"it{i},Make it {i},s.png,c{j},m,{j},{j}.png\n" for i in range(6) for j in range(2))
ITEM_FILE = f"item_id,instruction,source_image,candidate_id,model,seed,image\n{ITEMS}".encode()
SCORES = "".join(f"it{i},c{j},ann,{1 + i % 4},{1 + j}\n" for i in range(6) for j in range(3))
SCORE_FILE = f"item,candidate,annotator,if,vq\n{SCORES}".encode()
JUDGED = "".join(f'{{"group_id": "g{i}", "scores": [1.5, {i}]}}\n' for i in range(6))
GROUPS = {f"g{i}": ("a", "b") for i in range(6)}
SEEDS = range(250)


def rng(seed):
    return Random(seed)  # noqa: S311 - repeatable


def items(path):
    with open_source(path) as source:
        return list(source.items())


def scores(path):
    return list(RatingsFile(path, words_for(("if", "vq"))).rows())


@pytest.mark.parametrize(
    ("read", "data", "kinds"),
    [(items, ITEM_FILE, (ItemRow, FailedRow)), (scores, SCORE_FILE, (ScoreRow, RowProblem))],
)
def test_mutated_files_are_read_or_refused_in_a_sentence(tmp_path, read, data, kinds):
    n_read = 0
    for seed in SEEDS:
        path = tmp_path / f"t{seed}.csv"
        path.write_bytes(mutate(data, rng(seed)))
        try:
            found = read(path)
        except InvalidInputError as error:
            assert path.name in error.message  # noqa: PT017 - refusal is one right answer
        else:
            n_read += 1
            assert found
            assert all(isinstance(row, kinds) for row in found)
    assert n_read > len(SEEDS) / 2


def test_mutated_predictions_are_read_or_refused_in_a_sentence():
    n_read = 0
    for seed in SEEDS:
        try:
            file = io.BytesIO(mutate(JUDGED.encode(), rng(seed)))
            read_predictions(name="p.jsonl", file=file, groups=GROUPS)
        except InvalidInputError as error:
            assert error.message  # noqa: PT017 - refusal is one right answer
        else:
            n_read += 1
    assert n_read > 5


def test_predictions_hold_line_separators_in_their_texts():
    line = '{"group_id": "g0", "scores": [1, 2], "why": "one\u2028two\u0085three"}\n'
    found = read_predictions(name="p.jsonl", file=io.BytesIO(line.encode()), groups=GROUPS)
    assert found.values["g0"] == [1.0, 2.0]


def test_unreadable_predictions_are_named_by_their_line():
    data = b'group_id,candidate,score\ng0,A,1\ng0,"B,2\ng1,A,3\ng1,B,4\n'
    with pytest.raises(InvalidInputError) as error:
        read_predictions(name="p.csv", file=io.BytesIO(data), groups=GROUPS)
    [problem] = error.value.details["problems"]
    assert problem.row == 3
    assert "quote" in problem.reason
