"""Scoring many items batch by batch; every kind of model does it alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from modeling.backbones import ItemInputs
from modeling.data import Reading, as_shown
from modeling.scorer.items import ScoreItem
from modeling.scorer.results import ItemScores


def run_batches(
    items: Iterable[ScoreItem],
    size: int,
    score: Callable[[list[ItemInputs]], list[ItemScores]],
    progress: Callable[[int, int, str], None] | None,
    *,
    reading: Reading = as_shown,
) -> Iterator[list[ItemScores]]:
    """Open and score ``size`` items at a time; a batch is there before the next is opened.

    ``reading`` turns each opened picture into RGB.
    """
    if size < 1:
        raise ValueError("batch_size must be at least 1")
    listed = list(items)
    for begin in range(0, len(listed), size):
        batch = score([item.open(reading) for item in listed[begin : begin + size]])
        if progress is not None:
            progress(begin + len(batch), len(listed), "scoring")
        yield batch
