"""Leaderboards of scorers on one benchmark."""

import numpy as np
import pytest

from analytics.benchmark.orders import HumanOrder
from analytics.benchmark.scoring import ScoredGroup
from analytics.leaderboard.judges import judge_board
from analytics.leaderboard.records import judge_records
from analytics.ranking.labelled import labelled_pairs
from analytics.ranking.proportions import Proportion

NONE = labelled_pairs([], [])


def predictions(noise, seed, groups=60):
    rng = np.random.default_rng(seed)
    world = np.random.default_rng(99)
    result = []
    for n in range(groups):
        k = 2 + n % 3
        ranks = tuple(int(r) for r in world.permutation(k))
        if n % 10 == 0:
            ranks = (0,) * k
        scores = tuple(float(-r + rng.normal(0, noise)) for r in ranks)
        result.append(ScoredGroup(f"g{n}", f"i{n}", HumanOrder(ranks), scores))
    return result


@pytest.fixture(scope="module")
def board():
    systems = {"sharp": predictions(0.1, 1), "blunt": predictions(3.0, 2)}
    return judge_board(systems, dict.fromkeys(systems, NONE), seed=5)


def test_the_sharper_system_leads_and_the_other_is_tested_against_it(board):
    sharp, blunt = board.rows
    assert (sharp.name, blunt.name) == ("sharp", "blunt")
    assert sharp.gap is None
    assert blunt.gap is not None
    assert blunt.gap.difference.interval is not None
    assert blunt.gap.difference.interval.low > 0
    assert blunt.gap.mcnemar.p_value < 0.001
    assert (board.groups, board.strict_groups) == (60, 54)


def test_the_same_seed_gives_the_same_board(board):
    systems = {"blunt": predictions(3.0, 2), "sharp": predictions(0.1, 1)[::-1]}
    assert judge_board(systems, dict.fromkeys(systems, NONE), seed=5) == board


def test_records_carry_each_k_with_its_floors(board):
    record = judge_records(board)[0]
    assert (record["system"], record["k2_groups"], record["pooled_groups"]) == ("sharp", 18, 54)
    assert record["k3_floor_scores"] == pytest.approx(1 / 6)
    assert record["k4_floor_labels"] == pytest.approx(1 / 64)
    assert record["behind_leader"] == 0.0


def test_systems_on_other_groups_are_refused():
    systems = {"a": predictions(1, 1), "b": predictions(1, 1)[1:]}
    with pytest.raises(ValueError, match="same groups"):
        judge_board(systems, dict.fromkeys(systems, NONE), seed=1)
    with pytest.raises(ValueError, match="must be one"):
        judge_board({}, {}, seed=1)


def test_a_system_that_fails_everywhere_scores_zero_of_all():
    groups = predictions(0.1, 1)
    failed = [
        ScoredGroup(g.group_id, g.item_id, g.order, (float("nan"),) * g.order.k) for g in groups
    ]
    systems = {"up": groups, "down": failed}
    rows = {r.name: r for r in judge_board(systems, dict.fromkeys(systems, NONE), seed=1).rows}
    assert rows["down"].report.strict_rows[-1].accuracy == Proportion(0, 54)
    assert rows["down"].report.strict_rows[-1].failed == 54
