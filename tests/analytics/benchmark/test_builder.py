"""Benchmarks: hand-built choices, invariants on random worlds, floors, joint ranking."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.benchmark.allocation import largest_remainder
from analytics.benchmark.builder import BenchmarkPlan, build_benchmark
from analytics.benchmark.eligibility import Exclusion, sort_out
from analytics.benchmark.orders import format_order, order_of_scores, parse_order
from tests.analytics.benchmark.worlds import (
    checked_item,
    checked_world,
    rng_of,
    unanimous,
)
from tests.analytics.pairs.worlds import IF_VQ

PLAN = BenchmarkPlan({2: 40, 3: 30, 4: 30}, scale_middle=Fraction(5), seed=3)


def plan_of(groups_per_k, **options):
    return BenchmarkPlan(groups_per_k, scale_middle=Fraction(5), seed=1, **options)


def overall_of(group):
    return sorted(candidate.overall for candidate in group.candidates)


@pytest.fixture(scope="module")
def benchmark():
    return build_benchmark(checked_world(200, rng_of(0)), IF_VQ, PLAN)


def test_every_k_gets_its_planned_groups(benchmark):
    assert benchmark.per_k == {2: 40, 3: 30, 4: 30}
    assert benchmark.missing == {}


def test_no_item_serves_twice_and_no_group_id_repeats(benchmark):
    assert len({group.item_id for group in benchmark.groups}) == 100
    assert len({group.group_id for group in benchmark.groups}) == 100


def test_three_and_four_way_groups_are_strict_and_half_the_pairs_tie(benchmark):
    strict = Counter((group.k, group.order.is_strict) for group in benchmark.groups)
    assert strict == {(2, True): 20, (2, False): 20, (3, True): 30, (4, True): 30}


def test_orders_are_those_of_the_exact_means(benchmark):
    for group in benchmark.groups:
        for candidate in group.candidates:
            for index, mean in enumerate(candidate.means):
                assert mean == Fraction(sum(r[index] for r in candidate.rater_scores), 3)
            assert candidate.overall == sum(candidate.means)
        overall = [candidate.overall for candidate in group.candidates]
        assert group.order == order_of_scores(overall, Fraction(5))


def test_letters_do_not_give_the_order_away(benchmark):
    first = Counter(group.order.ranks.index(0) for group in benchmark.groups if group.k == 4)
    assert len(first) == 4


def test_each_category_gets_its_share(benchmark):
    for k in (2, 3, 4):
        shares = Counter(group.category for group in benchmark.groups if group.k == k)
        assert max(shares.values()) - min(shares.values()) <= 4


def test_floors_are_exact(benchmark):
    # Random scores: 20 strict pairs at 1/2, 30 triples at 1/6, 30 quadruples at 1/24; ties at 0.
    assert benchmark.floor_scores == (Fraction(20, 2) + Fraction(30, 6) + Fraction(30, 24)) / 100
    assert benchmark.floor_labels == (Fraction(40, 4) + Fraction(30, 8) + Fraction(30, 64)) / 100


def test_the_same_items_in_another_order_give_the_same_benchmark(benchmark):
    again = build_benchmark(checked_world(200, rng_of(0))[::-1], IF_VQ, PLAN)
    assert again.groups == benchmark.groups


def test_another_seed_gives_another_benchmark(benchmark):
    other = build_benchmark(checked_world(200, rng_of(0)), IF_VQ, replace(PLAN, seed=4))
    assert other.groups != benchmark.groups


def test_the_closest_scores_are_preferred():
    far = checked_item("far", unanimous(4, 4), unanimous(1, 1))
    near = checked_item("near", unanimous(3, 3), unanimous(3, 2), unanimous(1, 1))
    groups = build_benchmark([far, near], IF_VQ, plan_of({2: 1}, tied_share=Fraction(0))).groups
    assert [group.item_id for group in groups] == ["near"]
    assert overall_of(groups[0]) == [5, 6]
    assert groups[0].spread == 1


def test_a_minimum_gap_keeps_neighbours_apart():
    item = checked_item("i", *[unanimous(a, b) for a, b in ((4, 4), (4, 3), (3, 3), (1, 1))])
    plan = plan_of({3: 1}, minimum_gap=Fraction(2))
    assert overall_of(build_benchmark([item], IF_VQ, plan).groups[0]) == [2, 6, 8]


def test_pairs_can_tie_good_or_bad():
    good = checked_item("good", unanimous(4, 3), unanimous(3, 4))
    bad = checked_item("bad", unanimous(1, 2), unanimous(2, 1))
    plan = plan_of({2: 2}, tied_share=Fraction(1))
    groups = build_benchmark([good, bad], IF_VQ, plan).groups
    assert {g.item_id: format_order(g.order) for g in groups} == {
        "good": "A=B=Good",
        "bad": "A=B=Bad",
    }


def test_strict_pairs_make_up_for_missing_ties_and_the_rest_is_reported_missing():
    items = [checked_item(str(n), unanimous(4, 4), unanimous(1, n)) for n in (1, 2, 3)]
    result = build_benchmark(items, IF_VQ, plan_of({2: 4, 3: 1}))
    assert result.per_k == {2: 3}
    assert result.missing == {2: 1, 3: 1}


def test_without_any_group_nothing_is_claimed():
    assert build_benchmark([], IF_VQ, plan_of({2: 1})).missing == {2: 1}


def test_unfit_items_are_refused_with_their_reason():
    whole = checked_item("ok", unanimous(1, 1), unanimous(2, 2))
    twin = replace(whole.candidates[1], pixel_hash=whole.candidates[0].pixel_hash)
    items = [
        whole,
        checked_item("active", unanimous(1, 1), unanimous(2, 2), random_design=False),
        checked_item("lone", unanimous(1, 1)),
        checked_item("two", unanimous(1, 1), [(1, 1), (2, 2)]),
        checked_item("gap", unanimous(1, 1), [(1, 1), (2, None), (2, 2)]),
        replace(whole, item_id="twins", candidates=(whole.candidates[0], twin)),
    ]
    result = sort_out(items)
    assert [item.item_id for item in result.items] == ["ok"]
    assert result.excluded == {
        "active": Exclusion.NOT_RANDOM_DESIGN,
        "lone": Exclusion.TOO_FEW_CANDIDATES,
        "two": Exclusion.TOO_FEW_RATERS,
        "gap": Exclusion.MISSING_SCORE,
        "twins": Exclusion.BYTE_IDENTICAL,
    }
    with pytest.raises(ValueError, match="twice"):
        sort_out([whole, whole])


def test_impossible_plans_are_refused():
    with pytest.raises(ValueError, match="at least 2"):
        plan_of({1: 3})
    with pytest.raises(ValueError, match="tied share"):
        plan_of({2: 3}, tied_share=Fraction(2))


def test_largest_remainder_by_hand():
    # 10 seats for 47, 16, 37 of 100: 4.7, 1.6, 3.7 -> floors 4, 1, 3, then the two .7s.
    assert largest_remainder(10, {"a": 47, "b": 16, "c": 37}) == {"a": 5, "b": 1, "c": 4}
    assert largest_remainder(9, {"a": 2, "b": 1}) == {"a": 2, "b": 1}
    assert largest_remainder(3, {}) == {}


@given(st.integers(0, 30), st.dictionaries(st.text(max_size=2), st.integers(0, 12), max_size=5))
def test_quotas_sum_to_the_total_and_never_exceed_a_stratum(total, sizes):
    quotas = largest_remainder(total, sizes)
    assert sum(quotas.values()) == min(total, sum(sizes.values()))
    assert all(0 <= quotas[name] <= size for name, size in sizes.items())


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.integers(2, 5))
def test_random_worlds_give_valid_benchmarks(seed, candidates):
    world = checked_world(25, rng_of(seed), candidates)
    result = build_benchmark(world, IF_VQ, plan_of({2: 6, 3: 5, 4: 4}))
    assert len({group.item_id for group in result.groups}) == len(result.groups)
    for group in result.groups:
        assert group.k == 2 or group.order.is_strict
        assert parse_order(format_order(group.order)) == group.order
    for k, planned in {2: 6, 3: 5, 4: 4}.items():
        assert result.per_k.get(k, 0) + result.missing.get(k, 0) == planned
