"""Rotary positions of a piece of prompt: text counts on, an image spans its rows and columns.

The rule is transformers' ``get_rope_index`` for Qwen2.5-VL and Qwen3-VL, applied piece by piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import torch
from torch import Tensor

AXES = 3  # temporal, height, width


class PositionLayout(StrEnum):
    """How image tokens are numbered."""

    MULTIMODAL = "multimodal"
    SEQUENTIAL = "sequential"  # every token counts one, images too


def segment_positions(
    is_image: Tensor, cells: Sequence[tuple[int, int]], start: int
) -> tuple[Tensor, int]:
    """Positions (3, tokens) of one piece that begins at ``start``, and where the next begins.

    ``is_image`` (tokens,) marks placeholders; ``cells`` gives each image's (rows, columns) of
    tokens in order. ``ValueError`` where placeholders and images do not agree.
    """
    flags = is_image.tolist()
    if sum(flags) != sum(rows * columns for rows, columns in cells):
        raise ValueError(f"{sum(flags)} placeholders for images of {list(cells)} cells")
    pieces: list[Tensor] = []
    cursor, position = 0, start
    for rows, columns in cells:
        begin = flags.index(True, cursor)
        pieces.append(_text(begin - cursor, position))
        position += begin - cursor
        pieces.append(_image(rows, columns, position))
        position += max(rows, columns)
        cursor = begin + rows * columns
    pieces.append(_text(len(flags) - cursor, position))
    return torch.cat(pieces, dim=1), position + len(flags) - cursor


def sequential_positions(length: int, start: int) -> tuple[Tensor, int]:
    """Positions (3, length) that ignore the images' shape, and where the next piece begins."""
    return _text(length, start), start + length


def _text(length: int, start: int) -> Tensor:
    return torch.arange(start, start + length).expand(AXES, length)


def _image(rows: int, columns: int, start: int) -> Tensor:
    row = torch.arange(rows).repeat_interleave(columns)
    column = torch.arange(columns).repeat(rows)
    return torch.stack([torch.zeros_like(row), row, column]) + start
