"""Ranking losses against numbers that can be derived without the code under test."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from modeling.config import AggregationName, LossName, LossSettings
from modeling.likelihood import (
    disagreement_chance,
    level_log_probabilities,
    log_win_probability,
)
from modeling.losses.ranking import (
    AsPublished,
    BradleyTerry,
    BradleyTerryTies,
    IntegratedLogistic,
    ThurstoneProbit,
    build_ranking_loss,
)
from modeling.seeding import seed_everything


def tensor(*values):
    return torch.tensor(values, dtype=torch.float64)


def sigmoid_mean(mean, std):
    """E[sigmoid(z)] by adaptive quadrature."""

    def integrand(x):
        return stats.norm.pdf(x) / (1 + math.exp(-(mean + std * x)))

    return integrate.quad(integrand, -12, 12, epsabs=1e-13)[0]


@pytest.mark.parametrize("mean", [-3.0, -0.5, 0.0, 2.0])
@pytest.mark.parametrize("std", [0.1, 1.0, 4.0])
def test_integrated_probability_equals_numerical_quadrature(mean, std):
    found = log_win_probability(tensor(mean), tensor(std**2)).exp()
    assert float(found) == pytest.approx(sigmoid_mean(mean, std), abs=5e-9)


def test_integrated_loss_of_a_coin_is_log_two_whatever_the_uncertainty():
    loss = IntegratedLogistic()(torch.zeros(3), torch.tensor([0.1, 1.0, 100.0]))
    assert torch.allclose(loss, torch.full((3,), math.log(2)), atol=1e-6)


def test_integrated_loss_rewards_uncertainty_on_wrong_pairs_and_punishes_it_on_right_ones():
    """At σ = 1: d loss / d log σ is -.650 at gap -3, -.174 at -1 and +.076 at +1."""
    log_std = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    loss = IntegratedLogistic()(tensor(-3, -1, 1), (2 * log_std).exp())
    loss.sum().backward()
    assert log_std.grad.tolist() == pytest.approx([-0.650, -0.174, 0.076], abs=1e-3)


def test_published_loss_shrinks_uncertainty_on_every_pair():
    """Its gradient in log σ at gaps -3, -1 and 1 is +.060, +.178 and +.178."""
    seed_everything(0)
    log_std = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    loss = AsPublished(samples=200_000)(tensor(-3, -1, 1), (2 * log_std).exp())
    loss.sum().backward()
    assert log_std.grad.tolist() == pytest.approx([0.060, 0.178, 0.178], abs=5e-3)


@settings(max_examples=30, deadline=None)
@given(gap=st.floats(-8, 8), std=st.floats(0.05, 8))
def test_win_and_loss_probabilities_sum_to_one(gap, std):
    both = log_win_probability(tensor(gap, -gap), tensor(std**2, std**2)).exp()
    assert float(both.sum()) == pytest.approx(1, abs=1e-8)


@settings(max_examples=30, deadline=None)
@given(gap=st.floats(-6, 6), std=st.floats(0.05, 4))
def test_marginal_loss_never_exceeds_the_published_one(gap, std):
    """Jensen: -log E[s] <= E[-log s]; the latter by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    published = (np.logaddexp(0, -(gap + std * nodes)) * weights).sum() / weights.sum()
    assert float(IntegratedLogistic()(tensor(gap), tensor(std**2))) <= published + 1e-6


def test_integrated_loss_is_finite_for_hopeless_pairs_in_single_precision():
    gap = torch.tensor([-60.0], requires_grad=True)
    loss = IntegratedLogistic()(gap, torch.tensor([0.01]))
    loss.backward()
    assert torch.isfinite(loss).all()
    # Far beyond |gap| = 8 the mixture's widest normal takes over: slope s² · gap, still tame.
    assert float(gap.grad) == pytest.approx(-60 * 0.2382**2, rel=0.02)


def test_half_precision_input_is_computed_in_single_precision():
    loss = IntegratedLogistic()(torch.zeros(2, dtype=torch.bfloat16), torch.ones(2).bfloat16())
    assert loss.dtype == torch.float32


def test_probit_loss_is_free_of_scale():
    """-log Φ(1) = 0.1728, at any common scale of gap and σ."""
    loss = ThurstoneProbit()(torch.tensor([1.0, 5.0]), torch.tensor([1.0, 25.0]))
    assert loss.tolist() == pytest.approx([0.17275] * 2, abs=1e-4)


def test_bradley_terry_is_the_softplus_of_the_negative_gap():
    loss = BradleyTerry()(torch.tensor([0.0, math.log(3)]), torch.ones(2))
    assert loss.tolist() == pytest.approx([math.log(2), math.log(4 / 3)], abs=1e-6)


