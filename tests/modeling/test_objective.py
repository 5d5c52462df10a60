"""The whole objective on two candidates and three dimensions, against numbers derived by hand."""

import math

import pytest
import torch

from modeling.config import AggregationName, DimensionText, LossName, LossSettings, RubricText
from modeling.heads import OVERALL_INDEX, Gaussian, Predicted, Targets
from modeling.losses import Objective, Totals

WEIGHTS = (2.0, 1.0, 1.0)
LEVELS = ((1, 2, 3, 4, 5),) * 3
MEANS = [[1.0, 0.5, 0.0], [0.0, 2.0, 1.0]]


def rubric(levels):
    """Three dimensions on these levels."""
    rows = zip("abc", levels, WEIGHTS, strict=True)
    return RubricText(tuple(DimensionText(key, key, steps, weight) for key, steps, weight in rows))


def settings(**changes):
    """Bradley-Terry without any other term: softplus(-gap)."""
    plain = {
        "ranking": LossName.BRADLEY_TERRY,
        "aggregation": AggregationName.SUM,
        "overall_weight": 1.0,
        "dimension_weight": 1.0,
        "anchor_weight": 0.0,
        "identical_weight": 1.0,
        "spread_prior": 0.0,
    }
    return LossSettings(**{**plain, **changes})


def targets(*pairs, scores=((3.0, 3.0, 3.0), (1.0, 1.0, 1.0))):
    """Pairs are (preferred, other, dimension, tied)."""
    preferred, other, dimension, tied = zip(*pairs, strict=True) if pairs else ((), (), (), ())
    return Targets(
        preferred=torch.tensor(preferred, dtype=torch.long),
        other=torch.tensor(other, dtype=torch.long),
        dimension=torch.tensor(dimension, dtype=torch.long),
        weight=torch.ones(len(preferred)),
        tied=torch.tensor(tied, dtype=torch.bool),
        counts=torch.zeros(2, 3, 5),
        scores=torch.tensor(scores),
    )


def terms(wanted, *, std=1.0, shares=((1.0, 1.0),), levels=LEVELS, **changes):
    """The terms by name and the gradient in the means."""
    mean = torch.tensor([MEANS], requires_grad=True)
    predicted = Predicted(
        Gaussian(mean, torch.full((1, 2, 3), std)), torch.zeros(3, 4), torch.zeros(2, 3, 1)
    )
    objective = Objective(settings(**changes), rubric=rubric(levels))
    found = objective(predicted, wanted, Totals.of(wanted), torch.tensor(shares))
    torch.stack(list(found.values())).sum().backward()
    return {name: float(value.detach()) for name, value in found.items()}, mean.grad[0]


def test_a_tagged_sample_moves_its_own_dimension_alone():
    """Candidate 0 wins on dimension 1, where its gap is 0.5 - 2 = -1.5."""
    found, gradient = terms(targets((0, 1, 1, False)))
    assert found["dimension"] == pytest.approx(math.log1p(math.exp(1.5)))
    assert found["overall"] == 0
    assert gradient[:, [0, 2]].abs().sum() == 0
    assert float(gradient[0, 1]) == pytest.approx(-1 / (1 + math.exp(-1.5)))


def test_an_overall_sample_follows_the_rubrics_weights():
    """Sums are 2·1 + 0.5 + 0 = 2.5 and 0 + 2 + 1 = 3: a gap of -0.5; dimension 0 counts twice."""
    found, gradient = terms(targets((0, 1, OVERALL_INDEX, False)))
    assert found["overall"] == pytest.approx(math.log1p(math.exp(0.5)))
    assert gradient[0].tolist() == pytest.approx((gradient[0, 1] * torch.tensor(WEIGHTS)).tolist())


def test_two_opposite_untagged_rows_are_one_tie_of_weight_two():
    """-log p - log(1 - p): a pull towards equality whatever the dimensions say."""
    opposite = targets((0, 1, OVERALL_INDEX, False), (1, 0, OVERALL_INDEX, False))
    fused, gradient = terms(opposite)
    tie, tied_gradient = terms(targets((0, 1, OVERALL_INDEX, True)))
    # Both are means over their samples: two rows of half the tie's loss each.
    assert fused["overall"] == pytest.approx(tie["identical"])
    assert torch.allclose(gradient, tied_gradient)
    # Two opposite rows with tags speak for their dimensions instead: 0 gains on 0, 1 gains on 1.
    _, tagged = terms(targets((0, 1, 0, False), (1, 0, 1, False)))
    assert float(tagged[0, 0]) < 0 < float(tagged[0, 1])


def test_a_candidate_counts_for_an_ensemble_member_by_its_share():
    whole, _ = terms(targets((0, 1, 1, False)))
    half, _ = terms(targets((0, 1, 1, False)), shares=((0.5, 1.0),))
    assert half["dimension"] == pytest.approx(whole["dimension"] / 2)


def test_the_prior_is_the_mean_square_of_log_sigma():
    found, _ = terms(targets(), std=math.e, spread_prior=0.3)
    assert found["prior"] == pytest.approx(0.3)


def test_squared_error_weighs_the_wanted_overall_like_the_predicted_one():
    """Levels 1 to 5 are centred on 3: wanted sums 4·0 = 0 and 4·(-2) = -8.

    Predicted sums 2.5 and 3: errors 6.25 and 121. By dimension: (1 + .25 + 0 + 4 + 16 + 9) / 6.
    """
    found, _ = terms(targets(), ranking=LossName.SQUARED_ERROR)
    assert found["overall"] == pytest.approx((6.25 + 121) / 2)
    assert found["dimension"] == pytest.approx(30.25 / 6)
    lowest, _ = terms(targets(), ranking=LossName.SQUARED_ERROR, aggregation=AggregationName.MIN)
    assert lowest["overall"] == pytest.approx((0 + 4) / 2)


def test_squared_error_centres_each_dimension_on_its_own_levels():
    """Best scores are .5, 4.5 and 1.5 from the middles 1.5, 5.5 and 1.5, worst ones -.5 to -4.5.

    Minima: .5 and -4.5, both predicted 0. By dimension: .25 + 16 + 2.25 + .25 + 42.25 + 6.25.
    """
    found, _ = terms(
        targets(scores=((2.0, 10.0, 3.0), (1.0, 1.0, 0.0))),
        levels=((1, 2), tuple(range(1, 11)), (0, 1, 2, 3)),
        ranking=LossName.SQUARED_ERROR,
        aggregation=AggregationName.MIN,
    )
    assert found["overall"] == pytest.approx((0.25 + 20.25) / 2)
    assert found["dimension"] == pytest.approx(67.25 / 6)


def test_candidates_without_a_score_are_left_out_of_the_squared_error():
    wanted = targets(scores=((3.0, math.nan, 3.0), (1.0, 1.0, 1.0)))
    found, gradient = terms(wanted, ranking=LossName.SQUARED_ERROR)
    assert found["overall"] == pytest.approx(121)
    assert found["dimension"] == pytest.approx(30 / 5)
    assert float(gradient[0, 1]) == 0
