"""The raters' joint ranking check (paper, A.3): each confirms or corrects an order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from analytics.benchmark.joint_ranking import JointOutcome, implied_orders, joint_ranking
from analytics.benchmark.orders import HumanOrder, TieQuality
from analytics.sampling import seeded_order
from annotation_app.enums import AuditVerb, BenchmarkStage
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Benchmark, JointRanking
from annotation_app.selectors.exports.items import rubric_dimensions
from annotation_app.services.audit.events import record_event
from annotation_app.services.benchmarks.groups import (
    BENCHMARK,
    BY_RATERS,
    group_from_json,
    of_part,
    order_to_json,
)

PAIR = 2


def ask_raters(*, benchmark: Benchmark) -> int:
    """Write down what every rater of every group has to confirm; return how many there are."""
    dimensions = rubric_dimensions(benchmark.campaign.rubric)
    rows = []
    for group in of_part(benchmark.groups, BENCHMARK):
        orders = implied_orders(group_from_json(group), dimensions)
        places = [str(place) for place in range(len(group["candidates"]))]
        for rater, order in zip(group["raters"], orders, strict=True):
            key = ("joint", benchmark.seed, group["group_id"], rater)
            rows.append(
                JointRanking(
                    benchmark=benchmark,
                    group_id=group["group_id"],
                    rater_id=rater,
                    shown=[int(place) for place in seeded_order(places, *key)],
                    implied=list(order.ranks),
                )
            )
    JointRanking.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


def decide_ranking(
    *, ranking: JointRanking, ranks_shown: Sequence[int], now: datetime
) -> JointRanking:
    """Store a rater's order of a group; they may change it until the benchmark is published.

    Args:
        ranking: the ranking to decide.
        ranks_shown: ranks from 0 (best) of the candidates in their order on screen; only a pair may
            have a tie.
        now: the current time.

    Raises:
        InvalidInputError: if it is not an order of these candidates.
        ConflictError: if the benchmark is published.
    """
    ranks = _checked(ranking, ranks_shown)
    with transaction.atomic():
        # A share lock lets raters answer side by side, and keeps publication waiting for them.
        benchmark = Benchmark.objects.raw(
            "SELECT * FROM annotation_app_benchmark WHERE id = %s FOR SHARE",
            [ranking.benchmark_id],
        )[0]
        if benchmark.stage == BenchmarkStage.PUBLISHED:
            raise ConflictError(
                _("This benchmark is published; its rankings can no longer be changed.")
            )
        fresh = JointRanking.objects.select_for_update().get(pk=ranking.pk)
        before, fresh.ranks, fresh.decided_at = fresh.ranks, ranks, now
        if before != ranks:
            fresh.save(update_fields=["ranks", "decided_at"])
            record_event(
                actor=fresh.rater,
                verb=AuditVerb.RANKED,
                object_type="joint_ranking",
                object_id=fresh.pk,
                campaign=benchmark.campaign,
                data={"implied": fresh.implied, "before": before, "after": ranks},
            )
    return fresh


def _checked(ranking: JointRanking, ranks_shown: Sequence[int]) -> list[int]:
    """The ranks by the candidates' places in the group."""
    try:
        order = HumanOrder(tuple(ranks_shown))
    except ValueError:
        order = None
    if order is None or order.k != len(ranking.shown):
        raise InvalidInputError(_("Give every image a rank, from best to worst."))
    if order.k > PAIR and not order.is_strict:
        raise InvalidInputError(_("Only two images may tie. Put these into one strict order."))
    by_place = dict(zip(ranking.shown, ranks_shown, strict=True))
    return [by_place[place] for place in range(order.k)]


def joint_labels(
    benchmark: Benchmark, middle: Fraction
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The groups with the order that their raters agreed on, and how the check went.

    A group whose raters have all ranked carries the majority's order, or is left out if there is
    none; one with rankings missing keeps the order of its mean scores.

    Returns:
        The groups that stay, and counts by outcome (`unchecked` for missing rankings).
    """
    given = _decided(benchmark)
    kept, outcomes = [], dict.fromkeys([*(one.value for one in JointOutcome), "unchecked"], 0)
    for group in of_part(benchmark.groups, BENCHMARK):
        orders = given.get(group["group_id"], [])
        if len(orders) < len(group["raters"]):
            outcomes["unchecked"] += 1
            kept.append(group)
            continue
        found = joint_ranking(group_from_json(group), orders)
        outcomes[found.outcome.value] += 1
        if found.order is not None:
            order = _with_quality(found.order, group, middle)
            agreed = {"label_source": BY_RATERS, "agreeing": found.agreeing}
            kept.append({**group, **order_to_json(order), **agreed})
    return kept, outcomes


def _decided(benchmark: Benchmark) -> Mapping[str, list[HumanOrder]]:
    given: dict[str, list[HumanOrder]] = {}
    rows = benchmark.joint_rankings.filter(ranks__isnull=False).order_by("rater_id")
    for group_id, ranks in rows.values_list("group_id", "ranks"):
        given.setdefault(group_id, []).append(HumanOrder(tuple(ranks or ())))
    return given


def _with_quality(order: HumanOrder, group: Mapping[str, Any], middle: Fraction) -> HumanOrder:
    """A joint tie is good or bad by the mean of what its candidates were given."""
    if len(set(order.ranks)) > 1 or order.tie_quality is not None:
        return order
    overall = [Fraction(one["overall"]) for one in group["candidates"]]
    is_good = sum(overall, Fraction(0)) / len(overall) > middle
    return replace(order, tie_quality=TieQuality.GOOD if is_good else TieQuality.BAD)
