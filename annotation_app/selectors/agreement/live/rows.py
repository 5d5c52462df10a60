"""Item states as flat arrays of one dimension's scores."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.overall import OVERALL, weighted_sum
from analytics.validation import Indices
from annotation_app.selectors.agreement.live.shape import LiveShape
from annotation_app.selectors.agreement.live.states import ItemState, StateRating


@dataclass(frozen=True, eq=False)
class ScoreRows:
    """N scores of M ratings of a batch, in order of rating.

    Attributes:
        dimension: the dimension scored.
        lengths: (M,) scores of each rating.
        state: (N,) place of the item state in the batch.
        annotator: (N,) who.
        candidate: (N,) ids.
        generator: (N,) ids.
        level: (N,) level index.
    """

    dimension: str
    lengths: Indices
    state: Indices
    annotator: Indices
    candidate: Indices
    generator: Indices
    level: Indices

    @cached_property
    def starts(self) -> Indices:
        """(M,) place of each rating's first score."""
        return np.cumsum(self.lengths) - self.lengths

    def expand(self, ratings: Indices) -> Indices:
        """Return the places of all scores of the given ratings, in their order."""
        lengths = self.lengths[ratings]
        within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return np.asarray(np.repeat(self.starts[ratings], lengths) + within)


def dimension_rows(states: Sequence[ItemState], dimension: str, shape: LiveShape) -> ScoreRows:
    """Flatten one dimension, or the overall, of a batch of states."""
    lengths, rows = [], []
    for place, state in enumerate(states):
        for rating in state.ratings:
            levels = dict(_levels(rating, dimension, shape))
            lengths.append(len(levels))
            rows += [
                (place, rating.annotator, candidate, state.generators[candidate], level)
                for candidate, level in levels.items()
            ]
    columns = np.asarray(rows, dtype=np.int64).reshape(-1, 5).T
    return ScoreRows(dimension, np.asarray(lengths, dtype=np.int64), *columns)


def _levels(rating: StateRating, dimension: str, shape: LiveShape) -> Iterator[tuple[int, int]]:
    """Candidate and level index of every score; the overall only where no score is missing."""
    if dimension != OVERALL:
        places = shape.places[dimension]
        for candidate, level in rating.levels.get(dimension, {}).items():
            yield candidate, places[level]
        return
    scored = [rating.levels.get(key, NONE) for key in shape.weights]
    weights = list(shape.weights.values())
    for candidate in scored[0]:
        if all(candidate in levels for levels in scored):
            total = weighted_sum([levels[candidate] for levels in scored], weights)
            yield candidate, shape.overall[total]


NONE: Mapping[int, int] = {}
