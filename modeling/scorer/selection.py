"""Choosing among scored candidates."""

import math

from analytics.overall import OVERALL
from modeling.scorer.results import CandidateScore, ItemScores


def best_of_n(*, scores: ItemScores, dimension: str = OVERALL, caution: float = 0.0) -> str:
    """The id of the best candidate.

    Args:
        scores: an item's candidates.
        dimension: the scale to judge by.
        caution: how many epistemic standard deviations to subtract from each mean, so that a
            candidate about which the model knows little does not win by luck.

    Returns:
        The candidate id; the first one among equals.

    Raises:
        ValueError: there is no candidate, or one without a score.
    """
    if not scores.candidates:
        raise ValueError(f"item {scores.item_id!r} has no candidates")

    def value(candidate: CandidateScore) -> float:
        mean = candidate[f"{dimension}_mean"]
        if caution:  # a published checkpoint does not tell how unsure it is
            mean -= caution * candidate[f"{dimension}_epistemic_std"]
        if math.isnan(mean):
            raise ValueError(f"candidate {candidate.candidate_id!r} has no {dimension} score")
        return mean

    return max(scores.candidates, key=value).candidate_id
