"""Levels as people write them, and guesses about levels."""

import pytest

from analytics.foreign.levels import guess_scale, parse_levels


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("1..4", (1, 2, 3, 4)),
        ("1-4", (1, 2, 3, 4)),
        ("-2..2", (-2, -1, 0, 1, 2)),
        ("0..1..0.25", (0, 0.25, 0.5, 0.75, 1)),
        ("5,1,3", (1, 3, 5)),
        ("1|2|3", (1, 2, 3)),
        ("0..0.3..0.1", (0, 0.1, 0.2, 0.3)),
    ],
)
def test_levels_are_ranges_or_lists(text, levels):
    assert parse_levels(text) == levels


@pytest.mark.parametrize(
    "text", ["", "3", "4..1", "1..4..0.7", "a,b", "0..1e9", "1..99999", "nan,1"]
)
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match=r"level|range|step"):
        parse_levels(text)


@pytest.mark.parametrize(
    "scores", [[1, 2, 3, 4], [0, 50, 100, 55, 45], [1, 2, 3, 4, 5, 6, 7, 8, 9]]
)
def test_sound_scores_bear_no_doubt_about_codes(scores):
    notes = " ".join(guess_scale("d", scores).notes)
    assert "code of a missing" not in notes
    assert "mistyped" not in notes


def test_gaps_are_those_of_whole_numbers_or_of_a_grid():
    def gaps(scores):
        return [note for note in guess_scale("d", scores).notes if "no rating is" in note]

    assert "no rating is 2, 4;" in gaps([1, 3, 5])[0]
    assert gaps(range(0, 101, 5)) == []
    assert "no rating is 20;" in gaps([0, 5, 10, 15, 25, 30, 35])[0]
