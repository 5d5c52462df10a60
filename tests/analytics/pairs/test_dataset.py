"""The ledger of a whole export: totals by source, split and generator pair."""

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.pairs.build import build_item_pairs
from analytics.pairs.counts import PairCounts
from analytics.pairs.dataset import PairLedger
from analytics.pairs.options import PairOptions
from analytics.pairs.records import ScoredCandidate, ScoredItem
from tests.analytics.pairs.worlds import IF_VQ, item_of, items

EXACT = PairOptions()


def counted_pairs(items, dimensions, ledger, options=EXACT):
    """Each item's pairs, counted in the ledger."""
    for item in items:
        pairs = build_item_pairs(item, dimensions, options)
        ledger.add(pairs)
        yield pairs


def campaign(items, candidates, rng):
    scores = rng.integers(1, 5, size=(items, candidates, 2)).tolist()
    return [
        ScoredItem(
            f"i{n}",
            tuple(
                ScoredCandidate(f"c{k}", f"g{k % 6}", f"p{n}-{k}", tuple(pair))
                for k, pair in enumerate(rows)
            ),
            source=f"s{n % 3}",
            split="train" if n % 10 else "validation",
        )
        for n, rows in enumerate(scores)
    ]


@pytest.mark.slow
def test_the_papers_campaign_gives_200_697_reconciled_pairs():
    ledger = PairLedger()
    world = campaign(9_557, 7, np.random.default_rng(0))
    rows = sum(len(pairs.rows) for pairs in counted_pairs(world, IF_VQ, ledger))
    summary = ledger.summary()
    total = summary.total
    assert (summary.items, total.possible) == (9_557, 200_697)
    assert total.strict + total.disentangled + total.identical == 200_697
    assert rows == total.exported_rows == total.strict + 2 * total.disentangled
    for parts in (summary.by_source, summary.by_split, summary.by_generator_pair):
        assert sum(parts.values(), PairCounts()) == total
    # Uniform scores: 28 of 256 pairs are disentangled, 16 identical.
    assert total.disentangled / 200_697 == pytest.approx(28 / 256, abs=0.004)
    assert total.identical / 200_697 == pytest.approx(16 / 256, abs=0.004)


def test_generator_pairs_are_unordered_and_count_by_hand():
    item = item_of((4, 4), (1, 1), (4, 4), generators=("y", "x", "x"))
    ledger = PairLedger()
    ledger.add(build_item_pairs(item, IF_VQ))
    by_pair = ledger.summary().by_generator_pair
    assert by_pair["x", "y"] == PairCounts(possible=2, strict=1, identical=1, exported_rows=1)
    assert by_pair["x", "x"] == PairCounts(possible=1, strict=1, exported_rows=1)


def test_the_ledger_refuses_an_item_that_lost_a_row():
    pairs = build_item_pairs(item_of((4, 4), (1, 1)), IF_VQ)
    with pytest.raises(ValueError, match="item i do not reconcile"):
        PairLedger().add(replace(pairs, rows=()))
    tally = {("g0", "g1"): {"possible": 1}}
    with pytest.raises(ValueError, match="reconcile"):
        PairLedger().add(replace(pairs, rows=(), tally=tally))


NAMES = st.sampled_from(["x", "y", "z"])


@st.composite
def campaigns(draw):
    """Items of up to five candidates with sources, splits, raters and repeated generators."""
    drawn = draw(
        st.lists(
            st.tuples(items(2), NAMES, NAMES, st.lists(NAMES, min_size=7, max_size=7)), max_size=6
        )
    )
    return [
        replace(
            item,
            item_id=f"i{number}",
            source=source,
            split=split,
            rater=makers[-1] if number % 2 else "",
            candidates=tuple(
                replace(one, generator=maker)
                for one, maker in zip(item.candidates, makers, strict=False)
            ),
        )
        for number, (item, source, split, makers) in enumerate(drawn)
    ]


def counted(world, options, key):
    """Counts by key, summed pair by pair over items of two candidates each."""
    sums = {}
    for item in world:
        for one, two in combinations(item.candidates, 2):
            pair = replace(item, candidates=(one, two))
            counts = build_item_pairs(pair, IF_VQ, options).counts
            name = key(item, one, two)
            sums[name] = sums.get(name, PairCounts()) + counts
    return sums


@settings(deadline=None, max_examples=50)
@given(campaigns(), st.booleans(), st.fractions(0, 2))
def test_counts_by_source_split_generators_and_rater_are_sums_over_pairs(world, keep, margin):
    options = PairOptions(include_identical=keep, minimum_margin=margin, minimum_gap=margin)
    ledger = PairLedger()
    rows = sum(len(pairs.rows) for pairs in counted_pairs(world, IF_VQ, ledger, options))
    summary = ledger.summary()
    assert summary.items == len(world)
    assert summary.total.exported_rows == rows
    assert summary.total.pairs_reconcile
    assert summary.total.rows_reconcile
    breakdowns = {
        "by_source": lambda item, one, two: item.source,
        "by_split": lambda item, one, two: item.split,
        "by_generator_pair": lambda item, one, two: tuple(sorted((one.generator, two.generator))),
    }
    for name, key in breakdowns.items():
        found = getattr(summary, name)
        assert found == counted(world, options, key)
        assert sum(found.values(), PairCounts()) == summary.total
    rated = counted(world, options, lambda item, one, two: item.rater)
    rated.pop("", None)
    assert summary.by_rater == rated


@settings(deadline=None, max_examples=50)
@given(campaigns(), st.integers(0, 5))
def test_ledgers_of_parts_merge_into_the_ledger_of_all(world, cut):
    whole, merged = PairLedger(), PairLedger()
    list(counted_pairs(world, IF_VQ, whole))
    for part in (world[:cut], world[cut:]):
        ledger = PairLedger()
        list(counted_pairs(part, IF_VQ, ledger))
        merged.merge(*json.loads(json.dumps(ledger.state())))
    assert merged.summary() == whole.summary()


def test_views_of_one_item_count_as_one_item():
    ledger = PairLedger()
    for rater in ("ann", "bob"):
        ledger.add(build_item_pairs(replace(item_of((4, 4), (1, 1)), rater=rater), IF_VQ))
    summary = ledger.summary()
    assert (summary.items, summary.total.possible) == (1, 2)
    assert summary.by_rater == {name: PairCounts(1, 1, exported_rows=1) for name in ("ann", "bob")}
