"""The last decoder layer, computed only for the tokens that are read; ``core`` attaches it.

No later layer looks at the others, so the read tokens' states do not change. Their keys and
values are computed for all: later pieces of the prompt look at those.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AttentionInterface

from modeling.backbones.qwen.grouped import attend_by, attend_groups

READS_ONLY = "sdpa_of_reads"


class LastLayer:
    """Restricts a decoder layer's queries, attention, output projection and MLP.

    Hooks keep the layer's own call in place, which sharded training relies on.
    """

    def __init__(self, layer: nn.Module) -> None:
        self._chosen: Tensor | None = None
        self.places: Tensor | None = None  # (rows, reads): positions of the chosen tokens
        attention = layer.get_submodule("self_attn")
        parts = ["mlp"]
        if attend_by(READS_ONLY, attention):
            attention.last_layer = self  # type: ignore[assignment]  # a plain attribute
            parts += ["self_attn.q_proj", "self_attn.o_proj"]
        for name in parts:
            layer.get_submodule(name).register_forward_pre_hook(self._gather)
            layer.get_submodule(name).register_forward_hook(self._scatter)

    @contextmanager
    def only(self, chosen: Tensor | None) -> Iterator[None]:
        """Restrict the layer to the tokens that ``chosen`` (rows, tokens) marks; None: to all."""
        self._chosen, self.places = chosen, _places(chosen)
        try:
            yield
        finally:
            self._chosen = self.places = None

    def _gather(self, _: nn.Module, arguments: tuple[Any, ...]) -> tuple[Any, ...] | None:
        if self._chosen is None:
            return None
        (states,) = arguments
        return (states[self._chosen],)

    def _scatter(self, _: nn.Module, __: tuple[Any, ...], output: Tensor) -> Tensor | None:
        if self._chosen is None:
            return None
        spread = output.new_zeros(*self._chosen.shape, output.shape[-1])
        spread[self._chosen] = output
        return spread


def attend_reads(  # transformers' signature of an attention
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    **options: Any,  # noqa: ANN401  # as above
) -> tuple[Tensor, Tensor | None]:
    """Attention (rows, tokens, heads, width) of the read tokens; zeros for the others."""
    last: LastLayer = module.last_layer  # type: ignore[assignment]  # set by the class above
    places = last.places
    if places is None or (places.numel() and attention_mask is None):
        return attend_groups(module, query, key, value, attention_mask, **options)
    rows, heads, tokens, width = query.shape
    if not places.numel() or attention_mask is None:
        return value.new_zeros(rows, tokens, heads, width), None
    row = torch.arange(rows, device=places.device)[:, None]
    asked = query.transpose(1, 2)[row, places].transpose(1, 2)
    mask = attention_mask.expand(rows, -1, -1, -1)[row, 0, places][:, None]
    found, _ = attend_groups(module, asked, key, value, mask, **options)
    spread = found.new_zeros(rows, tokens, heads, width)  # autocast chose its precision
    spread[row, places] = found
    return spread, None


def _places(chosen: Tensor | None) -> Tensor | None:
    """None unless every row has the same number of reads, as all pieces of one kind have."""
    if chosen is None:
        return None
    counts = chosen.sum(dim=1)
    if not bool((counts == counts[0]).all()):
        return None
    return chosen.nonzero()[:, 1].view(len(chosen), -1)


AttentionInterface.register(READS_ONLY, attend_reads)
