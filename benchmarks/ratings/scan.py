"""What "next" costs on a long queue: `python -m benchmarks.ratings.scan TASKS`.

Prints rows and buffers of the pick for a newcomer and for who has done the first 5,000, and what
that veteran's first call costs after the cursors were reset.
"""

import json
import sys
import time
from datetime import UTC, datetime

import django

django.setup()

# Models and factories exist only once Django is set up.
from annotation_app.models import QueueCursor  # noqa: E402
from annotation_app.services.assignment import lease_next_task  # noqa: E402
from annotation_app.services.queue.picking import START, QueuePosition  # noqa: E402
from tests.contention.test_queue_cost import pick_cost  # noqa: E402
from tests.factories.queues import fill_queue, rate_first  # noqa: E402
from tests.factories.world import make_annotators, make_campaign  # noqa: E402

DONE = 5000


def main() -> None:
    """Fill the queue and read the plans."""
    tasks = int(sys.argv[1])
    campaign = make_campaign(1, k=1)
    fill_queue(campaign, tasks, slots=2)
    veteran, newcomer = make_annotators(campaign, 2)
    done = min(DONE, tasks // 4)
    rate_first(campaign, veteran, done)
    now = datetime.now(UTC)
    began = time.perf_counter()
    lease_next_task(annotator=veteran, campaign=campaign, now=now)
    first = time.perf_counter() - began
    began = time.perf_counter()
    lease_next_task(annotator=veteran, campaign=campaign, now=now)
    second = time.perf_counter() - began
    cursor = QueueCursor.objects.get(annotator=veteran)
    place = QueuePosition(cursor.ranked_priority or 0.0, cursor.ranked_task or 0)
    fresh, steady = pick_cost(newcomer, campaign, START), pick_cost(veteran, campaign, place)
    figures = {
        "tasks": tasks,
        "done_by_veteran": done,
        "newcomer_rows": fresh[0],
        "newcomer_buffers": fresh[1],
        "veteran_rows": steady[0],
        "veteran_buffers": steady[1],
        "veteran_first_call_ms": round(1000 * first, 1),
        "veteran_next_call_ms": round(1000 * second, 1),
        "reads_whole_table": bool(fresh[2] or steady[2]),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
