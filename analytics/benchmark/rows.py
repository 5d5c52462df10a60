"""Rows of a benchmark's score sheet: all-or-nothing accuracy per K and pooled, with floors."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from analytics.benchmark.orders import HumanOrder
from analytics.estimates import Interval
from analytics.ranking.clusters import ClusteredShare, clustered_share
from analytics.ranking.floors import random_ranking_floor, uniform_label_floor
from analytics.ranking.proportions import Proportion, clopper_pearson

PAIR_LABELS = 4
"""Labels of a lone pair: A>B, B>A, both good, both bad; in larger groups every pair has two."""


class JudgedGroup(NamedTuple):
    """A group's human order with the verdict on a system's prediction of it."""

    item_id: str
    order: HumanOrder
    right: bool
    failed: bool


@dataclass(frozen=True, slots=True)
class GroupRow:
    """All-or-nothing accuracy of one K (None: pooled) over groups in the published order.

    ``exact`` treats groups as independent; ``clustered`` counts items. ``floor_scores`` is what
    random scores reach, ``floor_labels`` what independent random labels reach.
    """

    k: int | None
    groups: int
    human_ties: int
    failed: int
    accuracy: Proportion
    exact: Interval | None
    clustered: ClusteredShare
    floor_scores: Fraction
    floor_labels: Fraction


def group_rows(judged: Sequence[JudgedGroup]) -> tuple[GroupRow, ...]:
    """Return one row per K in ascending order, then the pooled row; none without groups."""
    ks = sorted({group.order.k for group in judged})
    rows = [_row(k, [g for g in judged if g.order.k == k]) for k in ks]
    return (*rows, _row(None, judged)) if rows else ()


def strict_only(judged: Sequence[JudgedGroup]) -> list[JudgedGroup]:
    """Return the groups in which humans tie nowhere."""
    return [group for group in judged if group.order.is_strict]


def pooled_floors(orders: Sequence[HumanOrder]) -> tuple[Fraction, Fraction]:
    """Return the expected pooled accuracy of random scores and of independent random labels.

    Continuous random scores never tie, so a human tie is out of their reach.
    """
    scores = sum(random_ranking_floor(o.k) if o.is_strict else Fraction(0) for o in orders)
    labels = sum(
        count * uniform_label_floor(k, PAIR_LABELS if k == 2 else 2)  # noqa: PLR2004 - the pair
        for k, count in Counter(order.k for order in orders).items()
    )
    return Fraction(scores, len(orders)), Fraction(labels, len(orders))


def _row(k: int | None, judged: Sequence[JudgedGroup]) -> GroupRow:
    right = np.array([group.right for group in judged], dtype=np.bool_)
    items = np.unique([group.item_id for group in judged], return_inverse=True)[1]
    clustered = clustered_share(right, items.astype(np.int64))
    floor_scores, floor_labels = pooled_floors([group.order for group in judged])
    return GroupRow(
        k=k,
        groups=len(judged),
        human_ties=sum(not group.order.is_strict for group in judged),
        failed=sum(group.failed for group in judged),
        accuracy=clustered.share,
        exact=clopper_pearson(clustered.share),
        clustered=clustered,
        floor_scores=floor_scores,
        floor_labels=floor_labels,
    )
