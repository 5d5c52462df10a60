"""Several raters' levels become final scores, or one item per rater."""

from fractions import Fraction

import pytest

from analytics.pairs.build import build_item_pairs
from analytics.pairs.dimensions import equal_weights
from analytics.pairs.final_scores import FinalScoreRule, Provenance
from analytics.pairs.from_ratings import (
    RatedCandidate,
    RatedItem,
    final_item,
    final_scores,
    rater_items,
)

IF_VQ = equal_weights(("if", "vq"))
ITEM = RatedItem(
    "i",
    (
        RatedCandidate("a", "g", "pa", {"ann": (4, 2), "bob": (3, 2)}),
        RatedCandidate("b", "h", "pb", {"ann": (2, 4), "bob": (3, 3), "eve": (None, 3)}),
        RatedCandidate("c", "h", "pc", {"ann": (1, 1)}, adjudicated=(2, None)),
    ),
    source="s",
    split="train",
)


def test_final_scores_are_exact_means_unless_adjudicated():
    item = final_item(ITEM, 2)
    assert [candidate.scores for candidate in item.candidates] == [
        (Fraction(7, 2), Fraction(2)),
        (Fraction(5, 2), Fraction(10, 3)),
        (Fraction(2), Fraction(1)),
    ]
    assert (item.source, item.split, item.rater) == ("s", "train", "")
    assert [score.provenance for score in final_scores(ITEM.candidates[2], 2)] == [
        Provenance.ADJUDICATED,
        Provenance.SINGLE,
    ]


def test_majority_without_a_majority_leaves_the_pair_incomparable():
    item = final_item(ITEM, 2, FinalScoreRule.MAJORITY)
    assert item.candidates[0].scores == (None, Fraction(2))
    assert build_item_pairs(item, IF_VQ).counts.incomparable == 3


def test_each_rater_makes_pairs_of_what_that_rater_saw():
    ann, bob, eve = rater_items(ITEM, 2)
    assert (ann.rater, bob.rater, eve.rater) == ("ann", "bob", "eve")
    rows = [(r.dimension, r.preferred, r.other, r.rater) for r in build_item_pairs(ann, IF_VQ).rows]
    assert rows == [
        ("if", "a", "b", "ann"),
        ("vq", "b", "a", "ann"),
        ("overall", "a", "c", "ann"),
        ("overall", "b", "c", "ann"),
    ]
    assert build_item_pairs(bob, IF_VQ).counts.possible == 1
    assert build_item_pairs(eve, IF_VQ).counts.possible == 0


def test_a_wrong_number_of_levels_is_refused():
    short = RatedItem("i", (RatedCandidate("a", "g", "p", {"ann": (4,)}),))
    for call in (final_item, rater_items):
        with pytest.raises(ValueError, match="needs 2 levels"):
            call(short, 2)
