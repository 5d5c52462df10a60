"""The files of a published benchmark: EditReward-Bench JSON and Parquet, card, manifest."""

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from django.core.files.storage import default_storage

from analytics.benchmark.joint_ranking import implied_orders
from analytics.benchmark.rows import JudgedGroup, group_rows, pooled_floors
from annotation_app.models import Benchmark, User
from annotation_app.selectors.exports.items import rubric_dimensions
from annotation_app.services.benchmarks.cards import write_card
from annotation_app.services.benchmarks.figures import rows_to_json
from annotation_app.services.benchmarks.groups import (
    BENCHMARK,
    BY_RATERS,
    CALIBRATION,
    group_from_json,
    of_part,
    order_from_json,
)
from annotation_app.services.benchmarks.published_rows import RowWriter
from annotation_app.services.exports.images import ImageExporter
from annotation_app.services.exports.manifest import MANIFEST, file_digests
from annotation_app.services.exports.parquet import ImageCells, SplitParquet

Progress = Callable[[int, int, str], None]
Group = dict[str, Any]

SCHEMA_VERSION = 1
TEMPLATE = "predictions_template.csv"


def write_files(
    folder: Path,
    *,
    benchmark: Benchmark,
    groups: Sequence[Group],
    outcomes: dict[str, int],
    progress: Progress,
) -> dict[str, Any]:
    """Write a benchmark's folder and return its manifest.

    Args:
        folder: empty.
        benchmark: the benchmark to write.
        groups: as published, including those for calibration.
        outcomes: of the raters' joint ranking check.
        progress: called with the number of groups written.
    """
    writer = _row_writer(folder, benchmark, groups)
    part, spare = of_part(groups, BENCHMARK), of_part(groups, CALIBRATION)
    parquet = SplitParquet(folder / "data", writer.schema())
    by_size: dict[int, list[dict[str, Any]]] = {}
    for done, group in enumerate(part, start=1):
        by_size.setdefault(len(group["candidates"]), []).append(writer.group_row(group))
        for row, weight in writer.pair_rows(group):
            parquet.add("test", row, weight)
        progress(done, len(part), "writing groups")
    parquet.close()
    for k, rows in by_size.items():
        _write_json(folder / f"{k}pair.json", rows)
    if spare:
        _write_json(folder / "calibration.json", [writer.group_row(group) for group in spare])
    _write_template(folder / TEMPLATE, groups)
    facts = _facts(benchmark, part, outcomes) | {"pairs": parquet.rows, "calibration": len(spare)}
    write_card(folder, benchmark, facts, sorted(by_size))
    manifest = facts | {"files": file_digests(folder)}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def _row_writer(folder: Path, benchmark: Benchmark, groups: Sequence[Group]) -> RowWriter:
    shelf = ImageExporter(folder, default_storage)
    raters = User.objects.filter(pk__in={rater for group in groups for rater in group["raters"]})
    return RowWriter(
        names=rubric_dimensions(benchmark.campaign.rubric).names,
        pseudonyms=dict(raters.values_list("pk", "pseudonym")),
        shelf=shelf,
        cells=ImageCells(shelf.content),
    )


def _write_json(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _write_template(path: Path, groups: Sequence[Group]) -> None:
    lines = [
        f"{group['group_id']},{ascii_uppercase[place]},"
        for group in groups
        for place in range(len(group["candidates"]))
    ]
    path.write_text("\n".join(["group_id,candidate,score", *lines]) + "\n", encoding="utf-8")


def _facts(benchmark: Benchmark, part: list[Group], outcomes: dict[str, int]) -> dict[str, Any]:
    snapshot = benchmark.snapshot
    if snapshot is None:
        raise ValueError("a benchmark is published from its snapshot")
    scores, labels = pooled_floors([order_from_json(group) for group in part])
    return {
        "schema_version": SCHEMA_VERSION,
        "simulated": snapshot.is_simulated,
        "campaign": benchmark.campaign.slug,
        "benchmark": benchmark.number,
        "snapshot": {"digest": snapshot.digest, "taken_at": snapshot.created_at.isoformat()},
        "rubric": benchmark.campaign.rubric.slug,
        "guideline_version": snapshot.guideline.number,
        "plan": benchmark.plan,
        "seed": benchmark.seed,
        "eligibility": benchmark.facts,
        "groups": len(part),
        "floors": {"random_scores": float(scores), "random_labels": float(labels)},
        "joint_check": outcomes,
        "labels_by_raters": sum(group["label_source"] == BY_RATERS for group in part),
        "override_reason": benchmark.override_reason,
        "mean_spread": _mean_spread(part),
        "single_rater_rows": _single_rater_rows(benchmark, part),
    }


def _mean_spread(part: list[Group]) -> float:
    """Best minus worst mean overall score, averaged over groups: how hard the benchmark is."""
    spreads = [group_from_json(group).spread for group in part]
    return float(sum(spreads, Fraction(0)) / len(spreads))


def _single_rater_rows(benchmark: Benchmark, part: list[Group]) -> list[dict[str, Any]]:
    """How often one rater's own scores give the published order: n per K, floors, intervals.

    The raters helped to make that order, so this flatters them; it is a ceiling's upper side.
    """
    dimensions = rubric_dimensions(benchmark.campaign.rubric)
    judged = []
    for group in part:
        exact = group_from_json(group)
        judged += [
            JudgedGroup(exact.item_id, exact.order, order.ranks == exact.order.ranks, failed=False)
            for order in implied_orders(exact, dimensions)
        ]
    return rows_to_json(group_rows(judged))
