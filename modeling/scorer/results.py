"""Named results, so that callers need not know the order of the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.overall import OVERALL
from modeling.model import GroupPrediction

OVERALL_PARTS = ("mean", "std", "epistemic_std")
PARTS = (*OVERALL_PARTS, "level", "disagreement")


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateScore:
    """One candidate's scores.

    ``values`` contains ``<dimension>_mean``, ``<dimension>_std``, ``<dimension>_level``,
    ``<dimension>_epistemic_std`` and ``<dimension>_disagreement`` for every dimension, and
    ``overall_mean``, ``overall_std``, ``overall_epistemic_std``. Means and standard deviations are
    logits of the preference scale: a gap of 1 between two certain candidates means a 73 % win.
    ``std`` is the spread of raters' impressions, ``epistemic_std`` the model's own uncertainty,
    ``level`` the expected rating, ``disagreement`` the chance that two raters give different ones.
    """

    candidate_id: str
    values: Mapping[str, float]

    def __getitem__(self, name: str) -> float:
        """A value by its name; ``KeyError`` lists the names that exist."""
        if name not in self.values:
            raise KeyError(f"no score {name!r}; there are {', '.join(self.values)}")
        return self.values[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemScores:
    """All candidates of one item, in the order in which they were given."""

    item_id: str
    candidates: tuple[CandidateScore, ...]

    def __getitem__(self, candidate_id: str) -> CandidateScore:
        """A candidate's scores by its id."""
        for candidate in self.candidates:
            if candidate.candidate_id == candidate_id:
                return candidate
        raise KeyError(f"item {self.item_id!r} has no candidate {candidate_id!r}")


def name_scores(
    prediction: GroupPrediction, keys: tuple[str, ...], *, parts: Sequence[str] = PARTS
) -> ItemScores:
    """Arrays in rubric order become values by name; ``parts`` are those that the model predicts."""
    return ItemScores(
        item_id=prediction.item_id,
        candidates=tuple(
            CandidateScore(candidate_id=candidate, values=_values(prediction, keys, index, parts))
            for index, candidate in enumerate(prediction.candidate_ids)
        ),
    )


def _values(
    prediction: GroupPrediction, keys: tuple[str, ...], row: int, parts: Sequence[str]
) -> dict[str, float]:
    values = {
        f"{key}_{part}": float(getattr(prediction, part)[row, column])
        for column, key in enumerate(keys)
        for part in parts
    }
    for part in parts:
        if part in OVERALL_PARTS:
            name = f"{OVERALL}_{part}"
            values[name] = float(getattr(prediction, name)[row])
    return values
