"""The hardest tuple that an item offers: K candidates whose scores lie closest together."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from analytics.benchmark.groups import RankedCandidate
from analytics.sampling import seeded_order

Tuple = tuple[RankedCandidate, ...]


def hardest_strict_tuple(
    candidates: Sequence[RankedCandidate], k: int, minimum_gap: Fraction, *key: str | int
) -> Tuple | None:
    """Return k candidates in strict order with the smallest spread, best first; None if none.

    Neighbours differ by more than zero and at least ``minimum_gap``. The key seeds the choice
    between equally hard tuples and between candidates of equal score.
    """
    by_score = _by_score(candidates)
    levels = sorted(by_score, reverse=True)
    fitting = [
        scores
        for scores in combinations(levels, k)
        if all(better - worse >= minimum_gap for better, worse in pairwise(scores))
    ]
    if not fitting:
        return None
    smallest = min(scores[0] - scores[-1] for scores in fitting)
    hardest = {str(scores): scores for scores in fitting if scores[0] - scores[-1] == smallest}
    chosen = hardest[seeded_order(hardest, "tuple", *key)[0]]
    return tuple(_pick(by_score[score], key) for score in chosen)


def tied_pair(candidates: Sequence[RankedCandidate], *key: str | int) -> Tuple | None:
    """Return two candidates of equal overall score, chosen by the seeded key; None if none tie."""
    ties = {str(score): group for score, group in _by_score(candidates).items() if len(group) > 1}
    if not ties:
        return None
    group = {c.candidate_id: c for c in ties[seeded_order(ties, "tie", *key)[0]]}
    first, second = seeded_order(group, "tied", *key)[:2]
    return group[first], group[second]


def _by_score(candidates: Sequence[RankedCandidate]) -> dict[Fraction, list[RankedCandidate]]:
    groups: defaultdict[Fraction, list[RankedCandidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.overall].append(candidate)
    return groups


def _pick(group: Sequence[RankedCandidate], key: tuple[str | int, ...]) -> RankedCandidate:
    by_id = {candidate.candidate_id: candidate for candidate in group}
    return by_id[seeded_order(by_id, "pick", *key)[0]]
