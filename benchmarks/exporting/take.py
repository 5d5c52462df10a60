"""Takes a campaign's snapshot: `python -m benchmarks.exporting.take SLUG`.

Prints the seconds that each phase took, and the process's own peak of memory.
"""

import json
import resource
import sys
import time

import django

django.setup()

# Models and services exist only once Django is set up.
from annotation_app.models import Campaign  # noqa: E402
from annotation_app.services.exports.options import ExportOptions  # noqa: E402
from annotation_app.services.snapshots.taking import take_snapshot  # noqa: E402


def main() -> None:
    """Take it and say how long it took."""
    campaign = Campaign.objects.get(slug=sys.argv[1])
    began = time.perf_counter()
    phases: dict[str, float] = {}

    def note(_done: int, _total: int, message: str) -> None:
        phases.setdefault(message, round(time.perf_counter() - began, 2))

    snapshot = take_snapshot(
        campaign=campaign,
        created_by=None,
        choices=ExportOptions().snapshot_choices(campaign.seed),
        progress=note,
    )
    print(
        json.dumps(
            {
                "snapshot": snapshot.pk,
                "items": snapshot.item_count,
                "ratings": snapshot.rating_count,
                "seconds": time.perf_counter() - began,
                "phases_begin": phases,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
            }
        )
    )


if __name__ == "__main__":
    main()
