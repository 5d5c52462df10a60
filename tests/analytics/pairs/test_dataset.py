"""The ledger of a whole export: totals by source, split and generator pair."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.pairs.build import build_item_pairs
from analytics.pairs.counts import PairCounts
from analytics.pairs.dataset import PairLedger, stream_pairs
from analytics.pairs.dimensions import equal_weights
from analytics.pairs.records import ScoredCandidate, ScoredItem
from tests.analytics.pairs.worlds import item_of

IF_VQ = equal_weights(("if", "vq"))


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
    rows = sum(len(pairs.rows) for pairs in stream_pairs(world, IF_VQ, ledger))
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
