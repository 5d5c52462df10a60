"""The rules of ties for two candidates: which kind of pair, and what its rows claim."""

from typing import NamedTuple

from analytics.overall import OVERALL
from analytics.pairs.exact import ExactLimits, ExactScores
from analytics.pairs.records import PairKind, ScoredCandidate


class Contest(NamedTuple):
    """Two candidates and their exact differences, one minus two, in the item's integer units."""

    one: ScoredCandidate
    two: ScoredCandidate
    overall: int
    dimensions: tuple[int, ...]


class Claim(NamedTuple):
    """What a row says before it is weighted: one candidate beats another on a dimension."""

    kind: PairKind
    dimension: str
    preferred: ScoredCandidate
    other: ScoredCandidate
    margin: int
    denominator: int


def judge(
    contest: Contest, names: tuple[str, ...], exact: ExactScores, limits: ExactLimits
) -> tuple[PairKind, list[Claim]]:
    """Return the kind of a comparable pair and its claims (none is filtered here).

    With a rubric of one dimension there is no disentangling: a tie is then identical.
    """
    if abs(contest.overall) > limits.overall_band:
        unit = exact.overall_denominator
        return PairKind.STRICT, [_claim(PairKind.STRICT, contest, OVERALL, contest.overall, unit)]
    tagged = [
        _claim(PairKind.DISENTANGLED, contest, name, difference, exact.denominator)
        for name, difference in zip(names, contest.dimensions, strict=True)
        if abs(difference) > limits.dimension_band
    ]
    if tagged and len(names) > 1:
        return PairKind.DISENTANGLED, tagged
    one, two, overall, _ = contest
    neutral = Claim(PairKind.IDENTICAL, OVERALL, one, two, overall, exact.overall_denominator)
    return PairKind.IDENTICAL, [neutral]


def _claim(
    kind: PairKind, contest: Contest, dimension: str, difference: int, denominator: int
) -> Claim:
    one, two = contest.one, contest.two
    if difference > 0:
        return Claim(kind, dimension, one, two, difference, denominator)
    return Claim(kind, dimension, two, one, -difference, denominator)
