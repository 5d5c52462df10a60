"""Which score counts: adjudicated, single, exact mean; majority by name."""

from fractions import Fraction

import pytest

from analytics.pairs.final_scores import (
    FinalScore,
    FinalScoreRule,
    Provenance,
    final_score,
)

MAJORITY = FinalScoreRule.MAJORITY


@pytest.mark.parametrize(
    ("levels", "options", "expected"),
    [
        ([1, 4], {"adjudicated": 3}, FinalScore(Fraction(3), Provenance.ADJUDICATED, 2)),
        ([], {"adjudicated": 2}, FinalScore(Fraction(2), Provenance.ADJUDICATED, 0)),
        ([3], {}, FinalScore(Fraction(3), Provenance.SINGLE, 1)),
        ([None, 3], {}, FinalScore(Fraction(3), Provenance.SINGLE, 1)),
        ([2, 2, 3], {}, FinalScore(Fraction(7, 3), Provenance.MEAN, 3)),
        ([2, 2, 3], {"rule": MAJORITY}, FinalScore(Fraction(2), Provenance.MAJORITY, 3)),
        ([1, 2, 3], {"rule": MAJORITY}, FinalScore(None, Provenance.NO_MAJORITY, 3)),
        ([1, 2], {"rule": MAJORITY}, FinalScore(None, Provenance.NO_MAJORITY, 2)),
        ([None], {}, FinalScore(None, Provenance.NO_RATING, 0)),
    ],
)
def test_final_score_by_hand(levels, options, expected):
    assert final_score(levels, **options) == expected


def test_the_mean_of_three_raters_is_exact_where_floats_are_not():
    def total(*raters):
        means = [final_score(levels).value for levels in raters]
        return sum((mean for mean in means if mean is not None), Fraction(0))

    assert total([1, 1, 1], [2, 2, 3]) == total([1, 1, 2], [2, 2, 2]) == Fraction(10, 3)
    assert 3 / 3 + 7 / 3 != 4 / 3 + 6 / 3
