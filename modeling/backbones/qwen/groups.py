"""Prepared groups to plans: equal rubrics become one root, each item one branch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from modeling.backbones.base import PreparedGroup
from modeling.backbones.qwen.plan import Plan, Segment

# Tensors of a prepared group.
RUBRIC = "rubric_ids"  # (tokens,)
ITEM = "item_ids"  # (tokens,)
CANDIDATES = "candidate_ids"  # all candidates' tokens, one after the other
LENGTHS = "candidate_lengths"  # (candidates,)
PATCHES = "patches"  # byte patches: the source image's, then each candidate's
GRIDS = "grids"  # (1 + candidates, 3)
DIMENSIONS = "dimensions"  # scalar: reward tokens per candidate


def build_plan(groups: Sequence[PreparedGroup]) -> Plan:
    """The tree of several items; leaves are in the order of groups and candidates."""
    roots: dict[tuple[int, ...], int] = {}
    segments: list[Segment] = []
    for group in groups:
        key = tuple(group.tensors[RUBRIC].tolist())
        if key not in roots:
            roots[key] = len(segments)
            segments.append(Segment(group.tensors[RUBRIC].cpu(), parent=None))
    image = 0
    for group in groups:
        root = roots[tuple(group.tensors[RUBRIC].tolist())]
        segments.extend(_branch(group, root, len(segments), image))
        image += 1 + group.size
    patches = torch.cat([group.tensors[PATCHES] for group in groups])
    return Plan(tuple(segments), patches, torch.cat([_cpu(group, GRIDS) for group in groups]))


def common_dimensions(groups: Sequence[PreparedGroup]) -> int:
    """Reward tokens per candidate; ``ValueError`` where groups of one batch differ."""
    counts = {int(group.tensors[DIMENSIONS]) for group in groups}
    if len(counts) != 1:
        raise ValueError(f"one batch has rubrics of {sorted(counts)} dimensions")
    return counts.pop()


def packs(groups: Sequence[PreparedGroup], max_tokens: int) -> Iterator[list[PreparedGroup]]:
    """Split groups, in order, so that a packed sequence stays below ``max_tokens``.

    An item that is longer by itself makes a separate sequence.
    """
    pack: list[PreparedGroup] = []
    used = 0
    for group in groups:
        length = len(group.tensors[ITEM]) + len(group.tensors[CANDIDATES])
        if pack and used + length > max_tokens:
            yield pack
            pack, used = [], 0
        pack.append(group)
        used += length + (len(group.tensors[RUBRIC]) if len(pack) == 1 else 0)
    if pack:
        yield pack


def _branch(group: PreparedGroup, root: int, index: int, image: int) -> Iterator[Segment]:
    """The item's segment, which will be at ``index``, and its candidates'."""
    yield Segment(_cpu(group, ITEM), parent=root, images=(image,))
    dimensions = int(group.tensors[DIMENSIONS])
    pieces = torch.split(_cpu(group, CANDIDATES), _cpu(group, LENGTHS).tolist())
    for offset, piece in enumerate(pieces, start=1):
        yield Segment(piece, parent=index, images=(image + offset,), reads=dimensions)


def _cpu(group: PreparedGroup, name: str) -> Tensor:
    return group.tensors[name].cpu()
