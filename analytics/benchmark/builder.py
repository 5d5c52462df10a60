"""Builds a multi-way benchmark of hard, stratified, disjoint, seeded groups."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from analytics.benchmark.allocation import largest_remainder
from analytics.benchmark.eligibility import PAIR, Exclusion, sort_out
from analytics.benchmark.groups import (
    BenchmarkGroup,
    CheckedItem,
    RankedCandidate,
    rank_candidate,
)
from analytics.benchmark.orders import order_of_scores
from analytics.benchmark.rows import pooled_floors
from analytics.benchmark.tuples import Tuple, hardest_strict_tuple, tied_pair
from analytics.pairs.dimensions import Dimensions
from analytics.sampling import derive_seed, seeded_order


@dataclass(frozen=True, slots=True)
class BenchmarkPlan:
    """How many groups of each K, and the rules of choosing them.

    ``tied_share`` of the pairs (K = 2) are human ties, as far as there are any. Without that cap
    "prefer small differences" would make every pair a tie.
    """

    groups_per_k: Mapping[int, int]
    scale_middle: Fraction
    seed: int
    tied_share: Fraction = Fraction(1, 2)
    minimum_gap: Fraction = Fraction(0)
    raters: int = 3

    def __post_init__(self) -> None:
        if any(k < PAIR or count < 0 for k, count in self.groups_per_k.items()):
            raise ValueError("groups need K of at least 2 and counts of at least 0")
        if not 0 <= self.tied_share <= 1:
            raise ValueError(f"the tied share must be in [0, 1], not {self.tied_share}")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The groups with what must be published with them.

    ``missing`` says how many planned groups of each K could not be found.
    """

    groups: tuple[BenchmarkGroup, ...]
    missing: dict[int, int]
    excluded: dict[str, Exclusion]
    per_k: dict[int, int] = field(default_factory=dict)
    floor_scores: Fraction = Fraction(0)
    floor_labels: Fraction = Fraction(0)


class _Need(NamedTuple):
    k: int
    tied: bool
    wanted: int


class _Offer(NamedTuple):
    item: CheckedItem
    members: Tuple
    spread: Fraction


def build_benchmark(
    items: Iterable[CheckedItem], dimensions: Dimensions, plan: BenchmarkPlan
) -> Benchmark:
    """Choose the groups of a benchmark; the same items and plan give the same groups.

    Large K is served first, since few items hold four candidates in strict order. Within each K
    the categories get groups in proportion to the items that they offer, and each category gives
    its hardest ones (smallest score spread; seeded among equals). Every item serves once.

    Raises:
        ValueError: if an item id occurs twice.
    """
    eligibility = sort_out(items, plan.raters)
    ranked = {
        item.item_id: tuple(rank_candidate(c, dimensions) for c in item.candidates)
        for item in eligibility.items
    }
    free = {item.item_id: item for item in eligibility.items}
    groups: list[BenchmarkGroup] = []
    found: Counter[int] = Counter()
    for need in _needs(plan, found):
        offers = [_offer(item, ranked[item.item_id], need, plan) for item in free.values()]
        for offer in _choose([o for o in offers if o is not None], need, plan.seed):
            groups.append(_group(offer, plan))
            found[need.k] += 1
            del free[offer.item.item_id]
    groups.sort(key=lambda group: (group.k, group.group_id))
    return _published(groups, found, eligibility.excluded, plan)


def _needs(plan: BenchmarkPlan, found: Counter[int]) -> Iterator[_Need]:
    """Yield what to look for, in order; the strict pairs make up for ties that were not found."""
    for k in sorted(plan.groups_per_k, reverse=True):
        if k == PAIR:
            yield _Need(k, tied=True, wanted=int(plan.groups_per_k[k] * plan.tied_share))
        yield _Need(k, tied=False, wanted=plan.groups_per_k[k] - found[k])


def _offer(
    item: CheckedItem, candidates: tuple[RankedCandidate, ...], need: _Need, plan: BenchmarkPlan
) -> _Offer | None:
    key = (plan.seed, item.item_id)
    if need.tied:
        members = tied_pair(candidates, *key)
    else:
        members = hardest_strict_tuple(candidates, need.k, plan.minimum_gap, *key)
    if members is None:
        return None
    return _Offer(item, members, members[0].overall - members[-1].overall)


def _choose(offers: list[_Offer], need: _Need, seed: int) -> list[_Offer]:
    by_id = {offer.item.item_id: offer for offer in offers}
    ordered = seeded_order(by_id, "benchmark", seed, need.k, str(need.tied))
    hardest = sorted((by_id[name] for name in ordered), key=lambda offer: offer.spread)
    quotas = largest_remainder(need.wanted, Counter(offer.item.category for offer in hardest))
    chosen = []
    for offer in hardest:
        if quotas[offer.item.category]:
            quotas[offer.item.category] -= 1
            chosen.append(offer)
    return chosen


def _group(offer: _Offer, plan: BenchmarkPlan) -> BenchmarkGroup:
    by_id = {member.candidate_id: member for member in offer.members}
    shown = seeded_order(by_id, "letters", plan.seed, offer.item.item_id)
    identity = derive_seed("group", offer.item.item_id, *sorted(by_id))
    return BenchmarkGroup(
        group_id=f"{len(shown)}-{identity >> 192:016x}",
        item_id=offer.item.item_id,
        category=offer.item.category,
        candidates=tuple(by_id[name] for name in shown),
        order=order_of_scores([by_id[name].overall for name in shown], plan.scale_middle),
    )


def _published(
    groups: list[BenchmarkGroup],
    found: Counter[int],
    excluded: dict[str, Exclusion],
    plan: BenchmarkPlan,
) -> Benchmark:
    missing = {k: count - found[k] for k, count in plan.groups_per_k.items() if count > found[k]}
    if not groups:
        return Benchmark((), missing, excluded)
    scores, labels = pooled_floors([group.order for group in groups])
    return Benchmark(tuple(groups), missing, excluded, dict(sorted(found.items())), scores, labels)
