"""A published checkpoint, loaded once and asked often, with named results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Self

import torch
from torch import Tensor

from modeling.backbones import ItemInputs
from modeling.config import OVERALL
from modeling.heads import Gaussian
from modeling.released.layout import ReleasedLayout, head_gaussian, pool
from modeling.released.loading import load_released
from modeling.released.network import ReleasedNetwork
from modeling.scorer import CandidateScore, ItemScores, ScoreItem


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
        """Load a checkpoint folder; see :func:`modeling.released.loading.load_released`."""
        chosen = ReleasedLayout() if layout is None else layout
        network = load_released(Path(path), base=base, layout=chosen)
        network.to(torch.device(device))
        return cls(network)

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
            progress: told (items done, items in all, phase).
        """
        listed = list(items)
        found: list[ItemScores] = []
        for begin in range(0, len(listed), batch_size):
            opened = [item.open() for item in listed[begin : begin + batch_size]]
            found += self._name(opened, self.network.score(opened).cpu())
            if progress is not None:
                progress(len(found), len(listed), "scoring")
        return found

    def _name(self, items: Sequence[ItemInputs], outputs: Tensor) -> list[ItemScores]:
        scores = head_gaussian(outputs)
        overall = pool(scores, self.network.layout)
        columns = {OVERALL: overall}
        for index, key in enumerate(self.network.keys):
            columns[key] = Gaussian(scores.mean[:, index], scores.std[:, index])
        rows = iter(range(len(outputs)))
        return [
            ItemScores(
                item_id=item.item_id,
                candidates=tuple(
                    CandidateScore(candidate_id=name, values=_values(columns, next(rows)))
                    for name, _ in item.candidates
                ),
            )
            for item in items
        ]


def _values(columns: dict[str, Gaussian], row: int) -> dict[str, float]:
    values: dict[str, float] = {}
    for key, scores in columns.items():
        values[f"{key}_mean"] = float(scores.mean[row])
        values[f"{key}_std"] = float(scores.std[row])
    return values