def test_rao_kupper_outcomes_sum_to_one():
    """P(A) = a/(a + k b), P(tie) = (k² - 1) a b / ((a + k b)(b + k a))."""
    loss, gap = BradleyTerryTies(factor=5), tensor(0.7)
    win, lose = loss(gap, gap), loss(-gap, gap)
    total = sum(float((-value).exp()) for value in (win, lose, loss.tied(gap, gap)))
    assert total == pytest.approx(1, abs=1e-9)
    assert float((-win).exp()) == pytest.approx(math.exp(0.7) / (math.exp(0.7) + 5))


def test_a_tie_is_half_a_win_for_either_side():
    loss = IntegratedLogistic()
    gap, variance = torch.tensor([1.2]), torch.tensor([0.5])
    half = (loss(gap, variance) + loss(-gap, variance)) / 2
    assert torch.equal(loss.tied(gap, variance), half)


@pytest.mark.parametrize("name", list(LossName))
def test_every_named_loss_can_be_built(name):
    built = build_ranking_loss(LossSettings(ranking=name))
    assert (built is None) == (name is LossName.SQUARED_ERROR)


def test_level_probabilities_sum_to_one_also_with_fewer_levels():
    cutpoints = torch.tensor([[-1.0, 0.0, 1.0], [0.0, torch.inf, torch.inf]])
    mean, variance = torch.tensor([[0.3, -2.0]]), torch.tensor([[0.5, 2.0]])
    levels = level_log_probabilities(mean, variance, cutpoints).exp()
    assert levels.sum(dim=-1).tolist() == [pytest.approx([1, 1], abs=1e-4)]
    assert float(levels[0, 1, 2]) == pytest.approx(0, abs=1e-5)


def test_a_certain_candidate_between_cut_points_gets_the_logistic_level_probability():
    """With σ -> 0, P(level 1) = sigmoid(c1 - μ) = sigmoid(1) = .7311."""
    levels = level_log_probabilities(
        torch.zeros(1, 1), torch.full((1, 1), 1e-8), torch.tensor([[1.0]])
    )
    assert float(levels.exp()[0, 0, 0]) == pytest.approx(0.7310586, abs=1e-5)


def test_raters_differ_most_at_a_cut_point_and_hardly_far_from_all():
    """On the only cut point both levels are even: 1 - 2/4. Ten logits off, P = 1 - 4.5e-5."""
    certain = torch.full((2, 1), 1e-8)
    chances = disagreement_chance(torch.tensor([[0.0], [10.0]]), certain, torch.tensor([[0.0]]))
    assert chances[:, 0].tolist() == pytest.approx([0.5, 9.1e-5], abs=2e-6)
    spread = disagreement_chance(torch.tensor([[2.0]]), torch.tensor([[9.0]]), torch.zeros(1, 1))
    alone = disagreement_chance(torch.tensor([[2.0]]), torch.tensor([[0.0]]), torch.zeros(1, 1))
    assert float(spread) > float(alone)


def test_settings_without_any_term_are_refused():
    with pytest.raises(ValueError, match="loss weights"):
        LossSettings(overall_weight=0, dimension_weight=0, anchor_weight=0)


def test_names_of_aggregations_are_closed():
    assert {name.value for name in AggregationName} == {"mean", "min", "sum"}


@pytest.mark.parametrize(("mean", "level"), [(40.0, 0), (-40.0, 3), (400.0, 0), (-400.0, 3)])
def test_a_mean_far_outside_still_learns_from_the_lowest_and_the_highest_level(mean, level):
    mean = torch.tensor([[mean]], requires_grad=True)
    cutpoints = torch.tensor([[-1.5, 0.0, 1.5]])
    levels = level_log_probabilities(mean, torch.full((1, 1), 0.5), cutpoints)
    (-levels[0, 0, level]).backward()
    gradient = float(mean.grad)  # a step against it goes towards the level
    assert np.isfinite(gradient)
    assert abs(gradient) > 0.5
    assert np.sign(gradient) == (1 if level == 0 else -1)


def test_the_highest_of_fewer_levels_learns_from_afar_too():
    mean = torch.tensor([[-40.0, -40.0]], requires_grad=True)
    cutpoints = torch.tensor([[-1.5, 0.0, 1.5], [0.0, torch.inf, torch.inf]])
    levels = level_log_probabilities(mean, torch.full((1, 2), 0.5), cutpoints)
    (-levels[0, 1, 1]).backward()
    assert mean.grad[0].tolist() == [0, pytest.approx(float(mean.grad[0, 1]))]
    assert float(mean.grad[0, 1]) < -0.5
