"""How much arithmetic a piece of work does, whatever the machine makes of it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.utils.flop_counter import FlopCounterMode

_KERNEL = "_scaled_dot_product_flash_attention_for_cpu"


def operations(work: Callable[[], object]) -> int:
    """Multiplications and additions of the matrix products and attentions that ``work`` runs."""
    # By its name, for only an instruction set's own operators are public.
    attention = getattr(torch.ops.aten, _KERNEL)
    counter = FlopCounterMode(display=False, custom_mapping={attention: _attention})
    with counter:
        work()
    return int(counter.get_total_flops())


def _attention(
    query: torch.Size,
    key: torch.Size,
    value: torch.Size,
    _dropout: float = 0.0,
    is_causal: bool = False,  # noqa: FBT001, FBT002  # as torch passes it
    **_: object,
) -> int:
    """Of the processor's attention, which torch does not count; half of it where it is causal."""
    batch, heads, queries, width = query
    count = 2 * batch * heads * queries * key[2] * (width + value[3])
    return count // 2 if is_causal else count
