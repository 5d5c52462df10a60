"""Moments as JSON-ready payloads and back; rater labels become strings."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypedDict

import numpy as np

from analytics.agreement.layout import Floats
from analytics.agreement.moments import ClusterMoments, Moments, RaterMoments
from analytics.scales import Scale


class ClusterPayload(TypedDict):
    """Packed `ClusterMoments`: the upper triangle of the second moments, row by row."""

    n: int
    first: list[float]
    second: list[float]


class RaterPayload(TypedDict):
    """Packed `RaterMoments`."""

    n_ratings: int
    levels: list[float]
    part: list[float]
    versus: ClusterPayload
    influence: ClusterPayload


class MomentsPayload(TypedDict):
    """Packed `Moments`; patterns are rows of level counts followed by the number of units."""

    levels: list[float]
    patterns: list[list[int]]
    overlapping: ClusterPayload
    rated: ClusterPayload
    raters: dict[str, RaterPayload]


def to_payload(moments: Moments) -> MomentsPayload:
    """Pack moments for a JSON column."""
    return MomentsPayload(
        levels=list(moments.scale.values),
        patterns=[[*pattern, times] for pattern, times in sorted(moments.patterns.items())],
        overlapping=_pack(moments.overlapping),
        rated=_pack(moments.rated),
        raters={
            str(label): RaterPayload(
                n_ratings=sums.n_ratings,
                levels=sums.levels.tolist(),
                part=sums.part.tolist(),
                versus=_pack(sums.versus),
                influence=_pack(sums.influence),
            )
            for label, sums in moments.raters.items()
        },
    )


def from_payload(payload: MomentsPayload) -> Moments:
    """Unpack what `to_payload` packed; level labels are their values."""
    return Moments(
        scale=Scale.of(payload["levels"]),
        patterns={tuple(row[:-1]): row[-1] for row in payload["patterns"]},
        overlapping=_unpack(payload["overlapping"]),
        rated=_unpack(payload["rated"]),
        raters=_unpack_raters(payload["raters"]),
    )


def _unpack_raters(packed: Mapping[str, RaterPayload]) -> dict[Hashable, RaterMoments]:
    return {
        label: RaterMoments(
            n_ratings=sums["n_ratings"],
            levels=np.asarray(sums["levels"], dtype=np.float64),
            part=np.asarray(sums["part"], dtype=np.float64),
            versus=_unpack(sums["versus"]),
            influence=_unpack(sums["influence"]),
        )
        for label, sums in packed.items()
    }


def _pack(moments: ClusterMoments) -> ClusterPayload:
    upper = moments.second[np.triu_indices(len(moments.first))]
    return ClusterPayload(n=moments.n, first=moments.first.tolist(), second=upper.tolist())


def _unpack(packed: ClusterPayload) -> ClusterMoments:
    first = np.asarray(packed["first"], dtype=np.float64)
    return ClusterMoments(packed["n"], first, _symmetric(packed["second"], len(first)))


def _symmetric(upper: Sequence[float], size: int) -> Floats:
    square = np.zeros((size, size))
    square[np.triu_indices(size)] = upper
    return square + np.triu(square, 1).T
