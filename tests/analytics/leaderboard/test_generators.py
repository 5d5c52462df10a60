"""Leaderboards of generators on small hand-made items."""

import numpy as np
import pytest

from analytics.leaderboard.generators import (
    comparisons_of_items,
    generator_board,
    generator_boards_by_category,
)
from analytics.leaderboard.records import generator_records
from analytics.pairs.records import ScoredCandidate, ScoredItem
from analytics.ranking.bradley_terry.comparisons import Comparison
from analytics.ranking.bradley_terry.existence import NoFit
from tests.analytics.pairs.worlds import IF_VQ


def item(name, *rows):
    return ScoredItem(
        name,
        tuple(
            ScoredCandidate(f"{generator}{n}", generator, f"{name}{n}", scores)
            for n, (generator, scores) in enumerate(rows)
        ),
    )


@pytest.fixture(scope="module")
def world():
    """Three generators whose true overall means are 6, 5 and 4, noisy, over 80 items."""
    rng = np.random.default_rng(0)
    means = {"best": 3.0, "middle": 2.5, "worst": 2.0}
    return [
        item(
            f"i{n}",
            *[
                (name, tuple(int(v) for v in np.clip(np.rint(rng.normal(m, 0.8, 2)), 1, 4)))
                for name, m in means.items()
                for _ in range(2)
            ],
        )
        for n in range(80)
    ]


def test_comparisons_skip_one_generator_against_itself_and_missing_scores():
    rows = [("a", (4, 4)), ("a", (1, 1)), ("b", (2, 2)), ("c", (None, 4)), ("d", (2, 2))]
    assert comparisons_of_items([item("i", *rows)], IF_VQ) == [
        Comparison("a", "b", 1, cluster="i"),
        Comparison("a", "d", 1, cluster="i"),
        Comparison("a", "b", -1, cluster="i"),
        Comparison("a", "d", -1, cluster="i"),
        Comparison("b", "d", 0, cluster="i"),
    ]


def test_generators_are_ordered_by_ability_with_means_and_intervals(world):
    board = generator_board(world, IF_VQ)
    assert [row.generator for row in board.rows] == ["best", "middle", "worst"]
    assert (board.items, [row.candidates for row in board.rows]) == (80, [160] * 3)
    for row in board.rows:
        parts = [mean.value for mean in row.means.values() if mean.value is not None]
        assert row.overall.value == pytest.approx(sum(parts))
        assert row.overall.clusters == 80
    assert [(row.rank_best, row.rank_worst) for row in board.rows] == [(1, 1), (2, 2), (3, 3)]


def test_generators_that_cannot_be_told_apart_share_their_places():
    rng = np.random.default_rng(3)
    items = [
        item(str(n), *[(g, tuple(int(v) for v in rng.integers(1, 5, 2))) for g in "abc"])
        for n in range(30)
    ]
    rows = generator_board(items, IF_VQ).rows
    assert [(row.rank_best, row.rank_worst) for row in rows] == [(1, 3)] * 3


def test_a_generator_that_always_wins_keeps_its_mean_and_a_reason():
    items = [item(str(n), ("a", (4, 4)), ("b", (1, 1))) for n in range(6)]
    board = generator_board(items, IF_VQ)
    assert board.no_abilities is NoFit.SEPARATED
    assert [(row.generator, row.overall.value, row.ability) for row in board.rows] == [
        ("a", 8.0, None),
        ("b", 2.0, None),
    ]
    assert [(row.rank_best, row.rank_worst) for row in board.rows] == [(1, 1), (2, 2)]


def test_one_generator_alone_has_nobody_to_beat():
    board = generator_board([item("i", ("a", (4, 4)))], IF_VQ)
    assert (board.tie_model, board.rows[0].rank_best) == (None, 1)
    assert generator_board([], IF_VQ).rows == ()


def test_categories_get_boards_of_their_own(world):
    category_of = {entry.item_id: "ab"[n % 2] for n, entry in enumerate(world)}
    boards = generator_boards_by_category(world, category_of, IF_VQ)
    assert {name: board.items for name, board in boards.items()} == {"a": 40, "b": 40}


def test_records_are_flat_and_carry_every_interval(world):
    record = generator_records(generator_board(world, IF_VQ), "add")[0]
    assert (record["category"], record["generator"], record["rank_best"]) == ("add", "best", 1)
    for name in ("log_ability", "overall_mean", "if_mean", "vq_mean"):
        ends = [record[f"{name}_low"], record[name], record[f"{name}_high"]]
        assert ends == sorted(cell for cell in ends if isinstance(cell, float))
