"""Counters of careless work: shares, speed, straight-lining, residuals, repeats, rater graph."""

import numpy as np
import pytest

from analytics.raters.binomial_shares import share
from analytics.raters.connectivity import rater_graph, strata_parts
from analytics.raters.repeats import self_consistency
from analytics.raters.residuals import item_residuals, rating_residuals
from analytics.raters.speed import longest_run, speed_floor, speeds
from analytics.raters.straightlining import straight_lines
from analytics.tables import RatingTable
from tests.analytics.raters.campaigns import FOUR


def test_shares_have_exact_bounds_at_the_ends():
    assert share(0, 10).low == 0
    assert share(10, 10).high == 1
    assert share(10, 10).low == pytest.approx(0.6915, abs=1e-4)
    assert share(0, 0).value is None
    with pytest.raises(ValueError, match="3 of 2"):
        share(3, 2)


def test_the_floor_is_a_tenth_of_the_median_once_there_are_enough_times():
    assert speed_floor([10.0] * 19, least=2.0) == 2.0
    assert speed_floor([30.0] * 40, least=2.0) == pytest.approx(3.0)
    assert speed_floor([10.0] * 40, least=2.0) == 2.0


def test_a_speeder_is_counted_by_task_and_in_a_row():
    found = speeds(["a", "b", "a", "a", "b"], [1.0, 20.0, 1.5, 9.0, 30.0], floor=2.0)
    assert (found["a"].too_fast.k, found["a"].too_fast.n) == (2, 3)
    assert found["a"].longest_run == 2
    assert found["b"].too_fast.k == 0
    assert found["b"].median_seconds == 25
    assert longest_run([]) == 0
    with pytest.raises(ValueError, match="2 raters but 1 times"):
        speeds(["a", "b"], [1.0], floor=1)


def test_flat_items_are_counted_where_enough_candidates_were_rated():
    table = RatingTable.from_long(
        units=[(i, c) for i in range(3) for c in range(3) for _ in "ab"],
        raters=["a", "b"] * 9,
        values=[2, 1, 2, 2, 2, 3, 3, 1, 3, 1, 3, 1, 4, 4, 1, 2, 4, 4],
        items=[i for i in range(3) for _ in range(6)],
        scale=FOUR,
    )
    found = straight_lines(table)
    assert (found["a"].flat_items.k, found["a"].flat_items.n) == (2, 3)
    assert (found["b"].flat_items.k, found["b"].flat_items.n) == (1, 3)
    assert found["a"].expected == pytest.approx(1 / 3)
    assert found["a"].longest_run == 3
    assert found["b"].longest_run == 3


def test_two_candidates_are_too_few_to_be_flat():
    table = RatingTable.from_long(
        units=["u", "v"], raters=["a", "a"], values=[1, 1], items=["i", "i"], scale=FOUR
    )
    found = straight_lines(table)["a"]
    assert found.flat_items.n == 0
    assert found.expected is None


def test_a_rater_without_ratings_has_no_run():
    table = RatingTable.from_unit_rows([[1, None], [2, None]], FOUR)
    assert straight_lines(table)[1].longest_run == 0


def test_residuals_leave_the_rater_out_and_follow_time():
    table = RatingTable.from_long(
        units=["u", "u", "u", "v", "v", "w"],
        raters=["a", "b", "c", "a", "b", "a"],
        values=[4, 2, 1, 1, 2, 3],
        items=["i", "i", "i", "j", "j", "k"],
        scale=FOUR,
    )
    residuals = rating_residuals(table)
    assert residuals[:5] == pytest.approx([2.5, -0.5, -2, -1, 1])
    assert np.isnan(residuals[5])
    found = item_residuals(table, np.array([9, 1, 1, 2, 5, 3]))
    assert found["a"] == pytest.approx([-1, 2.5])
    assert found["b"] == pytest.approx([-0.5, 1])
    assert found["c"] == pytest.approx([-2])


def test_repeats_compare_a_rater_with_themselves():
    found = self_consistency(
        ["a", "a", "a", "b"], np.array([0, 1, 3, 2]), np.array([0, 2, 1, 2]), FOUR
    )
    assert (found["a"].exact.k, found["a"].within_one.k) == (1, 2)
    assert found["a"].mean_shift == pytest.approx(-1 / 3)
    assert found["a"].kappa.estimate.value is not None
    assert found["b"].kappa.estimate.value is None
    with pytest.raises(ValueError, match="1 raters"):
        self_consistency(["a"], np.array([0, 1]), np.array([0]), FOUR)


def test_the_rater_graph_shows_overlap_and_its_parts():
    rows = [[1, 2, None, None, None], [None, 2, 3, None, None], [None, None, None, 4, None]]
    graph = rater_graph(RatingTable.from_unit_rows(rows, FOUR))
    assert graph.parts == [[0, 1, 2], [3]]
    assert not graph.is_connected
    assert graph.shared_units[0].tolist() == [1, 1, 0, 0, 0]
    assert graph.shared_units[1, 1] == 2
    assert rater_graph(RatingTable.from_unit_rows([[1, 1]], FOUR)).is_connected


def test_strata_are_linked_through_common_raters():
    def stratum(*raters):
        return RatingTable.from_long(
            units=["u"] * len(raters), raters=raters, values=[1] * len(raters), scale=FOUR
        )

    strata = {"x": stratum("a", "b"), "y": stratum("c"), "z": stratum("b", "d"), "e": stratum()}
    assert strata_parts(strata) == [["x", "z"], ["y"]]
