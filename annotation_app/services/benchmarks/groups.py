"""A benchmark's groups as JSON: the builder's groups with the facts that files and pages repeat."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from analytics.benchmark.groups import BenchmarkGroup, RankedCandidate
from analytics.benchmark.orders import HumanOrder, TieQuality

BENCHMARK = "benchmark"
CALIBRATION = "calibration"
BY_SCORES = "scores"
BY_RATERS = "joint ranking"


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What a group repeats of its item: the snapshot's facts, and its raters by account."""

    campaign_item: int
    facts: dict[str, Any]
    raters: tuple[int, ...]


def group_to_json(group: BenchmarkGroup, item: ItemFacts, part: str) -> dict[str, Any]:
    """A group as a benchmark's row keeps it."""
    known = {one["candidate_id"]: one for one in item.facts["candidates"]}
    return {
        "group_id": group.group_id,
        "part": part,
        "item_id": group.item_id,
        "campaign_item": item.campaign_item,
        "category": group.category,
        "instruction": item.facts["instruction"],
        "source_dataset": item.facts["source_dataset"],
        "licence": item.facts["licence"],
        "source_image": item.facts["source_image"],
        "raters": list(item.raters),
        **order_to_json(group.order),
        "label_source": BY_SCORES,
        "candidates": [
            {
                "id": known[one.candidate_id]["id"],
                "candidate_id": one.candidate_id,
                "generator": one.generator,
                "image": known[one.candidate_id]["image"],
                "means": [str(mean) for mean in one.means],
                "overall": str(one.overall),
                "rater_scores": [list(levels) for levels in one.rater_scores],
            }
            for one in group.candidates
        ],
    }


def group_from_json(values: Mapping[str, Any]) -> BenchmarkGroup:
    """The builder's group again, exact."""
    return BenchmarkGroup(
        group_id=values["group_id"],
        item_id=values["item_id"],
        category=values["category"],
        candidates=tuple(
            RankedCandidate(
                candidate_id=one["candidate_id"],
                generator=one["generator"],
                means=tuple(Fraction(mean) for mean in one["means"]),
                overall=Fraction(one["overall"]),
                rater_scores=tuple(tuple(levels) for levels in one["rater_scores"]),
            )
            for one in values["candidates"]
        ),
        order=order_from_json(values),
    )


def order_to_json(order: HumanOrder) -> dict[str, Any]:
    """An order as ranks by place and the quality of a tie."""
    quality = order.tie_quality.value if order.tie_quality else None
    return {"ranks": list(order.ranks), "tie_quality": quality}


def order_from_json(values: Mapping[str, Any]) -> HumanOrder:
    """The order that `order_to_json` wrote."""
    quality = values["tie_quality"]
    return HumanOrder(tuple(values["ranks"]), TieQuality(quality) if quality else None)


def of_part(groups: Iterable[dict[str, Any]], part: str) -> list[dict[str, Any]]:
    """The groups of the benchmark proper, or those for calibration."""
    return [group for group in groups if group["part"] == part]
