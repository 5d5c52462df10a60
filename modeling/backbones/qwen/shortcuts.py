"""Savings inside transformers' modules: patches as one product, MLPs in place, short norms."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers.models.qwen2_5_vl.modeling_qwen2_5_vl import (
    Qwen2_5_VLMLP,
    Qwen2_5_VLRMSNorm,
    Qwen2MLP,
)
from transformers.models.qwen3_vl.modeling_qwen3_vl import Qwen3VLTextMLP, Qwen3VLTextRMSNorm
from typing_extensions import override

from modeling.backbones.qwen.replacing import Replacement

GATED = (Qwen2_5_VLMLP, Qwen2MLP, Qwen3VLTextMLP)
NORMS = (Qwen2_5_VLRMSNorm, Qwen3VLTextRMSNorm)  # two names for the same sums


class PatchProjection(Replacement, nn.Conv3d):
    """The patch embedding as a matrix product; each input is exactly one kernel wide.

    The same sums as the convolution, several times faster where its kernel is not tuned for
    one output position (CPUs, and bf16 on some GPUs). Parameters keep their names and shapes.
    """

    @override
    def forward(self, input: Tensor) -> Tensor:  # torch names it so
        """(patches, channels, frames, size, size) to (patches, width, 1, 1, 1)."""
        product = functional.linear(input.flatten(1), self.weight.flatten(1), self.bias)
        return product[:, :, None, None, None]


class GatedMlp(Replacement, nn.Module):
    """down(act(gate(x)) · up(x)), in place where no gradient is asked for.

    The two temporary tensors that it saves are the widest of the model; a CPU spends a tenth of
    the MLP's time on writing them. Parameters keep their names.
    """

    gate_proj: nn.Module
    up_proj: nn.Module
    down_proj: nn.Module
    act_fn: nn.Module

    @override
    def forward(self, hidden_state: Tensor) -> Tensor:
        """(…, width) to the same."""
        gate = self.gate_proj(hidden_state)
        if torch.is_grad_enabled() or not isinstance(self.act_fn, nn.SiLU):
            mixed = self.act_fn(gate) * self.up_proj(hidden_state)
        else:
            mixed = functional.silu(gate, inplace=True).mul_(self.up_proj(hidden_state))
        result: Tensor = self.down_proj(mixed)
        return result


class ShortNorm(Replacement, Qwen2_5_VLRMSNorm):
    """x / rms(x) · weight, with the squares summed in one pass where no gradient is asked for."""

    @override
    def forward(self, hidden_states: Tensor) -> Tensor:
        """(…, width) to the same."""
        if torch.is_grad_enabled():
            plain: Tensor = super().forward(hidden_states)
            return plain
        wide = hidden_states.to(torch.float32)
        norm = torch.linalg.vector_norm(wide, dim=-1, keepdim=True)
        scale = norm.square_().div_(wide.shape[-1]).add_(self.variance_epsilon).rsqrt_()
        normal: Tensor = (wide * scale).to(hidden_states.dtype)
        return self.weight * normal


def swap_norms(blocks: nn.Module) -> None:
    """Replace the norms that are direct parts of the blocks."""
    for block in blocks.children():
        for name, part in block.named_children():
            if isinstance(part, NORMS):
                setattr(block, name, ShortNorm.replacing(part))


def swap_gated_mlps(blocks: nn.Module) -> None:
    """Replace the ``mlp`` of every block that has the three gated projections."""
    for block in blocks.children():
        mlp = block.get_submodule("mlp")
        if isinstance(mlp, GATED):
            block.mlp = GatedMlp.replacing(mlp)
