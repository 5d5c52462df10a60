"""A snapshot's items as the builder sees them: every rater's levels on every candidate."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from analytics.benchmark.groups import CheckedCandidate, CheckedItem
from annotation_app.enums import Design, Split
from annotation_app.models import Score, Snapshot, SnapshotItem
from annotation_app.services.benchmarks.groups import ItemFacts

ITEMS_AT_ONCE = 500

Progress = Callable[[int, int, str], None]
Levels = dict[tuple[int, int], dict[str, int | None]]
"""(Rater, candidate) to level by dimension."""


class RatedItem(NamedTuple):
    """An item for the builder, its facts, and whether an external set contains it."""

    checked: CheckedItem
    item: ItemFacts
    is_external: bool


class _Row(NamedTuple):
    item: int
    candidate: int
    dimension: str
    rater: int
    level: int | None
    design: str


def rated_items(
    snapshot: Snapshot, names: tuple[str, ...], *, raters: int, progress: Progress
) -> Iterator[RatedItem]:
    """Every item of a snapshot, with the ratings from slots of random design.

    Args:
        snapshot: the snapshot to read.
        names: the rubric's dimensions in order.
        raters: how many an item needs; an item that has them only through other designs is not
            random.
        progress: called with the number of items read.
    """
    after = done = 0
    while True:
        rows = list(
            snapshot.items.filter(campaign_item__gt=after).order_by("campaign_item")[:ITEMS_AT_ONCE]
        )
        if not rows:
            return
        scores = _scores(snapshot, [row.campaign_item_id for row in rows])
        for row in rows:
            yield _rated(row, scores[row.campaign_item_id], names, raters)
        after, done = rows[-1].campaign_item_id, done + len(rows)
        progress(done, snapshot.item_count, "reading the raters' scores")


def _scores(snapshot: Snapshot, items: list[int]) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = defaultdict(list)
    revisions = snapshot.ratings.filter(revision__rating__campaign_item__in=items)
    rows = Score.objects.filter(revision__in=revisions.values("revision")).values_list(
        "revision__rating__campaign_item_id",
        "candidate_id",
        "dimension__key",
        "revision__rating__annotator_id",
        "level",
        "revision__rating__task__design",
    )
    for values in rows.iterator(chunk_size=5000):
        row = _Row(*values)
        found[row.item].append(row)
    return found


def _rated(row: SnapshotItem, scores: list[_Row], names: tuple[str, ...], raters: int) -> RatedItem:
    everyone = {score.rater for score in scores}
    drawn = sorted({score.rater for score in scores if score.design == Design.RANDOM})
    levels: Levels = defaultdict(dict)
    for score in scores:
        levels[score.rater, score.candidate][score.dimension] = score.level
    facts = row.facts
    checked = CheckedItem(
        item_id=facts["item_id"],
        category=facts["category"],
        random_design=not len(drawn) < raters <= len(everyone),
        candidates=tuple(
            CheckedCandidate(
                candidate_id=one["candidate_id"],
                generator=one["generator"],
                pixel_hash=one["image"]["sha256"],
                rater_scores=tuple(
                    tuple(levels[rater, one["id"]].get(name) for name in names) for rater in drawn
                ),
            )
            for one in facts["candidates"]
        ),
    )
    item = ItemFacts(row.campaign_item_id, facts, tuple(drawn))
    return RatedItem(checked, item, row.split == Split.EXCLUDED)
