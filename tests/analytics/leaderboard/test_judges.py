"""Leaderboards of scorers on one benchmark: the order, and the gaps to the leader."""

import numpy as np
import pytest

from analytics.leaderboard.judges import compare_with_others, rank_by_hits

ITEMS = np.arange(60)


def hits(share, seed):
    """Which of sixty groups a system gets right, each with a chance of `share`."""
    return np.random.default_rng(seed).random(60) < share


SYSTEMS = {"blunt": hits(0.4, 2), "sharp": hits(0.95, 1)}


def test_the_sharper_system_leads_and_the_other_is_tested_against_it():
    (sharp, lead), (blunt, gap) = rank_by_hits(SYSTEMS, ITEMS, seed=5)
    assert (sharp, blunt) == ("sharp", "blunt")
    assert lead is None
    shares = [float(right.mean()) for right in (SYSTEMS["sharp"], SYSTEMS["blunt"])]
    assert gap.difference.difference == pytest.approx(shares[0] - shares[1])
    assert gap.difference.interval.low > 0
    assert gap.mcnemar.p_value < 0.001


def test_the_same_seed_gives_the_same_order_and_gaps_however_the_systems_are_listed():
    turned = dict(reversed(SYSTEMS.items()))
    assert rank_by_hits(turned, ITEMS, seed=5) == rank_by_hits(SYSTEMS, ITEMS, seed=5)


def test_equal_systems_are_ranked_by_name_and_have_no_gap():
    right = hits(0.5, 3)
    (first, _), (second, gap) = rank_by_hits({"b": right, "a": right}, ITEMS, seed=1)
    assert (first, second) == ("a", "b")
    assert gap.difference.difference == 0
    assert gap.mcnemar.p_value == 1


def test_without_strict_groups_there_are_no_gaps():
    none = np.zeros(0, dtype=np.bool_)
    ranked = rank_by_hits({"a": none, "b": none}, np.zeros(0, dtype=np.int64), seed=1)
    assert ranked == [("a", None), ("b", None)]
    assert compare_with_others("a", {"a": none, "b": none}, np.zeros(0, dtype=np.int64), 1) == []
