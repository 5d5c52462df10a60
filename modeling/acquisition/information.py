"""How much the outcome of a comparison would inform the model about its own parameters."""

import numpy as np
import torch
from numpy.typing import NDArray

from modeling.likelihood import log_win_probability

Array = NDArray[np.float64]
_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_PROBABILITIES = _NODE_WEIGHTS / _NODE_WEIGHTS.sum()
# The entropy of sigmoid(z) is nearly exp(-z² / 2τ²); noise that is integrated out widens it.
_ENTROPY_WIDTH = 3.0  # τ² in squared logits; 2e-6 nats is then the largest error of 15 nodes


def binary_entropy(probability: Array) -> Array:
    """Entropy in nats; 0 at 0 and 1."""
    inner = np.clip(probability, 1e-12, 1 - 1e-12)
    entropy: Array = -(inner * np.log(inner) + (1 - inner) * np.log1p(-inner))
    return entropy


def pair_information(gap: Array, aleatoric: Array, epistemic: Array) -> Array:
    """Mutual information H(E[p]) - E[H(p)] of P comparisons, in nats.

    Args:
        gap: (P,) predicted differences.
        aleatoric: (P,) variance that no model could remove; integrated out of p.
        epistemic: (P,) variance of the gap itself.

    Source: Houlsby et al. 2011, "Bayesian active learning for classification".
    """
    marginal = binary_entropy(_win_probability(gap, aleatoric + epistemic))
    information: Array = marginal - _expected_entropy(gap, aleatoric, epistemic)
    return np.maximum(information, 0.0)


def _expected_entropy(gap: Array, aleatoric: Array, epistemic: Array) -> Array:
    """E[H(p(z))] for z ~ N(gap, epistemic), (P,).

    The nodes are placed where density and entropy overlap, so that a wide density still covers the
    narrow bump of the entropy: z is drawn from the product of the density with a Gaussian of the
    bump's width, and the excess weight of the product is divided out.
    """
    width = _ENTROPY_WIDTH * (1 + np.pi * aleatoric / 8)
    both = epistemic + width
    spread = np.sqrt(epistemic * width / both)
    draws = (gap * width / both)[:, None] + spread[:, None] * _NODES
    excess = np.square(draws) / (2 * width)[:, None] - (np.square(gap) / (2 * both))[:, None]
    share = np.sqrt(width / both)[:, None] * np.exp(excess)
    noise = np.broadcast_to(aleatoric[:, None], draws.shape)
    expected: Array = (binary_entropy(_win_probability(draws, noise)) * share) @ _PROBABILITIES
    return expected


def _win_probability(gap: Array, variance: Array) -> Array:
    found: Array = (
        log_win_probability(torch.from_numpy(gap), torch.from_numpy(variance.copy())).exp().numpy()
    )
    return found
