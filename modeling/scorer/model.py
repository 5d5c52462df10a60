"""A trained reward model, loaded once and asked often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

from modeling.backbones import ItemInputs
from modeling.checkpoint import LoadedModel, load_checkpoint
from modeling.config import RubricText
from modeling.data import Reading, as_shown
from modeling.model import GroupPrediction, predict
from modeling.scorer.batches import run_batches
from modeling.scorer.device import find_device
from modeling.scorer.items import ScoreItem
from modeling.scorer.results import ItemScores, name_scores


class RewardModel:
    """Scores candidate edits on every dimension of the rubric that it was trained on."""

    def __init__(self, loaded: LoadedModel) -> None:
        self.loaded = loaded
        loaded.network.backbone.remember_prefixes()

    @classmethod
    def from_pretrained(cls, path: Path | str, *, device: str = "cpu") -> Self:
        """Load a checkpoint folder; ``CheckpointError`` if it is none.

        ``ValueError`` if there is no such device.
        """
        place = find_device(device)
        loaded = load_checkpoint(Path(path))
        loaded.network.to(place)
        return cls(loaded)

    @property
    def reading(self) -> Reading:
        """How pictures become RGB: as annotators see them."""
        return as_shown

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
            progress: called with (items done, items in all, phase).
        """
        batches = self.score_batches(items=items, batch_size=batch_size, progress=progress)
        return [item for batch in batches for item in batch]

    def score_batches(
        self,
        *,
        items: Iterable[ScoreItem],
        batch_size: int = 8,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> Iterator[list[ItemScores]]:
        """As :meth:`score`, each batch as soon as it is scored."""
        return run_batches(items, batch_size, self._score_batch, progress)

    def _score_batch(self, items: list[ItemInputs]) -> list[ItemScores]:
        return [name_scores(each, self.keys) for each in self.predict(items=items)]

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
