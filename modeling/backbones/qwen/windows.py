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

BATCHED = "sdpa"  # the implementation that is replaced; others keep transformers' own loop


class WindowAttention(nn.Module):
    """The same sums as the module it replaces, whose parameters and names it keeps."""

    qkv: nn.Module
    proj: nn.Module
    num_heads: int

    @classmethod
    def replacing(cls, attention: nn.Module) -> WindowAttention:
        """A module that owns the parameters of ``attention``."""
        made = cls.__new__(cls)
        made.__dict__.update(attention.__dict__)
        return made

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
        query, key, value = joint.unbind(dim=1)
        query, key = apply_rotary_pos_emb_vision(query, key, *position_embeddings)
        mixed = attend_within(torch.stack([query, key, value]), cu_seqlens.tolist())
        result: Tensor = self.proj(mixed.reshape(patches, -1))
        return result


def attend_within(joint: Tensor, bounds: list[int]) -> Tensor:
    """Attention (patches, heads, width) inside windows ``bounds[i]:bounds[i + 1]``.

    ``joint`` (3, patches, heads, width) holds queries, keys and values.
    """
    sizes = [end - begin for begin, end in pairwise(bounds)]
    if len(set(sizes)) == 1:
        return _attend(joint.view(3, len(sizes), sizes[0], *joint.shape[2:])).flatten(0, 1)
    mixed = torch.empty_like(joint[0])
    for size in sorted(set(sizes) - {0}):
        starts = [begin for begin, each in zip(bounds[:-1], sizes, strict=True) if each == size]
        places = torch.tensor(starts)[:, None] + torch.arange(size)
        places = places.to(joint.device)
        mixed[places] = _attend(joint[:, places])
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


def _attend(joint: Tensor) -> Tensor:
    """(3, windows, patches, heads, width) to (windows, patches, heads, width)."""
    query, key, value = joint.transpose(2, 3)
    return functional.scaled_dot_product_attention(query, key, value).transpose(1, 2)
