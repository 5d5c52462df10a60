"""What a campaign's home page computes: `python -m benchmarks.ratings.levels_home SLUG`.

Cold: the first reading of a process. Changed: one more item waits for the fold each time. Prints
seconds, and the MB that a reading after a change allocates at most.
"""

import json
import sys
import time
import tracemalloc
from collections.abc import Callable

import django

django.setup()

# Models exist only once Django is set up.
from django.db import connection  # noqa: E402

from analytics.overall import OVERALL  # noqa: E402
from annotation_app.models import Campaign  # noqa: E402
from annotation_app.selectors.agreement.dashboard.slices import standing_out  # noqa: E402
from annotation_app.selectors.agreement.live.agreement import read_live  # noqa: E402
from annotation_app.selectors.agreement.tables import campaign_agreement  # noqa: E402
from benchmarks.ratings.live_read import change_some  # noqa: E402

TIMES = 3


def main() -> None:
    """Time the selector cold, unchanged and after changes; then every slice of the dashboard."""
    campaign = Campaign.objects.select_related("rubric").get(slug=sys.argv[1])
    connection.ensure_connection()
    cold = _seconds(lambda: campaign_agreement(campaign))
    warm = min(_seconds(lambda: campaign_agreement(campaign)) for _ in range(TIMES))
    slices = _seconds(lambda: standing_out(read_live(campaign)))
    changed = []
    for _ in range(TIMES):
        change_some(campaign, 1)
        changed.append(_seconds(lambda: campaign_agreement(campaign)))
    change_some(campaign, 1)
    tracemalloc.start()
    overall = campaign_agreement(campaign)[-1].summary
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    found = {
        "levels": len(read_live(campaign).pooled.sums[OVERALL].scale),
        "ratings_of_the_overall": overall.n_ratings,
        "cold_seconds": cold,
        "warm_seconds": warm,
        "changed_seconds": min(changed),
        "slices_seconds": slices,
        "peak_mb": peak,
        "alpha_of_the_overall": overall.headline.estimate.value,
    }
    print(json.dumps(found))


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
