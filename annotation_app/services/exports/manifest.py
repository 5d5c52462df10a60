"""`manifest.json`: what went in, what came out, counts that reconcile, sha256 of every file."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analytics.pairs.counts import PairCounts
from analytics.pairs.dataset import PairSummary
from annotation_app.models import DatasetVersion, Snapshot
from annotation_app.services.exports.facts import collection_facts, rubric_of, source_facts
from annotation_app.services.exports.options import ExportOptions

SCHEMA_VERSION = 2
MANIFEST = "manifest.json"
HASHED_AT_ONCE = 4 << 20

Manifest = dict[str, Any]
Step = Callable[[int, int], None]


def describe_version(
    *,
    snapshot: Snapshot,
    version: DatasetVersion,
    options: ExportOptions,
    summary: PairSummary,
    rows: dict[str, int],
) -> Manifest:
    """Everything that a manifest says before its files are hashed; the card is written from it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "simulated": snapshot.is_simulated,
        "campaign": version.campaign.slug,
        "campaign_name": version.campaign.name,
        "version": version.number,
        "snapshot": {
            "digest": snapshot.digest,
            "taken_at": snapshot.created_at.isoformat(),
            "items": snapshot.item_count,
            "ratings": snapshot.rating_count,
        },
        "rubric": snapshot.rubric.slug,
        "rubric_facts": rubric_of(snapshot),
        "guideline_version": snapshot.guideline.number,
        "options": options.to_json(),
        "seed": version.seed,
        "rows": rows,
        "pairs": _summary(summary),
        "sources": source_facts(snapshot),
        "collection": collection_facts(snapshot),
        "report": snapshot.report,
    }


def write_manifest(folder: Path, facts: Manifest, step: Step | None = None) -> Manifest:
    """Hash the files of a finished folder, write its manifest and return it."""
    manifest = facts | {"files": file_digests(folder, step)}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def manifest_digest(folder: Path) -> str:
    """sha256 of the manifest file: the name of the whole version."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def file_digests(folder: Path, step: Step | None = None) -> dict[str, dict[str, Any]]:
    """Size in bytes and sha256 of every file below a folder, by relative path.

    Args:
        folder: the folder to hash.
        step: called with the bytes hashed and the total; it may raise to stop.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    sizes = [path.stat().st_size for path in paths]
    total, before = sum(sizes), 0
    digests = {}
    for path, size in zip(paths, sizes, strict=True):
        sha = _sha256(path, before, total, step)
        digests[path.relative_to(folder).as_posix()] = {"bytes": size, "sha256": sha}
        before += size
    return digests


def _sha256(path: Path, before: int, total: int, step: Step | None) -> str:
    digest, done = hashlib.sha256(), before
    with path.open("rb") as file:
        while chunk := file.read(HASHED_AT_ONCE):
            digest.update(chunk)
            done += len(chunk)
            if step is not None:
                step(min(done, total), total)
    return digest.hexdigest()


def _summary(summary: PairSummary) -> dict[str, Any]:
    return {
        "items": summary.items,
        "total": _counts(summary.total),
        "by_source": {name: _counts(counts) for name, counts in summary.by_source.items()},
        "by_split": {name: _counts(counts) for name, counts in summary.by_split.items()},
        "by_generator_pair": {
            " | ".join(pair): _counts(counts) for pair, counts in summary.by_generator_pair.items()
        },
        "by_rater": {name: _counts(counts) for name, counts in summary.by_rater.items()},
    }


def _counts(counts: PairCounts) -> dict[str, int]:
    return asdict(counts)
