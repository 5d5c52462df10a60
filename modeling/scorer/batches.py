"""Scoring many items batch by batch; every kind of model does it alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from itertools import islice

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

    ``reading`` turns each opened picture into RGB. Items that know their number need not be in
    memory all at once.
    """
    if size < 1:
        raise ValueError("batch_size must be at least 1")
    counted = items if isinstance(items, Sized) else list(items)
    stream, total, done = iter(counted), len(counted), 0
    while chunk := list(islice(stream, size)):
        batch = score([item.open(reading) for item in chunk])
        done += len(batch)
        if progress is not None:
            progress(done, total, "scoring")
        yield batch
