from fractions import Fraction

import pytest

from annotation_app.exceptions import InvalidInputError
from annotation_app.services.benchmarks.plans import BenchmarkChoices
from annotation_app.services.exports.options import ExportOptions
from annotation_app.services.numbers import read_exact, read_whole
from annotation_app.web.exports.forms import ExactNumberField


@pytest.mark.parametrize(
    ("text", "value"), [("1", 1), ("0.5", Fraction(1, 2)), ("1/2", Fraction(1, 2)), ("0/3", 0)]
)
def test_exact_numbers_are_read(text, value):
    assert read_exact(text) == value
    assert ExactNumberField().clean(text) == text


@pytest.mark.parametrize(
    "text",
    ["1e40000000", "1e3", "-1", "1/0", "½", "٣", "1_000", "nan", "inf", "9" * 13, "1/", ".5", " "],
)
def test_the_page_and_the_api_refuse_the_same_texts(text):
    with pytest.raises(InvalidInputError):
        read_exact(text)
    for name in ("tie_band", "dimension_tie_band", "minimum_margin", "minimum_gap"):
        with pytest.raises(InvalidInputError):
            ExportOptions.from_json({name: text}).check()


@pytest.mark.parametrize(
    "options",
    [
        {"tie_band": 1},
        {"tie_band": ["1"]},
        {"tie_band": {"a": 1}},
        {"minimum_gap": None},
        {"include_identical": "no"},
        {"include_identical": 1},
        {"seed": "5"},
        {"seed": True},
        {"seed": -1},
        {"seed": 10**30},
        {"formats": "trl"},
        {"formats": []},
        {"formats": ["trl", "trl"]},
        {"formats": [["trl"]]},
        {"formats": {"trl": 1}},
        {"leave_out": "Ann"},
        {"leave_out": [1]},
        {"leave_out": ["x" * 2001]},
        {"image_root": 5},
        {"image_root": "x" * 501},
        {"images": []},
        {"scores": 1},
        {"unknown": 1},
    ],
)
def test_options_of_the_wrong_kind_are_refused(options):
    with pytest.raises(InvalidInputError):
        ExportOptions.from_json(options).check()


def test_sound_options_pass_and_come_back_the_same():
    given = ExportOptions(tie_band="1/2", leave_out=("Ann",), seed=2**62, item_weights=True)
    given.check()
    assert ExportOptions.from_json(given.to_json()) == given


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "٣", "9" * 20, "9" * 5000, "1e3", "x"])
def test_what_is_not_a_whole_number_is_none(text):
    assert read_whole(text) is None


def test_whole_numbers_are_read_up_to_the_most():
    assert read_whole("007", most=1000) == 7
    assert (read_whole("1000", most=1000), read_whole("1001", most=1000)) == (1000, None)
    assert read_whole(str(2**63 - 1)) == 2**63 - 1


@pytest.mark.parametrize(
    "changes", [{"seed": 10**30}, {"seed": -1}, {"raters": 10**9}, {"calibration_pairs": 10**12}]
)
def test_a_benchmark_plan_stays_within_what_can_be_stored(changes):
    BenchmarkChoices(groups={2: 5, 3: 0, 4: 0}).check()
    with pytest.raises(InvalidInputError):
        BenchmarkChoices(**({"groups": {2: 5, 3: 0, 4: 0}} | changes)).check()
