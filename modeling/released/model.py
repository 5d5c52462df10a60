"""A published checkpoint, loaded once and asked often, with named results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from modeling.backbones import ItemInputs
from modeling.config import OVERALL
from modeling.model import GroupPrediction
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

    @property
    def keys(self) -> tuple[str, ...]:
        """The dimensions, in the order of every array."""
        return self.network.keys

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
            found += [_name(each, self.keys) for each in self.predict(items=opened)]
            if progress is not None:
                progress(len(found), len(listed), "scoring")
        return found

    def predict(self, *, items: Sequence[ItemInputs]) -> list[GroupPrediction]:
        """One batch as arrays in the order of :attr:`keys`.

        What a published head does not tell is NaN: levels, disagreement, epistemic deviations.
        """
        scores = head_gaussian(self.network.score(items).cpu())
        overall = pool(scores, self.network.layout)
        found, start = [], 0
        for item in items:
            rows = slice(start, start + len(item.candidates))
            mean, std = _array(scores.mean[rows]), _array(scores.std[rows])
            unknown = np.full_like(mean, np.nan)
            found.append(
                GroupPrediction(
                    item_id=item.item_id,
                    candidate_ids=tuple(name for name, _ in item.candidates),
                    mean=mean,
                    std=std,
                    overall_mean=_array(overall.mean[rows]),
                    overall_std=_array(overall.std[rows]),
                    factor=unknown,
                    epistemic_std=unknown,
                    level=unknown,
                    disagreement=unknown,
                )
            )
            start = rows.stop
        return found


def _array(values: Tensor) -> NDArray[np.float64]:
    plain: NDArray[np.float64] = values.double().numpy()
    return plain


def _name(prediction: GroupPrediction, keys: tuple[str, ...]) -> ItemScores:
    columns = {OVERALL: (prediction.overall_mean, prediction.overall_std)}
    for index, key in enumerate(keys):
        columns[key] = (prediction.mean[:, index], prediction.std[:, index])
    return ItemScores(
        item_id=prediction.item_id,
        candidates=tuple(
            CandidateScore(
                candidate_id=name,
                values={
                    f"{key}_{part}": float(values[row])
                    for key, pair in columns.items()
                    for part, values in zip(("mean", "std"), pair, strict=True)
                },
            )
            for row, name in enumerate(prediction.candidate_ids)
        ),
    )
