"""All pairs of one item by the rules of ties: the heart of every preference export."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from analytics.pairs.counts import PairCounts, counts_of_tally
from analytics.pairs.dimensions import Dimensions
from analytics.pairs.exact import ExactLimits, ExactScores, exact_limits, exact_scores
from analytics.pairs.options import PairOptions, RowWeighting
from analytics.pairs.presentation import left_candidate, side_of
from analytics.pairs.records import Pair, PairKind, ScoredCandidate, ScoredItem
from analytics.pairs.ties import Claim, Contest, judge

GeneratorPair = tuple[str, str]
Tally = dict[GeneratorPair, dict[str, int]]
"""Numbers by unordered generator pair and field of ``PairCounts``."""

EXACT = PairOptions()


@dataclass(frozen=True, slots=True)
class ItemPairs:
    """The exported rows of one item and the tally of everything that was seen on the way."""

    item_id: str
    source: str
    split: str
    rater: str
    rows: tuple[Pair, ...]
    incomparable: tuple[tuple[str, str], ...]
    tally: Tally

    @property
    def counts(self) -> PairCounts:
        fields: dict[str, int] = {}
        for part in self.tally.values():
            add_tally(fields, part)
        return counts_of_tally(fields)


def build_item_pairs(
    item: ScoredItem, dimensions: Dimensions, options: PairOptions = EXACT
) -> ItemPairs:
    """Return every exported row of an item, with counts that reconcile to k(k−1)/2.

    Overall scores differ: strict. Equal overall and some dimension differs: disentangled, one
    row per differing dimension, labelled by it. Equal everywhere: identical. A score missing:
    incomparable.

    Raises:
        ValueError: if a candidate id repeats or a candidate has a wrong number of scores.
    """
    if len({candidate.candidate_id for candidate in item.candidates}) < len(item.candidates):
        raise ValueError(f"item {item.item_id} has a candidate twice")
    tally: Tally = {}
    claims: list[Claim] = []
    incomparable: list[tuple[str, str]] = []
    exact = exact_scores(item, dimensions)
    limits = exact_limits(exact.denominator, exact.overall_denominator, options)
    for one, two, contest in _contests(item, exact):
        part = tally.setdefault(_generator_pair(one, two), {})
        _count(part, "possible")
        if contest is None:
            _count(part, PairKind.INCOMPARABLE)
            incomparable.append((one.candidate_id, two.candidate_id))
            continue
        kind, made = judge(contest, dimensions.names, exact, limits)
        _count(part, kind)
        if kind is not PairKind.IDENTICAL or options.include_identical:
            claims += _exported(made, options, limits, part)
    rows = _rows(item, claims, options)
    where = (item.item_id, item.source, item.split, item.rater)
    return ItemPairs(*where, rows, tuple(incomparable), tally)


def _contests(
    item: ScoredItem, exact: ExactScores
) -> Iterator[tuple[ScoredCandidate, ScoredCandidate, Contest | None]]:
    """Yield each unordered pair in sorted order of ids, without a contest if a score misses."""
    scored = sorted(
        zip(item.candidates, exact.dimensions, exact.overall, strict=True),
        key=lambda entry: entry[0].candidate_id,
    )
    for (one, row_one, all_one), (two, row_two, all_two) in combinations(scored, 2):
        if row_one is None or row_two is None:
            yield one, two, None
        else:
            differences = tuple(a - b for a, b in zip(row_one, row_two, strict=True))
            yield one, two, Contest(one, two, all_one - all_two, differences)


def add_tally(total: dict[str, int], part: Mapping[str, int]) -> None:
    """Add the part's numbers to the total, in place."""
    for field, number in part.items():
        total[field] = total.get(field, 0) + number


def _count(tally: dict[str, int], field: str) -> None:
    tally[field] = tally.get(field, 0) + 1


def _exported(
    claims: list[Claim], options: PairOptions, limits: ExactLimits, tally: dict[str, int]
) -> list[Claim]:
    """Return the claims that pass the filters; count all, and which filter took a row."""
    kept = []
    for claim in claims:
        if claim.kind is PairKind.DISENTANGLED:
            _count(tally, "tagged_rows")
        elif claim.kind is PairKind.IDENTICAL:
            _count(tally, "identical_rows")
        fate = _fate(claim, options, limits)
        _count(tally, fate)
        if fate == "exported_rows":
            kept.append(claim)
    return kept


def _fate(claim: Claim, options: PairOptions, limits: ExactLimits) -> str:
    if not options.keep_byte_identical and claim.preferred.pixel_hash == claim.other.pixel_hash:
        return "byte_identical_dropped"
    if claim.kind is PairKind.STRICT and claim.margin < limits.minimum_margin:
        return "small_margin_dropped"
    if claim.kind is PairKind.DISENTANGLED and claim.margin < limits.minimum_gap:
        return "small_gap_dropped"
    return "exported_rows"


def _rows(item: ScoredItem, claims: list[Claim], options: PairOptions) -> tuple[Pair, ...]:
    by_item = options.weighting is RowWeighting.ITEM
    weight = _ratio(1, len(claims)) if by_item and claims else _ratio(1, 1)
    return tuple(_row(item, claim, weight, options.presentation_seed) for claim in claims)


def _row(item: ScoredItem, claim: Claim, weight: Fraction, seed: int) -> Pair:
    preferred, other = claim.preferred, claim.other
    left = left_candidate(seed, item.item_id, preferred.candidate_id, other.candidate_id)
    # By position: naming the fields doubles the time of the hottest line of an export.
    return Pair(
        claim.kind,
        item.item_id,
        claim.dimension,
        preferred.candidate_id,
        other.candidate_id,
        _ratio(claim.margin, claim.denominator),
        weight,
        side_of(preferred.candidate_id, left),
        preferred.generator == other.generator,
        preferred.pixel_hash == other.pixel_hash,
        item.rater,
    )


def _generator_pair(one: ScoredCandidate, two: ScoredCandidate) -> GeneratorPair:
    if one.generator <= two.generator:
        return one.generator, two.generator
    return two.generator, one.generator


@lru_cache(maxsize=65_536)
def _ratio(numerator: int, denominator: int) -> Fraction:
    """Few margins occur in many rows; a Fraction costs more than all the rest of a row."""
    return Fraction(numerator, denominator)
