"""E[sigmoid(z)] of a Gaussian z in closed form, by Monahan and Stefanski's normal mixture."""

import torch
from torch import Tensor

# sigmoid(x) = Σ p_i Φ(s_i x), largest error 2.1e-9 (Monahan and Stefanski 1992).
_WEIGHTS = (
    0.003246343272134,
    0.051517477033972,
    0.195077912673858,
    0.315569823632818,
    0.274149576158423,
    0.131076880695470,
    0.027912418727972,
    0.001449567805354,
)
_SCALES = (
    1.365340806296348,
    1.059523971016916,
    0.830791313765644,
    0.650732166639391,
    0.508135425366489,
    0.396313345166341,
    0.308904252267995,
    0.238212616409306,
)


def log_win_probability(gap: Tensor, variance: Tensor) -> Tensor:
    """Log E[sigmoid(z)] for z ~ N(gap, variance), elementwise.

    ``log_ndtr`` is not implemented for half precision on a CPU, hence fp32 (or fp64) throughout.
    """
    precise = torch.float64 if gap.dtype == torch.float64 else torch.float32
    gap, variance = gap.to(precise), variance.to(precise)
    scales = torch.tensor(_SCALES, dtype=precise, device=gap.device)
    weights = torch.tensor(_WEIGHTS, dtype=precise, device=gap.device).log()
    spread = torch.sqrt(1 + scales.square() * variance.unsqueeze(-1))
    terms = torch.special.log_ndtr(scales * gap.unsqueeze(-1) / spread)
    return torch.logsumexp(weights + terms, dim=-1)
