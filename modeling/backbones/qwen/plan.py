"""A batch of prompts as a tree: what several prompts begin with is in it once."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of prompt that continues its parent; a path from a root to a leaf is one prompt."""

    token_ids: Tensor  # (tokens,) int64 on the CPU; -1 - d is the reward token of d
    parent: int | None  # index of the segment before it; None for a root
    images: tuple[int, ...] = ()  # indices into the plan's images, in order of appearance
    reads: int = 0  # how many last tokens' states are the result

    def __len__(self) -> int:
        """Number of tokens."""
        return len(self.token_ids)


@dataclass(frozen=True, slots=True)
class Plan:
    """Segments, parents before children, and the images that they show."""

    segments: tuple[Segment, ...]
    patches: Tensor  # byte patches of all images, one after the other
    grids: Tensor  # (images, 3) int64: frames, patch rows, patch columns

    @property
    def tokens(self) -> int:
        """Number of tokens when each segment is computed once."""
        return sum(len(segment) for segment in self.segments)

    def children(self, index: int | None) -> list[int]:
        """Segments that continue one segment; None gives the roots."""
        return [child for child, segment in enumerate(self.segments) if segment.parent == index]

    def cells(self, index: int, merge_size: int) -> list[tuple[int, int]]:
        """Rows and columns of tokens of each image that a segment shows."""
        return [
            (int(self.grids[image, 1]) // merge_size, int(self.grids[image, 2]) // merge_size)
            for image in self.segments[index].images
        ]


def block_mask(plan: Plan) -> Tensor:
    """Boolean (1, 1, N, N): a token sees its own past and that of its segment's ancestors."""
    count = len(plan.segments)
    sees = torch.eye(count, dtype=torch.bool)
    for index, segment in enumerate(plan.segments):
        if segment.parent is not None:
            sees[index] |= sees[segment.parent]
    owner = torch.repeat_interleave(
        torch.arange(count), torch.tensor([len(segment) for segment in plan.segments])
    )
    mask = sees[owner][:, owner].tril()
    return mask[None, None]
