"""Attention of heads that share their keys, without a copy of those keys per head."""

from __future__ import annotations

from copy import copy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward

FULL, GROUPED = "sdpa", "sdpa_of_groups"


def share_keys(layers: nn.Module) -> None:
    """Let the decoder layers that use PyTorch's SDPA attend by ``attend_groups``."""
    for layer in layers.children():
        attend_by(GROUPED, layer.get_submodule("self_attn"))


def attend_by(name: str, attention: nn.Module) -> bool:
    """Give a module that uses PyTorch's SDPA a registered attention instead; whether it did."""
    if attention.config._attn_implementation != FULL:  # type: ignore[union-attr]  # noqa: SLF001  # it has no public name
        return False
    attention.config = copy(attention.config)
    attention.config._attn_implementation = name  # type: ignore[union-attr]  # noqa: SLF001  # as above
    return True


def attend_groups(  # transformers' signature of an attention
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    **options: Any,  # noqa: ANN401  # as above
) -> tuple[Tensor, Tensor | None]:
    """Scores without gradients under a mask on a CPU; anything else is left to transformers.

    A GPU's fast kernels take no groups under a mask, and a single query per row is quicker there.
    """
    alone = query.shape[2] == 1
    if alone or attention_mask is None or query.device.type != "cpu" or torch.is_grad_enabled():
        return sdpa_attention_forward(module, query, key, value, attention_mask, **options)
    mixed = functional.scaled_dot_product_attention(
        query,
        key,
        value,
        attn_mask=attention_mask,
        dropout_p=options["dropout"],
        scale=options["scaling"],
        enable_gqa=True,
    )
    return mixed.transpose(1, 2), None


AttentionInterface.register(GROUPED, attend_groups)
