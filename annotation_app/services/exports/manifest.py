"""`manifest.json`: what went in, what came out, counts that reconcile, sha256 of every file."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from analytics.pairs.counts import PairCounts
from analytics.pairs.dataset import PairSummary
from annotation_app.models import DatasetVersion, Snapshot
from annotation_app.services.exports.options import ExportOptions

SCHEMA_VERSION = 1
MANIFEST = "manifest.json"


def write_manifest(
    folder: Path,
    *,
    snapshot: Snapshot,
    version: DatasetVersion,
    options: ExportOptions,
    summary: PairSummary,
    rows: dict[str, int],
) -> dict[str, Any]:
    """Write the manifest of a finished folder and return it."""
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "simulated": snapshot.is_simulated,
        "campaign": version.campaign.slug,
        "version": version.number,
        "snapshot": {
            "digest": snapshot.digest,
            "taken_at": snapshot.created_at.isoformat(),
            "items": snapshot.item_count,
            "ratings": snapshot.rating_count,
        },
        "rubric": snapshot.rubric.slug,
        "guideline_version": snapshot.guideline.number,
        "options": options.to_json(),
        "seed": version.seed,
        "rows": rows,
        "pairs": _summary(summary),
        "files": file_digests(folder),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def manifest_digest(folder: Path) -> str:
    """sha256 of the manifest file: the name of the whole version."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def file_digests(folder: Path) -> dict[str, dict[str, Any]]:
    """Size in bytes and sha256 of every file below a folder, by relative path."""
    digests = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST:
            with path.open("rb") as file:
                sha = hashlib.file_digest(file, "sha256").hexdigest()
            name = path.relative_to(folder).as_posix()
            digests[name] = {"bytes": path.stat().st_size, "sha256": sha}
    return digests


def _summary(summary: PairSummary) -> dict[str, Any]:
    return {
        "items": summary.items,
        "total": _counts(summary.total),
        "by_source": {name: _counts(counts) for name, counts in summary.by_source.items()},
        "by_split": {name: _counts(counts) for name, counts in summary.by_split.items()},
        "by_generator_pair": {
            " | ".join(pair): _counts(counts) for pair, counts in summary.by_generator_pair.items()
        },
    }


def _counts(counts: PairCounts) -> dict[str, int]:
    return asdict(counts)
