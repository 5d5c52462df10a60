"""A trained reward model, loaded once and asked often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Self

import torch

from modeling.backbones import ItemInputs
from modeling.checkpoint import LoadedModel, load_checkpoint
from modeling.config import RubricText
from modeling.model import GroupPrediction, predict
from modeling.scorer.items import ScoreItem
from modeling.scorer.results import ItemScores, name_scores


class RewardModel:
    """Scores candidate edits on every dimension of the rubric that it was trained on."""

    def __init__(self, loaded: LoadedModel) -> None:
        self.loaded = loaded
        loaded.network.backbone.remember_prefixes()

    @classmethod
    def from_pretrained(cls, path: Path | str, *, device: str = "cpu") -> Self:
        """Load a checkpoint folder; ``CheckpointError`` if it is none."""
        loaded = load_checkpoint(Path(path))
        loaded.network.to(torch.device(device))
        return cls(loaded)

    @property
    def rubric(self) -> RubricText:
        """The rubric whose dimensions name the results."""
        return self.loaded.rubric

    @property
    def keys(self) -> tuple[str, ...]:
        """The dimensions, in the order of every array."""
        return self.rubric.keys

    def score(
        self,
        *,
        items: Iterable[ScoreItem],
        batch_size: int = 8,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> list[ItemScores]:
        """Named scores of every candidate.

        Args:
            items: the items, in any number.
            batch_size: items encoded together.
            progress: told (items done, items in all, phase).
        """
        listed = list(items)
        found: list[ItemScores] = []
        for batch in _batches(listed, batch_size):
            predictions = self.predict(items=[item.open() for item in batch])
            found += [name_scores(each, self.rubric.keys) for each in predictions]
            if progress is not None:
                progress(len(found), len(listed), "scoring")
        return found

    def predict(self, *, items: Sequence[ItemInputs]) -> list[GroupPrediction]:
        """One batch as arrays in rubric order, with the epistemic part that acquisition needs."""
        network = self.loaded.network
        return predict(
            network,
            [network.backbone.prepare(item, self.rubric) for item in items],
            aggregation=self.loaded.aggregation,
            calibration=self.loaded.calibration,
            laplace=self.loaded.laplace,
        )


def _batches(items: Sequence[ScoreItem], size: int) -> Iterator[list[ScoreItem]]:
    if size < 1:
        raise ValueError("batch_size must be at least 1")
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
