"""A published checkpoint, loaded once and asked often, with named results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

import torch

from modeling.backbones import ItemInputs
from modeling.config import DimensionText, RubricText
from modeling.data import Reading
from modeling.model import GroupPrediction, require_finite, split_predictions
from modeling.released.layout import ReleasedLayout, head_gaussian, pool
from modeling.released.loading import load_released
from modeling.released.network import ReleasedNetwork
from modeling.released.pictures import picture_reading
from modeling.released.wording import LEVELS, default_prompts
from modeling.scorer import ItemScores, ScoreItem, name_scores
from modeling.scorer.batches import run_batches
from modeling.scorer.device import find_device

TOLD = ("mean", "std")  # what a published head tells


class ReleasedRewardModel:
    """Scores candidate edits with a published EditReward checkpoint.

    ``values`` of a candidate are ``if_mean``, ``if_std``, ``vq_mean``, ``vq_std``,
    ``overall_mean`` and ``overall_std``: logits of the preference scale, σ already exponentiated.
    """

    def __init__(self, network: ReleasedNetwork) -> None:
        self.network = network

    @classmethod
    def from_pretrained(
        cls,
        path: Path | str,
        *,
        base: str | None = None,
        layout: ReleasedLayout | None = None,
        device: str = "cpu",
    ) -> Self:
        """Load a checkpoint folder; see :func:`modeling.released.loading.load_released`.

        ``ValueError`` if there is no such device.
        """
        place = find_device(device)
        chosen = ReleasedLayout() if layout is None else layout
        network = load_released(Path(path), base=base, layout=chosen)
        network.to(place)
        return cls(network)

    @property
    def keys(self) -> tuple[str, ...]:
        """The dimensions, in the order of every array."""
        return self.network.keys

    @property
    def reading(self) -> Reading:
        """How pictures become RGB; :meth:`predict` wants items that were opened with it."""
        return picture_reading(self.network.layout.pictures, self.network.core.family.name)

    @property
    def read_as(self) -> dict[str, str]:
        """What scores depend on besides weights and inputs, to be stored with them."""
        layout, core = self.network.layout, self.network.core
        ours = layout.prompts == default_prompts()
        return {
            "template": self.network.writer.template.origin,
            "prompts": "our wording" if ours else "given",
            "pictures": layout.pictures.value,
            "pixels": " then ".join(
                f"{stage.min_pixels} to {stage.max_pixels}" for stage in self.network.fitting.stages
            ),
            "positions": core.layout.value,
            "dtype": layout.dtype.value,
        }

    @property
    def rubric(self) -> RubricText:
        """The published scales: four levels, and each dimension counts alike in the overall."""
        return RubricText(tuple(DimensionText(key, key, LEVELS) for key in self.keys))

    def score(
        self,
        *,
        items: Iterable[ScoreItem],
        batch_size: int = 4,
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
        batch_size: int = 4,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> Iterator[list[ItemScores]]:
        """As :meth:`score`, each batch as soon as it is scored."""
        return run_batches(items, batch_size, self._score_batch, progress, reading=self.reading)

    def _score_batch(self, items: list[ItemInputs]) -> list[ItemScores]:
        return [name_scores(each, self.keys, parts=TOLD) for each in self.predict(items=items)]

    def predict(self, *, items: Sequence[ItemInputs]) -> list[GroupPrediction]:
        """One batch as arrays in the order of :attr:`keys`.

        The items are opened with :attr:`reading`: ``ScoreItem.open(model.reading)``.
        What a published head does not predict is NaN: levels, disagreement, epistemic deviations.
        """
        scores = head_gaussian(self.network.score(items).cpu())
        overall = pool(scores, self.network.layout, shared=self.network.shares_head)
        unknown = torch.full_like(scores.mean, torch.nan)
        told = {
            "mean": scores.mean,
            "std": scores.std,
            "overall_mean": overall.mean,
            "overall_std": overall.std,
        }
        require_finite(told)
        columns = {
            **told,
            "factor": unknown,
            "epistemic_std": unknown,
            "level": unknown,
            "disagreement": unknown,
        }
        names = ((item.item_id, tuple(name for name, _ in item.candidates)) for item in items)
        return split_predictions(names, columns)
