"""How much each item counts for each ensemble member: the Bayesian bootstrap."""

import torch
from torch import Tensor

from modeling.seeding import generator


def draw_shares(*, members: int, items: int, seed: int) -> Tensor:
    """(members, items) exponential weights of mean one; all one for a single member.

    Source: Rubin 1981, "The Bayesian bootstrap".
    """
    if members == 1:
        return torch.ones(1, items)
    return torch.empty(members, items).exponential_(generator=generator(seed))
