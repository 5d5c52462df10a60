"""The rules of pairs and ties: hand-written rows for every rule, and properties on random items."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.pairs.build import build_item_pairs
from analytics.pairs.dimensions import Dimensions
from analytics.pairs.options import PairOptions, RowWeighting, ScoreSource
from analytics.pairs.records import PairKind, ScoredCandidate, ScoredItem, Side
from tests.analytics.pairs.worlds import IF_VQ, brute_force_rows, equal_weights, item_of, items

STRICT, DISENTANGLED, IDENTICAL = PairKind.STRICT, PairKind.DISENTANGLED, PairKind.IDENTICAL


def rows_of(item, dimensions=IF_VQ, options=None):
    pairs = build_item_pairs(item, dimensions, options or PairOptions())
    return [(row.kind, row.dimension, row.preferred, row.other, row.margin) for row in pairs.rows]


def test_a_higher_overall_makes_one_strict_row_with_the_better_first():
    assert rows_of(item_of((2, 2), (4, 3))) == [(STRICT, "overall", "b", "a", 3)]


def test_a_strict_pair_stays_one_row_even_when_the_dimensions_disagree():
    assert rows_of(item_of((4, 1), (2, 2))) == [(STRICT, "overall", "a", "b", 1)]


def test_a_tie_with_opposite_dimensions_makes_two_tagged_opposite_rows():
    assert rows_of(item_of((4, 2), (2, 4))) == [
        (DISENTANGLED, "if", "a", "b", 2),
        (DISENTANGLED, "vq", "b", "a", 2),
    ]


def test_identical_candidates_make_no_row_unless_asked():
    item = item_of((4, 2), (4, 2))
    assert rows_of(item) == []
    assert rows_of(item, options=PairOptions(include_identical=True)) == [
        (IDENTICAL, "overall", "a", "b", 0)
    ]


def test_a_missing_score_makes_the_pair_incomparable_and_no_row():
    pairs = build_item_pairs(item_of((4, None), (1, 1), (2, 2)), IF_VQ)
    assert [(row.preferred, row.other) for row in pairs.rows] == [("c", "b")]
    assert pairs.incomparable == (("a", "b"), ("a", "c"))
    assert (pairs.counts.incomparable, pairs.counts.strict) == (2, 1)


def test_four_candidates_with_every_kind_of_pair_written_out():
    item = item_of((3, 3), (4, 2), (4, 2), (None, 1))
    pairs = build_item_pairs(item, IF_VQ, PairOptions(include_identical=True))
    rows = [tuple(row)[:6] for row in pairs.rows]
    assert rows == [
        (DISENTANGLED, "i", "if", "b", "a", 1),
        (DISENTANGLED, "i", "vq", "a", "b", 1),
        (DISENTANGLED, "i", "if", "c", "a", 1),
        (DISENTANGLED, "i", "vq", "a", "c", 1),
        (IDENTICAL, "i", "overall", "b", "c", 0),
    ]
    counts = pairs.counts
    kinds = (counts.strict, counts.disentangled, counts.identical, counts.incomparable)
    assert kinds == (0, 2, 1, 3)
    assert (counts.possible, counts.tagged_rows, counts.exported_rows) == (6, 4, 5)


def test_a_third_of_a_level_decides_where_floats_would_see_a_tie():
    # 1/3 + 1/3 + 1/3 sums: (7/3 + 8/3) = (10/3 + 5/3) = 5 exactly, and 16/3 > 5 by one third.
    item = item_of(
        (Fraction(7, 3), Fraction(8, 3)),
        (Fraction(10, 3), Fraction(5, 3)),
        (Fraction(8, 3), Fraction(8, 3)),
    )
    assert rows_of(item) == [
        (DISENTANGLED, "if", "b", "a", 1),
        (DISENTANGLED, "vq", "a", "b", 1),
        (STRICT, "overall", "c", "a", Fraction(1, 3)),
        (STRICT, "overall", "c", "b", Fraction(1, 3)),
    ]


def test_three_dimensions_tag_only_those_that_differ():
    item = item_of((4, 2, 3), (2, 4, 3))
    assert rows_of(item, equal_weights("if", "vq", "id")) == [
        (DISENTANGLED, "if", "a", "b", 2),
        (DISENTANGLED, "vq", "b", "a", 2),
    ]


def test_three_dimensions_can_tag_two_against_one():
    item = item_of((3, 3, 1), (2, 2, 3))
    assert rows_of(item, equal_weights("if", "vq", "id")) == [
        (DISENTANGLED, "if", "a", "b", 1),
        (DISENTANGLED, "vq", "a", "b", 1),
        (DISENTANGLED, "id", "b", "a", 2),
    ]


def test_weights_decide_what_ties():
    weighted = Dimensions(("if", "vq"), (Fraction(2), Fraction(1, 2)))
    assert rows_of(item_of((3, 1), (2, 4)), weighted) == [
        (STRICT, "overall", "a", "b", Fraction(1, 2))
    ]
    assert rows_of(item_of((3, 0), (2, 4)), weighted) == [
        (DISENTANGLED, "if", "a", "b", 1),
        (DISENTANGLED, "vq", "b", "a", 4),
    ]


def test_one_dimension_is_strict_or_identical():
    one = equal_weights("if")
    pairs = build_item_pairs(item_of((3,), (2,), (2,)), one)
    counts = pairs.counts
    assert (counts.strict, counts.disentangled, counts.identical) == (2, 0, 1)


def test_a_tie_band_turns_small_differences_into_ties_by_dimension():
    thousandths = [
        (Fraction(3120, 1000), Fraction(2000, 1000)),
        (Fraction(2500, 1000), Fraction(2600, 1000)),
    ]
    options = PairOptions(source=ScoreSource.FACET, tie_band=Fraction(50, 1000))
    assert rows_of(item_of(*thousandths), options=options) == [
        (DISENTANGLED, "if", "a", "b", Fraction(62, 100)),
        (DISENTANGLED, "vq", "b", "a", Fraction(60, 100)),
    ]
    assert rows_of(item_of(*thousandths)) == [(STRICT, "overall", "a", "b", Fraction(2, 100))]


def test_a_difference_equal_to_the_band_is_a_tie():
    options = PairOptions(tie_band=Fraction(1), include_identical=True)
    assert rows_of(item_of((3, 2), (2, 2)), options=options) == [
        (IDENTICAL, "overall", "a", "b", 1)
    ]


def test_facet_scores_without_a_band_are_refused():
    with pytest.raises(ValueError, match="explicit tie band"):
        PairOptions(source=ScoreSource.FACET)


def test_margin_and_gap_filters_drop_rows_but_not_counts():
    item = item_of((4, 4), (4, 3), (3, 4))
    options = PairOptions(minimum_margin=Fraction(2), minimum_gap=Fraction(2))
    counts = build_item_pairs(item, IF_VQ, options).counts
    assert (counts.strict, counts.disentangled, counts.tagged_rows) == (2, 1, 2)
    assert (counts.small_margin_dropped, counts.small_gap_dropped, counts.exported_rows) == (
        2,
        2,
        0,
    )
    assert counts.rows_reconcile


def test_byte_identical_candidates_give_no_row_unless_kept():
    item = item_of((4, 4), (1, 1), pixels=("same", "same"))
    assert build_item_pairs(item, IF_VQ).counts.byte_identical_dropped == 1
    kept = build_item_pairs(item, IF_VQ, PairOptions(keep_byte_identical=True)).rows
    assert [row.byte_identical for row in kept] == [True]


def test_pairs_of_one_generator_are_flagged():
    item = item_of((4, 4), (1, 1), (2, 2), generators=("m", "m", "n"))
    flags = {(r.preferred, r.other): r.same_generator for r in build_item_pairs(item, IF_VQ).rows}
    assert flags == {("a", "b"): True, ("a", "c"): False, ("c", "b"): False}


def test_item_weights_sum_to_one():
    item = item_of((4, 2), (2, 4), (1, 1))
    rows = build_item_pairs(item, IF_VQ, PairOptions(weighting=RowWeighting.ITEM)).rows
    assert [row.weight for row in rows] == [Fraction(1, 4)] * 4


def test_both_rows_of_a_tie_show_the_images_on_the_same_sides():
    one, two = build_item_pairs(item_of((4, 2), (2, 4)), IF_VQ).rows
    assert {one.preferred_side, two.preferred_side} == {Side.LEFT, Side.RIGHT}


def test_presentation_sides_are_seeded_and_balanced():
    def lefts(seed):
        options = PairOptions(presentation_seed=seed)
        return [
            build_item_pairs(item_of((4, 4), (1, 1), item_id=str(n)), IF_VQ, options)
            .rows[0]
            .preferred_side
            is Side.LEFT
            for n in range(1_000)
        ]

    assert lefts(1) == lefts(1) != lefts(2)
    assert 420 < sum(lefts(1)) < 580


def test_a_repeated_candidate_or_a_wrong_number_of_scores_is_refused():
    twice = ScoredCandidate("a", "g", "p", (1, 1))
    with pytest.raises(ValueError, match="twice"):
        build_item_pairs(ScoredItem("i", (twice, twice)), IF_VQ)
    with pytest.raises(ValueError, match="3 scores for 2"):
        build_item_pairs(item_of((1, 2, 3)), IF_VQ)


@given(items(2), st.booleans())
def test_counts_reconcile_on_every_item(item, identical):
    pairs = build_item_pairs(item, IF_VQ, PairOptions(include_identical=identical))
    k = len(item.candidates)
    assert pairs.counts.possible == k * (k - 1) // 2
    assert pairs.counts.pairs_reconcile
    assert pairs.counts.rows_reconcile
    assert pairs.counts.exported_rows == len(pairs.rows)


@given(items(3))
def test_rows_equal_the_rules_spelled_out_in_rationals(item):
    weights = (Fraction(1), Fraction(3, 2), Fraction(2, 5))
    names = ("if", "vq", "id")
    rows = build_item_pairs(item, Dimensions(names, weights)).rows
    found = {(row.dimension, row.preferred, row.other, row.margin) for row in rows}
    assert found == brute_force_rows(item, weights, names)
    assert len(found) == len(rows)


@given(items(2))
def test_negated_scores_turn_every_label_around(item):
    negated = ScoredItem(
        item.item_id,
        tuple(
            ScoredCandidate(
                c.candidate_id,
                c.generator,
                c.pixel_hash,
                tuple(None if s is None else -s for s in c.scores),
            )
            for c in item.candidates
        ),
    )
    forward = {row[:6] for row in build_item_pairs(item, IF_VQ).rows}
    backward = build_item_pairs(negated, IF_VQ).rows
    assert forward == {
        (r.kind, r.item_id, r.dimension, r.other, r.preferred, r.margin) for r in backward
    }


@given(items(2), st.randoms(use_true_random=False))
def test_rows_do_not_depend_on_the_order_of_candidates(item, shuffler):
    candidates = list(item.candidates)
    shuffler.shuffle(candidates)
    shuffled = ScoredItem(item.item_id, tuple(candidates))
    assert build_item_pairs(item, IF_VQ).rows == build_item_pairs(shuffled, IF_VQ).rows


@given(items(2))
def test_two_dimensions_of_equal_weight_always_disentangle_into_opposite_rows(item):
    rows = [r for r in build_item_pairs(item, IF_VQ).rows if r.kind is DISENTANGLED]
    for one, two in zip(rows[::2], rows[1::2], strict=True):
        assert (one.preferred, one.other) == (two.other, two.preferred)
        assert (one.margin, one.dimension, two.dimension) == (two.margin, "if", "vq")
