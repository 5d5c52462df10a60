"""Inference: down the tree, some segments at a time over the cached keys of their parents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence
from transformers import DynamicCache

from modeling.backbones.qwen.core import Features, QwenCore, side_by_side
from modeling.backbones.qwen.plan import Plan, Segment
from modeling.backbones.qwen.prefixes import PrefixMemory, Rows


def cached_states(
    core: QwenCore, plan: Plan, *, max_rows: int = 0, memory: PrefixMemory | None = None
) -> Tensor:
    """States (reads, hidden) of the tokens that the plan reads, in segment order, fp32.

    At most ``max_rows`` segments are computed side by side; 0 lets the device decide. A part
    that several prompts begin with is computed once, and forgotten after the last of them;
    ``memory`` keeps beginnings of pure text for later calls.
    """
    rows = max_rows or side_by_side(core.device)
    known = PrefixMemory(capacity=0) if memory is None else memory
    walk = _Walk(core, plan, core.features(plan), rows, {})
    roots = plan.children(None)
    texts = [index for index in roots if _is_text(plan.segments[index])]
    for index in texts:
        root = known.get(plan.segments[index], partial(_compute_root, walk, index))
        _visit(walk, plan.children(index), root, {index: 0})
    _visit(walk, [index for index in roots if index not in texts], None, {})
    return torch.cat([walk.found[index] for index in sorted(walk.found)]).float()


def _is_text(segment: Segment) -> bool:
    """Whether a segment shows no image and is not read itself."""
    return not segment.images and not segment.reads


@dataclass(frozen=True, slots=True)
class _Walk:
    """What every step through the tree needs, and where it puts what it finds."""

    core: QwenCore
    plan: Plan
    features: Features
    max_rows: int
    found: dict[int, Tensor]  # read states (reads, hidden) by segment


def _compute_root(walk: _Walk, index: int) -> Rows:
    _, rows = _extend(walk, [index], None)
    return rows


def _visit(walk: _Walk, indices: list[int], past: Rows | None, place: dict[int, int]) -> None:
    """Compute segments, some at a time, and descend; ``place`` is each parent's row of ``past``."""
    segments = walk.plan.segments
    for begin in range(0, len(indices), walk.max_rows):
        chunk = indices[begin : begin + walk.max_rows]
        parents = [segments[index].parent for index in chunk]
        rows_of = [place[parent] for parent in parents if parent is not None]
        states, rows = _extend(walk, chunk, None if past is None else past.select(rows_of))
        for row, index in enumerate(chunk):
            end = len(segments[index])
            if segments[index].reads:
                walk.found[index] = states[row, end - segments[index].reads : end]
        children = [child for index in chunk for child in walk.plan.children(index)]
        if children:
            _visit(walk, children, rows, {index: row for row, index in enumerate(chunk)})


def _extend(walk: _Walk, level: Sequence[int], past: Rows | None) -> tuple[Tensor, Rows]:
    """Compute segments after their parents' rows: states (rows, tokens, hidden) and new rows."""
    core, plan = walk.core, walk.plan
    segments = [plan.segments[index] for index in level]
    tokens = pad_sequence([segment.token_ids for segment in segments], batch_first=True)
    lengths = torch.tensor([len(segment) for segment in segments], device=core.device)
    places = torch.arange(tokens.shape[1], device=core.device)
    fresh = places < lengths[:, None]
    starts = past.ends if past is not None else (0,) * len(level)
    located = [core.positions(plan, *pair) for pair in zip(level, starts, strict=True)]
    positions = pad_sequence([piece.T for piece, _ in located], batch_first=True)
    images = [image for segment in segments for image in segment.images]
    cache = past.cache if past is not None else DynamicCache()
    embedded = core.embed(tokens, images, walk.features)
    mask = None
    if past is not None:
        mask = _mask(past.valid, tokens.shape[1]).to(embedded.embeddings.dtype)
    read = torch.tensor([segment.reads for segment in segments], device=core.device)
    states = core.decode(
        embedded,
        positions.permute(2, 0, 1),
        mask,
        cache=cache,
        reads=fresh & (places >= (lengths - read)[:, None]),
    )
    valid = fresh if past is None else torch.cat([past.valid, fresh], dim=1)
    return states, Rows(cache, valid, tuple(end for _, end in located))


def _mask(valid: Tensor, length: int) -> Tensor:
    """(rows or 1, 1, length, keys + length), 0 for all valid keys and the own past, else -inf.

    Padding at a row's end needs no mask: no token that is read comes after it. Additive, because
    every layer would convert a boolean mask into this one again.
    """
    seen = valid[:1] if bool(valid.all()) else valid
    past = seen[:, None, None, :].expand(-1, 1, length, -1)
    own = torch.ones(length, length, dtype=torch.bool, device=valid.device).tril()
    visible = torch.cat([past, own.expand(len(seen), 1, -1, -1)], dim=-1)
    return torch.zeros(visible.shape, device=valid.device).masked_fill(~visible, -torch.inf)
