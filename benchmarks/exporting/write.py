"""Writes an export: `python -m benchmarks.exporting.write SNAPSHOT IMAGES FORMAT…`.

Prints time, the process's own peak of memory, counts, sizes and the sha256 over all files.
"""

import hashlib
import json
import resource
import sys
import time
from dataclasses import asdict
from typing import Any

import django

django.setup()

# Models and services exist only once Django is set up.
from annotation_app.models import DatasetVersion, Snapshot  # noqa: E402
from annotation_app.services.exports.build import build_folder  # noqa: E402
from annotation_app.services.exports.options import (  # noqa: E402
    ExportFormat,
    ExportOptions,
    ImageMode,
)
from annotation_app.services.exports.sizing import estimate_size, snapshot_amounts  # noqa: E402


def main() -> None:
    """Build once from the snapshot."""
    snapshot = Snapshot.objects.select_related("campaign", "rubric").get(pk=int(sys.argv[1]))
    options = ExportOptions(
        formats=tuple(ExportFormat(name) for name in sys.argv[3:]), images=ImageMode(sys.argv[2])
    )
    version = DatasetVersion(
        campaign=snapshot.campaign, snapshot=snapshot, number=1, options=options.to_json(), seed=0
    )
    estimate = estimate_size(snapshot_amounts(snapshot), options)
    began, cpu = time.perf_counter(), time.process_time()
    built = build_folder(
        version=version, snapshot=snapshot, options=options, progress=lambda *_told: None
    )
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "processor_seconds": time.process_time() - cpu,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
                "written_mb": built.written / 1e6,
                "mb_per_second": built.megabytes_per_second,
                "estimated_mb": estimate.total / 1e6,
                "pairs": built.manifest["pairs"]["total"],
                "rows": built.manifest["rows"],
                "reconciles": _reconciles(built.manifest),
                "sha256": _digest(built.manifest["files"]),
                "estimate": asdict(estimate),
                "folder": str(built.folder),
            }
        )
    )


def _reconciles(manifest: dict[str, Any]) -> bool:
    """Whether the parts of every breakdown sum to the total, and its kinds to all pairs."""
    total = manifest["pairs"]["total"]
    kinds = ("strict", "disentangled", "identical", "incomparable")
    parts = [manifest["pairs"][name] for name in ("by_source", "by_split", "by_generator_pair")]
    sums = [{key: sum(counts[key] for counts in part.values()) for key in total} for part in parts]
    made = total["strict"] + total["tagged_rows"]
    return (
        all(one == total for one in sums)
        and sum(total[kind] for kind in kinds) == total["possible"]
        and total["exported_rows"] == made
        and manifest["rows"].get("edit_reward_json", made) == made
    )


def _digest(files: dict[str, Any]) -> str:
    lines = [f"{facts['sha256']}  {name}" for name, facts in sorted(files.items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


if __name__ == "__main__":
    main()
