import numpy as np
import pytest

from analytics.scales import Scale
from analytics.tables import RatingTable

FOUR = Scale.of([1, 2, 3, 4])


def test_long_rows_become_indices_and_keep_their_labels():
    table = RatingTable.from_long(
        units=["u1", "u1", "u2"],
        raters=["ann", "bob", "ann"],
        values=[4, None, 1],
        items=["i", "i", "i"],
        scale=FOUR,
    )
    assert table.unit.tolist() == [0, 1]
    assert table.level.tolist() == [3, 0]
    assert table.values.tolist() == [4.0, 1.0]
    assert table.item.tolist() == [0, 0]
    assert table.unit_labels == ("u1", "u2")
    assert table.rater_labels == ("ann", "bob")


def test_nan_and_none_are_missing():
    table = RatingTable.from_unit_rows([[1, float("nan")], [None, 2]], FOUR)
    assert table.n_ratings == 2
    assert table.n_units == 2


def test_a_value_outside_the_levels_names_row_and_value():
    with pytest.raises(ValueError, match=r"values: 1 outside .* row 1: 5"):
        RatingTable.from_long(units=[1, 2], raters=["a", "a"], values=[1, 5], scale=FOUR)


def test_one_rater_twice_on_a_unit_names_both_rows():
    with pytest.raises(ValueError, match="rows 0 and 2"):
        RatingTable.from_long(
            units=["u", "v", "u"], raters=["a", "a", "a"], values=[1, 1, 2], scale=FOUR
        )


def test_a_unit_under_two_items_is_refused():
    with pytest.raises(ValueError, match="items: row 0"):
        RatingTable.from_long(
            units=["u", "u"], raters=["a", "b"], values=[1, 1], items=["i", "j"], scale=FOUR
        )


def test_an_index_out_of_range_names_the_field():
    with pytest.raises(ValueError, match="level: row 1 has index 4"):
        RatingTable.from_indices(unit=[0, 1], rater=[0, 0], level=[0, 4], scale=FOUR)


def test_columns_of_different_length_are_refused():
    with pytest.raises(ValueError, match="different lengths"):
        RatingTable.from_long(units=[1], raters=["a", "b"], values=[1, 2], scale=FOUR)


def test_counts_become_as_many_anonymous_ratings():
    table = RatingTable.from_counts([[2, 0], [1, 1], [0, 0]], Scale.of([0, 1]))
    assert table.n_units == 3
    assert sorted(zip(table.unit.tolist(), table.level.tolist(), strict=True)) == [
        (0, 0),
        (0, 0),
        (1, 0),
        (1, 1),
    ]


def test_the_callers_array_stays_writable_and_the_tables_does_not():
    levels = np.array([0, 1])
    table = RatingTable.from_indices(unit=[0, 1], rater=[0, 0], level=levels, scale=FOUR)
    levels[0] = 3
    assert table.level.tolist() == [0, 1]
    with pytest.raises(ValueError, match="read-only"):
        table.level[0] = 2


@pytest.mark.parametrize(
    ("values", "message"),
    [([1], "at least two"), ([1, 1], "increase"), ([1, float("nan")], "finite")],
)
def test_a_scale_needs_increasing_finite_levels(values, message):
    with pytest.raises(ValueError, match=message):
        Scale.of(values)


def test_a_scale_needs_one_label_per_level():
    with pytest.raises(ValueError, match="2 levels but 1 labels"):
        Scale.of([1, 2], ["poor"])


def test_ragged_matrices_and_wrong_counts_are_refused():
    with pytest.raises(ValueError, match="different lengths"):
        RatingTable.from_unit_rows([[1, 2], [1]], FOUR)
    with pytest.raises(ValueError, match="different lengths"):
        RatingTable.from_rater_rows([[1, 2], [1]], FOUR)
    with pytest.raises(ValueError, match="non-negative with shape"):
        RatingTable.from_counts([[1, -1, 0, 0]], FOUR)


def test_every_unit_needs_its_item():
    with pytest.raises(ValueError, match="1 entries for 2 units"):
        RatingTable(
            unit=np.array([0]),
            rater=np.array([0]),
            level=np.array([0]),
            unit_item=np.array([0]),
            scale=FOUR,
            unit_labels=("a", "b"),
            rater_labels=("r",),
            item_labels=("i",),
        )


def test_keeping_some_ratings_leaves_units_items_and_raters():
    table = RatingTable.from_unit_rows([[1, 2], [3, 4]], FOUR)
    kept = table.keep(table.rater == 0)
    assert kept.level.tolist() == [0, 2]
    assert (kept.n_units, kept.n_raters, kept.n_items) == (2, 2, 2)


def test_database_ids_become_indices_with_the_ids_as_labels():
    table = RatingTable.from_ids(
        unit=np.array([70, 50, 70]),
        rater=np.array([9, 9, 3]),
        level=np.array([0, 3, 1]),
        item=np.array([1, 1, 1]),
        scale=FOUR,
    )
    assert table.unit_labels == [50, 70]
    assert table.unit.tolist() == [1, 0, 1]
    assert table.rater.tolist() == [1, 1, 0]
    assert table.item.tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="items: row"):
        RatingTable.from_ids(
            unit=np.array([1, 1]),
            rater=np.array([1, 2]),
            level=np.array([0, 0]),
            item=np.array([1, 2]),
            scale=FOUR,
        )
