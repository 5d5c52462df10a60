"""The vision towers' attention with all windows of one size in one call; ``core`` swaps it in.

transformers calls its attention once per window: sixteen times per layer for an image of 448²,
each too small to fill an accelerator or to be shared among threads.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import (
    Qwen2_5_VLVisionAttention,
    apply_rotary_pos_emb_vision,
)
from transformers.models.qwen3_vl.modeling_qwen3_vl import Qwen3VLVisionAttention
from typing_extensions import override

from modeling.backbones.qwen.replacing import Replacement

BATCHED = "sdpa"  # the implementation that is replaced; others keep transformers' own loop


class WindowAttention(Replacement, nn.Module):
    """The same sums as the module it replaces, whose parameters and names it keeps."""

    qkv: nn.Module
    proj: nn.Module
    num_heads: int

    @override
    def forward(
        self,
        hidden_states: Tensor,
        cu_seqlens: Tensor,
        position_embeddings: tuple[Tensor, Tensor],
        **_: Any,
    ) -> Tensor:
        """(patches, width) to the same; ``cu_seqlens`` (windows + 1,) says where windows begin."""
        patches = len(hidden_states)
        joint = self.qkv(hidden_states).view(patches, 3, self.num_heads, -1)
        query, key = turn(joint[:, :2], *position_embeddings).unbind(dim=1)
        mixed = attend_within(query, key, joint[:, 2], cu_seqlens.tolist())
        result: Tensor = self.proj(mixed.reshape(patches, -1))
        return result


def turn(both: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Queries and keys (patches, 2, heads, width) rotated by position, in fp32 and back.

    ``cos`` and ``sin`` are (patches, width). Without gradients it takes a third of transformers'
    passes over memory: both at once, and the two halves of a width in place.
    """
    if torch.is_grad_enabled():
        query, key = both.unbind(dim=1)
        return torch.stack(apply_rotary_pos_emb_vision(query, key, cos, sin), dim=1)
    wide = both.float()
    cos, sin = cos.float()[:, None, None], sin.float()[:, None, None]
    half = wide.shape[-1] // 2
    turned = wide * cos
    turned[..., :half].addcmul_(wide[..., half:], sin[..., :half], value=-1)
    turned[..., half:].addcmul_(wide[..., :half], sin[..., half:])
    return turned.to(both.dtype)


def attend_within(query: Tensor, key: Tensor, value: Tensor, bounds: list[int]) -> Tensor:
    """Attention inside windows ``bounds[i]:bounds[i + 1]``; all are (patches, heads, width)."""
    joint = (query, key, value)
    sizes = [end - begin for begin, end in pairwise(bounds)]
    if len(set(sizes)) == 1:
        windows = (len(sizes), sizes[0], *query.shape[1:])
        return _attend(*(each.view(windows) for each in joint)).flatten(0, 1)
    mixed = torch.empty_like(query)
    for size in sorted(set(sizes) - {0}):
        starts = [begin for begin, each in zip(bounds[:-1], sizes, strict=True) if each == size]
        places = torch.tensor(starts)[:, None] + torch.arange(size)
        places = places.to(query.device)
        mixed[places] = _attend(*(each[places] for each in joint))
    return mixed


def batch_windows(tower: nn.Module, implementation: str | None) -> None:
    """Swap every attention of a vision tower, unless another implementation was chosen."""
    if implementation != BATCHED:
        return
    for block in tower.get_submodule("blocks").children():
        attention = block.get_submodule("attn")
        if not isinstance(attention, Qwen2_5_VLVisionAttention | Qwen3VLVisionAttention):
            raise TypeError(f"no window attention is known for {type(attention).__name__}")
        block.attn = WindowAttention.replacing(attention)


def _attend(*joint: Tensor) -> Tensor:
    """Queries, keys and values (windows, patches, heads, width) to the same."""
    query, key, value = (each.transpose(1, 2) for each in joint)
    return functional.scaled_dot_product_attention(query, key, value).transpose(1, 2)
