from dataclasses import replace

import numpy as np
import pytest
import torch

from modeling.acquisition import bald_order, pair_information, prioritise
from modeling.acquisition.information import binary_entropy
from modeling.config import StrategyName
from modeling.likelihood import log_win_probability
from modeling.model import GroupPrediction, LastLayerLaplace
from modeling.model.epistemic import LaplaceFit, ensemble_factor, pair_curvature


def item(item_id, gap, *, sigma=0.1, directions=(1.0, 0.0)):
    """Two candidates whose gap is uncertain along a direction of the parameter space."""
    return GroupPrediction(
        item_id=item_id,
        candidate_ids=("a", "b"),
        mean=np.array([[gap], [0.0]]),
        std=np.full((2, 1), sigma),
        overall_mean=np.array([gap, 0.0]),
        overall_std=np.full(2, sigma),
        factor=np.array([directions, np.zeros(len(directions))]),
        epistemic_std=np.zeros((2, 1)),
        level=np.zeros((2, 1)),
        disagreement=np.zeros((2, 1)),
    )


def test_information_is_zero_without_epistemic_uncertainty():
    gap = np.array([0.0, 1.0, -3.0])
    assert pair_information(gap, np.ones(3), np.zeros(3)) == pytest.approx(0, abs=1e-9)


def test_information_is_discounted_by_aleatoric_noise_and_by_a_clear_winner():
    near, noisy, clear = pair_information(
        np.array([0.0, 0.0, 5.0]), np.array([0.0, 25.0, 0.0]), np.ones(3)
    )
    assert near > 2 * noisy
    assert near > 2 * clear


def test_information_of_a_symmetric_gap_equals_its_definition():
    """H(1/2) - E[H(sigmoid(z))] for z ~ N(0, 4), by fine quadrature."""
    z = np.linspace(-16, 16, 20_001)
    density = np.exp(-(z**2) / 8)
    p = 1 / (1 + np.exp(-z))
    entropy = -(p * np.log(p) + (1 - p) * np.log1p(-p))
    expected = np.log(2) - (entropy * density).sum() / density.sum()
    found = pair_information(np.zeros(1), np.zeros(1), np.full(1, 4.0))
    assert float(found[0]) == pytest.approx(expected, abs=2e-3)


def test_a_batch_does_not_ask_the_same_question_twice():
    same = [item(f"same-{n}", 0.0, directions=(2.0, 0.0)) for n in range(3)]
    other = item("other", 0.0, directions=(0.0, 1.5))
    order = [index for index, _ in bald_order([*same, other], batch=2)]
    assert order == [0, 3]


def test_gains_never_grow_along_the_batch():
    rng = np.random.default_rng(0)
    items = [item(str(n), rng.normal(), directions=tuple(rng.normal(size=2))) for n in range(30)]
    gains = [gain for _, gain in bald_order(items, batch=30)]
    assert gains == sorted(gains, reverse=True)
    assert len(gains) == 30


def test_strategies_give_priorities_to_a_batch_only():
    items = [item("far", 4.0), item("near", 0.1), item("mid", 1.0)]
    for strategy in StrategyName:
        found = prioritise(
            predictions=items, strategy=strategy, batch=2, rng=np.random.default_rng(0)
        )
        assert sorted(found.values()) == [0.5, 1.0]
    hard = prioritise(
        predictions=items, strategy=StrategyName.HARD, batch=3, rng=np.random.default_rng(0)
    )
    assert list(hard) == ["near", "mid", "far"]


@pytest.mark.parametrize("strategy", [StrategyName.BALD, StrategyName.HARD])
def test_items_without_any_comparison_come_last(strategy):
    pair = item("pair", 0.0)
    alone = replace(
        pair,
        item_id="alone",
        candidate_ids=("a",),
        overall_mean=np.zeros(1),
        overall_std=np.ones(1),
        factor=np.ones((1, 2)),
    )
    items = [alone, item("clear", 3.0), pair]
    found = prioritise(predictions=items, strategy=strategy, batch=3, rng=np.random.default_rng(0))
    assert list(found) == ["pair", "clear", "alone"]


def test_random_priorities_ignore_the_predictions_and_follow_the_seed():
    items = [item(str(n), float(n)) for n in range(20)]
    draws = [
        prioritise(
            predictions=items,
            strategy=StrategyName.RANDOM,
            batch=20,
            rng=np.random.default_rng(seed),
        )
        for seed in (1, 1, 2)
    ]
    assert draws[0] == draws[1] != draws[2]


def test_laplace_posterior_of_one_direction_is_prior_plus_information():
    """Precision 1 + 4 pairs · curvature 0.25 · difference 2² = 5: variance 0.2 at a unit step."""
    fit = LaplaceFit(1, 2)
    differences = torch.tensor([[[2.0, 0.0]]]).repeat(4, 1, 1)
    fit.add(differences, torch.full((4,), 0.25), torch.zeros(4, dtype=torch.long))
    factor = fit.finish().factor(torch.eye(2).unsqueeze(1))
    variances = factor[:, 0].square().sum(dim=1)
    assert variances.tolist() == pytest.approx([0.2, 1.0], abs=1e-6)


def test_dimensions_of_the_laplace_factor_are_independent():
    laplace = LastLayerLaplace(torch.eye(3).repeat(2, 1, 1))
    factor = laplace.factor(torch.ones(1, 2, 3))
    covariance = factor[0] @ factor[0].T
    assert torch.allclose(covariance, 3 * torch.eye(2))


def test_ensemble_factor_has_the_members_sample_covariance():
    means = torch.randn(5, 4, 1)
    factor = ensemble_factor(means)[:, 0]
    expected = np.cov(means[:, :, 0].T.numpy())
    assert np.allclose((factor @ factor.T).numpy(), expected, atol=1e-5)


def test_curvature_without_noise_is_the_logistic_variance():
    found = pair_curvature(torch.tensor([0.0, 2.0]), torch.zeros(2))
    p = 1 / (1 + np.exp(-2))
    assert found.tolist() == pytest.approx([0.25, p * (1 - p)], abs=1e-6)


@pytest.mark.parametrize("gap", [0.0, 3.0, 15.0])
@pytest.mark.parametrize("aleatoric", [0.0, 1.0, 100.0])
def test_information_equals_its_definition_up_to_the_widest_uncertainty(gap, aleatoric):
    """H(E[p]) - E[H(p)] by 40 000 nodes over ±9 deviations."""
    steps = np.linspace(-9, 9, 40_001)
    density = np.exp(-np.square(steps) / 2) / np.exp(-np.square(steps) / 2).sum()
    variances = np.array([0.01, 1.0, 25.0, 400.0, 2500.0])
    z = torch.from_numpy(gap + np.sqrt(variances)[:, None] * steps)
    p = log_win_probability(z, torch.full_like(z, aleatoric)).exp().numpy()
    expected = binary_entropy(p @ density) - binary_entropy(p) @ density
    count = len(variances)
    found = pair_information(np.full(count, gap), np.full(count, aleatoric), variances)
    assert found == pytest.approx(expected, abs=1e-5)


def test_information_grows_with_the_epistemic_variance_and_stays_finite():
    variances = np.geomspace(1e-6, 1e6, 200)
    found = pair_information(np.zeros(200), np.ones(200), variances)
    assert (np.diff(found) > -1e-9).all()
    assert found[-1] < np.log(2)
    assert np.isfinite(pair_information(np.full(200, 1e4), np.zeros(200), variances)).all()
