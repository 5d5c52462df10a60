"""Seeds as JSON, spreadsheets, pandas and Parquet write them are one number."""

from decimal import Decimal

import pytest

from annotation_app.services.collections.importing.fields import FieldReader


def read(value):
    """The seed of a cell, and what is wrong with it."""
    reader = FieldReader({"seed": value}, file="m.csv", line=2)
    return reader.seed("seed"), [problem.reason for problem in reader.problems]


@pytest.mark.parametrize(
    "value", [42, 42.0, "42", " 42 ", "42.0", "42.", "+42", "4.2e1", "420E-1", Decimal("42.00")]
)
def test_every_way_to_write_a_seed_is_one(value):
    assert read(value) == (42, [])


@pytest.mark.parametrize("value", [None, "", "  ", float("nan"), "nan", "NA"])
def test_no_seed_is_none(value):
    assert read(value) == (None, [])


def test_long_seeds_keep_every_digit():
    # 2**63 - 1 and 2**53 + 1, which a floating-point number cannot hold
    assert read("9223372036854775807") == (9223372036854775807, [])
    assert read("9007199254740993.0") == (9007199254740993, [])
    assert read(-(2**63)) == (-(2**63), [])


NOT_SEEDS = (
    *("1.5", "x", "1_0", "9223372036854775808", "1e99", "1e999999999", "--1", "1,0"),
    *(1.5, True, [1], 2**63, 1e300, float("inf")),
)


@pytest.mark.parametrize("value", NOT_SEEDS)
def test_what_is_no_whole_number_of_64_bits_is_refused(value):
    assert read(value) == (None, ["It is not a whole number of 64 bits."])
