"""Cluster intervals by hand and by coverage; paired comparisons of two systems."""

import numpy as np
import pytest

from analytics.ranking.clusters import clustered_mean, clustered_share
from analytics.ranking.comparison import McNemar, mcnemar, paired_difference
from analytics.ranking.proportions import Proportion, clopper_pearson


def test_one_observation_per_cluster_gives_the_classical_t_interval():
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 9.0])
    mean = clustered_mean(values, np.arange(6))
    assert mean.value == 4.0
    assert mean.standard_error == pytest.approx(values.std(ddof=1) / np.sqrt(6))
    assert mean.interval is not None
    # t(5) at .975 is 2.5706.
    assert mean.interval.high - 4.0 == pytest.approx(
        2.5706 * values.std(ddof=1) / np.sqrt(6), rel=1e-4
    )


def test_repeating_every_observation_in_its_cluster_changes_nothing():
    values, cluster = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 9.0]), np.arange(6)
    once = clustered_mean(values, cluster)
    thrice = clustered_mean(np.repeat(values, 3), np.repeat(cluster, 3))
    assert thrice.standard_error == pytest.approx(once.standard_error)
    assert (thrice.observations, thrice.clusters) == (18, 6)


def test_missing_values_are_left_out_and_four_clusters_give_no_interval():
    mean = clustered_mean([1.0, np.nan, 3.0, 4.0, 8.0], np.arange(5))
    assert (mean.value, mean.clusters, mean.interval) == (4.0, 4, None)
    assert clustered_mean([np.nan], np.arange(1)).value is None
    assert clustered_share(np.ones(4, dtype=bool), np.arange(4)).interval is None


def test_independent_clusters_give_nearly_clopper_pearson():
    hits = np.arange(100) < 30
    clustered = clustered_share(hits, np.arange(100)).interval
    exact = clopper_pearson(Proportion(30, 100))
    assert clustered is not None
    assert exact is not None
    assert clustered.low == pytest.approx(exact.low, abs=0.003)
    assert clustered.high == pytest.approx(exact.high, abs=0.003)


def test_fully_dependent_pairs_count_as_their_items():
    hits = np.repeat(np.arange(20) < 8, 21)
    interval = clustered_share(hits, np.repeat(np.arange(20), 21)).interval
    items = clopper_pearson(Proportion(8, 20))
    assert interval is not None
    assert items is not None
    assert interval.high - interval.low == pytest.approx(items.high - items.low, rel=0.1)


def test_all_hits_still_leave_room_below():
    interval = clustered_share(np.ones(60, dtype=bool), np.repeat(np.arange(20), 3)).interval
    assert interval is not None
    assert interval.high == 1.0
    assert interval.low == pytest.approx(0.025 ** (1 / 20))


def test_cluster_intervals_cover_where_independent_ones_do_not():
    rng = np.random.default_rng(4)
    covered = {"clustered": 0, "independent": 0}
    for _ in range(200):
        item = rng.beta(2, 2, size=40)
        hits = rng.random((40, 30)) < item[:, None]
        share = clustered_share(hits.ravel(), np.repeat(np.arange(40), 30))
        exact = clopper_pearson(share.share)
        assert share.interval is not None
        assert exact is not None
        covered["clustered"] += share.interval.low <= 0.5 <= share.interval.high
        covered["independent"] += exact.low <= 0.5 <= exact.high
    assert covered["clustered"] >= 184
    assert covered["independent"] < 165


def test_mcnemar_by_hand():
    # 1 against 8 discordant: 2 (C(9,0) + C(9,1)) / 2^9 = 20/512.
    first = np.array([True] * 5 + [True] + [False] * 8)
    second = np.array([True] * 5 + [False] + [True] * 8)
    assert mcnemar(first, second) == McNemar(1, 8, 20 / 512)
    assert mcnemar(first, first).p_value == 1.0


def test_paired_bootstrap_of_equal_systems_is_zero_and_seeded():
    hits = np.arange(50) % 3 == 0
    same = paired_difference(hits, hits, np.arange(50), np.random.default_rng(0))
    assert same.interval is not None
    assert (same.difference, same.interval.low, same.interval.high) == (0, 0, 0)
    other = np.arange(50) % 2 == 0
    one = paired_difference(hits, other, np.arange(50), np.random.default_rng(7))
    two = paired_difference(hits, other, np.arange(50), np.random.default_rng(7))
    assert one == two
    assert one.difference == pytest.approx((17 - 25) / 50)


def test_the_paired_interval_widens_with_clusters():
    rng = np.random.default_rng(3)
    first, second = rng.random(400) < 0.6, rng.random(400) < 0.5
    widths = []
    for cluster in (np.arange(400), np.arange(400) // 20):
        order = np.argsort(first.astype(int) - second.astype(int), kind="stable")
        result = paired_difference(first[order], second[order], cluster, np.random.default_rng(0))
        assert result.interval is not None
        widths.append(result.interval.high - result.interval.low)
    assert widths[1] > 1.5 * widths[0]


def test_systems_on_different_observations_are_refused():
    with pytest.raises(ValueError, match="same"):
        mcnemar(np.array([True]), np.array([True, False]))
    few = paired_difference(
        np.array([True]), np.array([False]), np.arange(1), np.random.default_rng(0)
    )
    assert (few.difference, few.interval) == (1.0, None)
