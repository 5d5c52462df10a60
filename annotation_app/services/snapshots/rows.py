"""The rows of a snapshot, streamed into their tables: a large campaign has hundred thousands."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Model

from analytics.pairs.final_scores import FinalScore as ExactScore
from analytics.pairs.final_scores import final_score
from annotation_app.enums import Provenance, Split
from annotation_app.models import (
    Campaign,
    CampaignItem,
    FinalScore,
    Snapshot,
    SnapshotItem,
    SnapshotRating,
)
from annotation_app.selectors.rating.scores import ScoreRow, counted_scores_by_item
from annotation_app.selectors.snapshots.item_facts import item_facts

ITEMS_AT_ONCE = 200

Progress = Callable[[int, int, str], None]
Chunk = list[tuple[int, list[ScoreRow]]]


@dataclass(frozen=True)
class SnapshotRules:
    """What a snapshot's rows are made with.

    Attributes:
        left_out: annotators who do not count.
        held_out: campaign items that an external set contains by now.
        dimensions: ids of the rubric's dimensions by key.
        decided: adjudicated levels by campaign item, candidate and dimension key.
        facets: facet scores in thousandths by candidate and dimension key.
    """

    left_out: frozenset[int]
    held_out: frozenset[int]
    dimensions: Mapping[str, int]
    decided: Mapping[tuple[int, int, str], int]
    facets: Mapping[tuple[int, str], int]


class _Final(NamedTuple):
    """A final score's columns after the snapshot's."""

    campaign_item_id: int
    candidate_id: int
    dimension_id: int
    numerator: int
    denominator: int
    provenance: str
    rating_count: int
    facet_thousandths: int | None


def fill_snapshot(
    snapshot: Snapshot, campaign: Campaign, rules: SnapshotRules, progress: Progress
) -> None:
    """Write down every counted rating, final score and item, and the digest over them."""
    total = CampaignItem.objects.filter(campaign=campaign).count()
    digest = hashlib.sha256()
    items = ratings = 0
    for chunk in _chunks(counted_scores_by_item(campaign, leave_out=rules.left_out)):
        facts = item_facts([item for item, _ in chunk])
        for item in rules.held_out.intersection(facts):
            facts[item]["split"] = Split.EXCLUDED.value
        revisions = sorted({row.revision for _, rows in chunk for row in rows})
        scores = [score for item, rows in chunk for score in _final_scores(item, rows, rules)]
        _store(snapshot, facts, revisions, scores)
        _digest_chunk(digest, facts, revisions, scores)
        items += len(chunk)
        ratings += len(revisions)
        progress(items, total, "taking the snapshot")
    snapshot.item_count, snapshot.rating_count = items, ratings
    snapshot.digest = digest.hexdigest()
    snapshot.save(update_fields=["item_count", "rating_count", "digest"])


def _chunks(groups: Iterable[tuple[int, list[ScoreRow]]]) -> Iterator[Chunk]:
    chunk: Chunk = []
    for group in groups:
        chunk.append(group)
        if len(chunk) == ITEMS_AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _final_scores(item: int, rows: list[ScoreRow], rules: SnapshotRules) -> Iterator[_Final]:
    levels: dict[tuple[int, str], list[int | None]] = defaultdict(list)
    for row in rows:
        levels[row.candidate, row.dimension].append(row.level)
    for (candidate, key), given in levels.items():
        final = _exact(tuple(given), rules.decided.get((item, candidate, key)))
        if final.value is not None:
            yield _Final(
                item,
                candidate,
                rules.dimensions[key],
                final.value.numerator,
                final.value.denominator,
                Provenance(final.provenance.value).value,
                final.raters,
                rules.facets.get((candidate, key)),
            )


@lru_cache(maxsize=4096)
def _exact(levels: tuple[int | None, ...], decided: int | None) -> ExactScore:
    """Few combinations of levels occur in many candidates."""
    return final_score(levels, adjudicated=decided)


def _store(
    snapshot: Snapshot,
    facts: Mapping[int, dict[str, Any]],
    revisions: list[int],
    scores: list[_Final],
) -> None:
    key = snapshot.pk
    items = (
        (key, item, told["split"], json.dumps(told, ensure_ascii=False))
        for item, told in facts.items()
    )
    _copy(SnapshotItem, ("snapshot_id", "campaign_item_id", "split", "facts"), items)
    counted = ((key, revision) for revision in revisions)
    _copy(SnapshotRating, ("snapshot_id", "revision_id"), counted)
    _copy(FinalScore, ("snapshot_id", *_Final._fields), ((key, *score) for score in scores))


def _copy(model: type[Model], columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows into a model's table as PostgreSQL takes them fastest."""
    statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"  # noqa: SLF001 - Django's public name
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _digest_chunk(
    digest: "hashlib._Hash",
    facts: Mapping[int, dict[str, Any]],
    revisions: list[int],
    scores: list[_Final],
) -> None:
    exact = [
        (
            score.candidate_id,
            score.dimension_id,
            score.numerator,
            score.denominator,
            score.facet_thousandths,
        )
        for score in scores
    ]
    content = [sorted(facts.items()), revisions, exact]
    digest.update(json.dumps(content, sort_keys=True, ensure_ascii=False).encode())
