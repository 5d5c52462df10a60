"""How much the outcome of a comparison would tell the model about its own parameters."""

import numpy as np
import torch
from numpy.typing import NDArray

from modeling.likelihood import log_win_probability

Array = NDArray[np.float64]
_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_PROBABILITIES = _NODE_WEIGHTS / _NODE_WEIGHTS.sum()


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
    spread = np.sqrt(epistemic)[:, None] * _NODES
    draws = torch.from_numpy(gap[:, None] + spread)
    noise = torch.from_numpy(np.broadcast_to(aleatoric[:, None], draws.shape).copy())
    probability: Array = log_win_probability(draws, noise).exp().numpy()
    information: Array = binary_entropy(probability @ _PROBABILITIES) - (
        binary_entropy(probability) @ _PROBABILITIES
    )
    return np.maximum(information, 0.0)
