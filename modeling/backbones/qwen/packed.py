"""Training: the whole tree as one packed sequence under a block mask, with gradients."""

from __future__ import annotations

import torch
from torch import Tensor

from modeling.backbones.qwen.core import EAGER, QwenCore
from modeling.backbones.qwen.plan import Plan, block_mask


def packed_states(core: QwenCore, plan: Plan) -> Tensor:
    """States (reads, hidden) of the tokens that the plan reads, in segment order, fp32."""
    row = torch.cat([segment.token_ids for segment in plan.segments])[None]
    images = [image for segment in plan.segments for image in segment.images]
    embedded = core.embed(row, images, core.features(plan))
    mask = block_mask(plan).to(core.device)
    if core.attention == EAGER:  # which adds its mask; a boolean one would have no effect
        mask = torch.zeros(mask.shape, device=core.device).masked_fill(~mask, -torch.inf)
    states = core.decode(embedded, packed_positions(core, plan), mask)
    return states[0, read_indices(plan).to(core.device)].float()


def packed_positions(core: QwenCore, plan: Plan) -> Tensor:
    """Rotary positions (3, 1, N): every segment counts on from the end of its parent."""
    ends: list[int] = []
    pieces: list[Tensor] = []
    for index, segment in enumerate(plan.segments):
        start = 0 if segment.parent is None else ends[segment.parent]
        piece, end = core.positions(plan, index, start)
        pieces.append(piece)
        ends.append(end)
    return torch.cat(pieces, dim=1)[:, None]


def read_indices(plan: Plan) -> Tensor:
    """Places of the read tokens in the packed sequence."""
    places: list[int] = []
    end = 0
    for segment in plan.segments:
        end += len(segment)
        places.extend(range(end - segment.reads, end))
    return torch.tensor(places)
