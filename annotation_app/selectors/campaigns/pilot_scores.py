"""A pilot's scores, and how far two people differ on them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from annotation_app.enums import Purpose, RatingStatus
from annotation_app.models import Campaign, Score

SHOWN_PAIRS = 3
FAR = 2  # levels apart that make a dispute


class PilotScore(NamedTuple):
    """One score of a pilot."""

    campaign_item: int
    candidate: int
    dimension: str
    annotator: str
    level: int | None


@dataclass(frozen=True)
class LevelPair:
    """Two levels that people take for each other, and how often."""

    low: int
    high: int
    times: int


@dataclass(frozen=True)
class Gaps:
    """How far two people differ on the same candidates.

    Attributes:
        pairs: of people on one candidate.
        equal, far: how many agree, and how many differ by two or more levels.
        mixed: the pairs of levels most often confused.
    """

    pairs: int
    equal: int
    far: int
    mixed: list[LevelPair]


def pilot_scores(campaign: Campaign) -> list[PilotScore]:
    """Every counted score of the campaign's pilot."""
    rows = Score.objects.filter(
        revision__current_of__campaign=campaign,
        revision__current_of__status=RatingStatus.ACTIVE,
        revision__current_of__purpose=Purpose.PILOT,
    ).order_by("revision__current_of__campaign_item", "candidate", "dimension__ordinal")
    return [
        PilotScore(*row)
        for row in rows.values_list(
            "revision__current_of__campaign_item_id",
            "candidate_id",
            "dimension__key",
            "revision__current_of__annotator__username",
            "level",
        )
    ]


def mean_distance(scores: list[PilotScore]) -> float:
    """Mean absolute difference of two people's levels of the same candidate; 0 without pairs."""
    gaps = [high - low for low, high in _pairs(scores)]
    return sum(gaps) / len(gaps) if gaps else 0.0


def gaps(scores: list[PilotScore]) -> Gaps:
    """Count one dimension's pairs of people."""
    pairs = list(_pairs(scores))
    mixed = Counter(pair for pair in pairs if pair[0] != pair[1])
    worst = sorted(mixed.items(), key=lambda row: (-row[1], row[0]))[:SHOWN_PAIRS]
    return Gaps(
        pairs=len(pairs),
        equal=sum(low == high for low, high in pairs),
        far=sum(high - low >= FAR for low, high in pairs),
        mixed=[LevelPair(low, high, times) for (low, high), times in worst],
    )


def _pairs(scores: list[PilotScore]) -> Iterator[tuple[int, int]]:
    levels: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for score in scores:
        if score.level is not None:
            levels[score.campaign_item, score.candidate].append(score.level)
    for given in levels.values():
        for one, other in combinations(given, 2):
            yield min(one, other), max(one, other)
