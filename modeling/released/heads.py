"""The published heads: their shape, and their tensors among those of a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

HEADS_PREFIX, SHARED_HEAD_PREFIX = "rm_heads.", "rm_head."
EMBEDDING_SUFFIX = "embed_tokens.weight"
FIRST_HIDDEN, SECOND_HIDDEN, OUTPUTS, DROPOUT = 1024, 16, 2, 0.05


def of_a_head(key: str) -> bool:
    """Whether a tensor belongs to a head."""
    return key.startswith((HEADS_PREFIX, SHARED_HEAD_PREFIX))


def rating_head(hidden_size: int) -> nn.Sequential:
    """The published head: three layers to (μ, log σ), fp32."""
    return nn.Sequential(
        nn.Linear(hidden_size, FIRST_HIDDEN),
        nn.ReLU(),
        nn.Dropout(DROPOUT),
        nn.Linear(FIRST_HIDDEN, SECOND_HIDDEN),
        nn.ReLU(),
        nn.Linear(SECOND_HIDDEN, OUTPUTS),
    )


def read_heads(state: Mapping[str, Tensor], hidden_size: int, count: int) -> list[nn.Module]:
    """One head per prompt: ``rm_heads.head_0``, ``head_1`` …, or the shared ``rm_head`` for all."""
    shared = any(key.startswith(SHARED_HEAD_PREFIX) for key in state)
    own = tuple(f"{HEADS_PREFIX}head_{index}." for index in range(count))
    prefixes = (SHARED_HEAD_PREFIX,) if shared else own
    strange = [key for key in state if of_a_head(key) and not key.startswith(prefixes)]
    if strange:
        raise ValueError(
            f"the weights hold {strange[0]!r} beside {', '.join(each[:-1] for each in prefixes)}, "
            f"which answer all {count} prompts"
        )
    heads = [_read_head(state, prefix, hidden_size) for prefix in prefixes]
    return heads * count if shared else heads


def _read_head(state: Mapping[str, Tensor], prefix: str, hidden_size: int) -> nn.Module:
    own = {
        key.removeprefix(prefix): value.float()
        for key, value in state.items()
        if key.startswith(prefix)
    }
    if not own:
        raise ValueError(f"the weights have no head {prefix.rstrip('.')!r}")
    head = rating_head(hidden_size)
    try:
        head.load_state_dict(own)
    except RuntimeError as error:
        raise ValueError(f"head {prefix.rstrip('.')!r} has another layout: {error}") from error
    return head
