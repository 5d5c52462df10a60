import numpy as np
import pytest
import torch

from modeling.config import AggregationName
from modeling.heads import Gaussian, GaussianHeads, Targets, aggregate
from modeling.seeding import seed_everything


def gaussian(mean, std):
    return Gaussian(torch.tensor(mean, dtype=torch.float64), torch.tensor(std, dtype=torch.float64))


def test_mean_of_two_dimensions_has_half_the_root_sum_of_squares():
    overall = aggregate(gaussian([1, 3], [3, 4]), weights=[1, 1], name=AggregationName.MEAN)
    assert (float(overall.mean), float(overall.std)) == (2, 2.5)


def test_mean_follows_the_weights():
    overall = aggregate(gaussian([1, 3], [1, 2]), weights=[3, 1], name=AggregationName.MEAN)
    assert float(overall.mean) == 1.5
    assert float(overall.std) == pytest.approx((0.75**2 + 0.5**2) ** 0.5)


def test_sum_adds_means_and_variances():
    overall = aggregate(gaussian([1, 3], [3, 4]), weights=[1, 1], name=AggregationName.SUM)
    assert (float(overall.mean), float(overall.std)) == (4, 5)


def test_minimum_of_equal_normals_has_clarks_moments():
    """min of two independent N(0, 1): mean -1/sqrt(π), variance 1 - 1/π."""
    overall = aggregate(gaussian([0, 0], [1, 1]), weights=[1, 1], name=AggregationName.MIN)
    assert float(overall.mean) == pytest.approx(-1 / np.sqrt(np.pi))
    assert float(overall.std) ** 2 == pytest.approx(1 - 1 / np.pi)


def test_minimum_of_three_agrees_with_simulation():
    mean, std = [0.2, -0.4, 1.0], [0.5, 1.0, 0.8]
    draws = np.random.default_rng(0).normal(mean, std, (400_000, 3)).min(axis=1)
    overall = aggregate(gaussian(mean, std), weights=[1, 1, 1], name=AggregationName.MIN)
    # Clark's fold is exact for two and close for three.
    assert float(overall.mean) == pytest.approx(draws.mean(), abs=0.02)
    assert float(overall.std) == pytest.approx(draws.std(), abs=0.03)


def test_weights_must_match_the_dimensions():
    with pytest.raises(ValueError, match="3 weights for 2 dimensions"):
        aggregate(gaussian([0, 0], [1, 1]), weights=[1, 1, 1], name=AggregationName.MEAN)


def heads(**options):
    seed_everything(0)
    return GaussianHeads(inputs=8, hidden=(6,), dropout=0.0, dimensions=3, **options)


def test_separate_heads_differ_and_a_shared_head_does_not():
    states = torch.randn(5, 1, 8).expand(5, 3, 8)
    separate, _ = heads()(states)
    shared, _ = heads(shared=True)(states)
    assert not torch.allclose(separate.mean[0, :, 0], separate.mean[0, :, 1])
    assert torch.equal(shared.mean[0, :, 0], shared.mean[0, :, 1])


def test_heads_compute_in_single_precision_under_autocast():
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores, features = heads(members=2)(torch.randn(4, 3, 8, dtype=torch.bfloat16))
    assert scores.mean.dtype == scores.std.dtype == features.dtype == torch.float32
    assert scores.mean.shape == (2, 4, 3)


def test_deviations_stay_within_their_clamp():
    with torch.no_grad():
        scores, _ = heads()(1e6 * torch.randn(50, 3, 8))
    assert float(scores.std.min()) >= np.exp(-4) * 0.999
    assert float(scores.std.max()) <= np.exp(3) * 1.001


def test_joined_targets_number_candidates_through():
    part = Targets(
        preferred=torch.tensor([0]),
        other=torch.tensor([1]),
        dimension=torch.tensor([-1]),
        weight=torch.ones(1),
        tied=torch.tensor([False]),
        counts=torch.zeros(2, 1, 4),
        scores=torch.zeros(2, 1),
    )
    joined = Targets.join([part, part, part])
    assert joined.preferred.tolist() == [0, 2, 4]
    assert joined.other.tolist() == [1, 3, 5]
    assert len(joined.scores) == 6


def test_the_minimum_of_far_off_means_keeps_its_deviation_in_single_precision():
    """min of two N(μ, .02²): mean μ - .02 / √π, σ = .02 √(1 - 1/π), whatever μ is."""
    scores = Gaussian(torch.tensor([[500.0, 500.0]]), torch.full((1, 2), 0.02))
    overall = aggregate(scores, weights=[1, 1], name=AggregationName.MIN)
    assert float(overall.std) == pytest.approx(0.02 * (1 - 1 / np.pi) ** 0.5, rel=1e-5)
    assert float(overall.mean) == pytest.approx(500 - 0.02 / np.pi**0.5, abs=1e-4)


def test_the_minimum_of_two_distant_normals_is_the_lower_one_and_learns_as_it():
    mean = torch.tensor([[-400.0, 300.0], [300.0, -400.0]], requires_grad=True)
    scores = Gaussian(mean, torch.full((2, 2), 0.02))
    overall = aggregate(scores, weights=[1, 1], name=AggregationName.MIN)
    assert overall.mean.tolist() == [-400, -400]
    assert overall.std.tolist() == pytest.approx([0.02, 0.02], rel=1e-5)
    overall.mean.sum().backward()
    assert mean.grad.tolist() == [[1, 0], [0, 1]]
