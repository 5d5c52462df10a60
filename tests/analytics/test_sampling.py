"""Seeded draws: known values across processes, exact inclusion probabilities, invariances."""

import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sampling import (
    DrawStrategy,
    PoolCandidate,
    derive_seed,
    draw_candidates,
    draw_item_share,
    presentation_order,
    seeded_order,
)

POOL = [PoolCandidate(f"{model}{seed}", model) for model in "abcdef" for seed in (0, 1)]
pools = st.lists(st.sampled_from("abcd"), min_size=1, max_size=10).map(
    lambda models: [PoolCandidate(f"c{index}", model) for index, model in enumerate(models)]
)
strategies = st.sampled_from(list(DrawStrategy))


def test_seed_is_the_sha256_of_typed_length_prefixed_parts():
    # printf 'i1:7s1:a' | sha256sum
    assert derive_seed(7, "a") == 0xA12622E8F008A9C8CAE2B052B21ACF244A644242AA498EC0FEBCC756518FEC48
    assert derive_seed("ab", "c") != derive_seed("a", "bc")
    assert derive_seed(1) != derive_seed("1")


def test_draw_is_the_same_in_another_process_with_another_hash_seed():
    code = (
        "from analytics.sampling import *;"
        "print(draw_candidates([PoolCandidate(f'{m}{s}', m) for m in 'abcdef' for s in (0, 1)],"
        " 7, campaign_seed=3, item_id='x').drawn)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert outputs == {str(draw_candidates(POOL, 7, campaign_seed=3, item_id="x").drawn)}


@given(pools, st.integers(1, 12), strategies, st.randoms(use_true_random=False))
def test_draw_ignores_the_order_of_import(pool, k, strategy, shuffler):
    shuffled = list(pool)
    shuffler.shuffle(shuffled)
    one = draw_candidates(pool, k, campaign_seed=1, item_id="i", strategy=strategy)
    two = draw_candidates(shuffled, k, campaign_seed=1, item_id="i", strategy=strategy)
    assert one == two


@given(pools, st.integers(1, 12), strategies, st.text(max_size=5))
def test_draw_has_k_distinct_candidates_and_probabilities_that_sum_to_k(pool, k, strategy, item):
    draw = draw_candidates(pool, k, campaign_seed=1, item_id=item, strategy=strategy)
    assert len(set(draw.drawn)) == len(draw.drawn) == min(k, len(pool))
    assert sum(draw.inclusion.values()) == min(k, len(pool))
    assert all(0 <= probability <= 1 for probability in draw.inclusion.values())


@given(pools, st.integers(1, 12), st.text(max_size=5))
def test_balanced_draw_shows_every_generator_before_any_twice(pool, k, item):
    generator_of = {candidate.candidate_id: candidate.generator for candidate in pool}
    available = Counter(generator_of.values())
    drawn = draw_candidates(
        pool, k, campaign_seed=1, item_id=item, strategy=DrawStrategy.BALANCED
    ).drawn
    for length in range(len(drawn) + 1):
        counts = Counter(generator_of[name] for name in drawn[:length])
        top = max(counts.values(), default=0)
        assert all(counts[name] >= min(available[name], top - 1) for name in available)


def test_balanced_seven_of_twelve_includes_every_model_and_one_model_twice():
    draw = draw_candidates(POOL, 7, campaign_seed=1, item_id="i", strategy=DrawStrategy.BALANCED)
    assert sorted(Counter(name[0] for name in draw.drawn).values()) == [1, 1, 1, 1, 1, 2]
    assert set(draw.inclusion.values()) == {Fraction(7, 12)}


def test_balanced_probabilities_of_an_uneven_pool_by_hand():
    # a has three candidates, b one; k = 3: turn one takes a and b, turn two takes a.
    pool = [PoolCandidate(name, name[0]) for name in ("a1", "a2", "a3", "b1")]
    draw = draw_candidates(pool, 3, campaign_seed=1, item_id="i", strategy=DrawStrategy.BALANCED)
    assert draw.inclusion == {
        "a1": Fraction(2, 3),
        "a2": Fraction(2, 3),
        "a3": Fraction(2, 3),
        "b1": Fraction(1),
    }


@pytest.mark.parametrize("strategy", list(DrawStrategy))
def test_inclusion_frequencies_over_items_match_the_stated_probabilities(strategy):
    pool = [PoolCandidate(f"{model}{seed}", model) for model in "ab" for seed in (0, 1, 2)]
    pool.append(PoolCandidate("c0", "c"))
    items = 4_000
    draws = [
        draw_candidates(pool, 4, campaign_seed=5, item_id=str(index), strategy=strategy)
        for index in range(items)
    ]
    counts = Counter(name for draw in draws for name in draw.drawn)
    for name, probability in draws[0].inclusion.items():
        # Five standard deviations of a binomial share at 4,000 draws are at most .04.
        assert counts[name] / items == pytest.approx(float(probability), abs=0.04)


def test_draws_of_two_items_or_two_seeds_differ():
    draws = {
        draw_candidates(POOL, 7, campaign_seed=seed, item_id=item).drawn
        for seed in (1, 2)
        for item in ("a", "b")
    }
    assert len(draws) == 4


def test_draw_refuses_a_repeated_candidate_and_a_k_below_one():
    with pytest.raises(ValueError, match="more than once: a0"):
        draw_candidates([*POOL, PoolCandidate("a0", "z")], 7, campaign_seed=1, item_id="i")
    with pytest.raises(ValueError, match="at least 1"):
        draw_candidates(POOL, 0, campaign_seed=1, item_id="i")


def test_presentation_order_is_stable_per_task_and_annotator_and_uniform_in_position():
    ids = ["p", "q", "r"]
    first = presentation_order(ids, seed=1, task_id="t", annotator_id="u")
    assert first == presentation_order(ids[::-1], seed=1, task_id="t", annotator_id="u")
    orders = Counter(
        presentation_order(ids, seed=1, task_id=str(task), annotator_id="u")
        for task in range(3_000)
    )
    assert len(orders) == 6
    assert all(abs(count - 500) < 110 for count in orders.values())


def test_item_share_keeps_the_fate_of_old_items_when_new_ones_arrive():
    old = [f"i{index}" for index in range(2_000)]
    new = [f"n{index}" for index in range(500)]
    before = draw_item_share(old, Fraction(1, 20), seed=9, purpose="cross_check")
    after = draw_item_share(old + new, Fraction(1, 20), seed=9, purpose="cross_check")
    assert set(before.drawn) == set(after.drawn) & set(old)
    assert before.inclusion == Fraction(1, 20)
    assert 60 < len(before.drawn) < 140


def test_item_share_of_none_and_all():
    assert draw_item_share(["a", "b"], Fraction(0), seed=1, purpose="x").drawn == ()
    assert set(draw_item_share(["a", "b"], Fraction(1), seed=1, purpose="x").drawn) == {"a", "b"}
    with pytest.raises(ValueError, match="share"):
        draw_item_share(["a"], Fraction(3, 2), seed=1, purpose="x")


def test_seeded_order_is_a_permutation():
    assert sorted(seeded_order("xyz", "k")) == ["x", "y", "z"]
