"""Unruly clients on one campaign: `python -m benchmarks.ratings.contend TASKS OVERLAP CLIENTS`.

Four processes share the clients, each client a thread. Prints what was planned, counted, lost.
"""

import json
import multiprocessing
import sys
import time
from datetime import UTC, datetime

import django

django.setup()

# Models and factories exist only once Django is set up.
from django.db import connection  # noqa: E402
from django.db.models import Count, Q  # noqa: E402

from annotation_app.enums import RatingStatus, TaskState  # noqa: E402
from annotation_app.models import Campaign, CampaignItem, Rating, Task, User  # noqa: E402
from tests.contention.clients import Outcome, SharedClock, run_clients  # noqa: E402
from tests.factories.queues import fill_queue  # noqa: E402
from tests.factories.world import make_annotators, make_campaign  # noqa: E402

PROCESSES = 4
START = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def main() -> None:
    """Run the clients, then compare the answers they got with what is stored."""
    tasks, overlap, clients = (int(word) for word in sys.argv[1:4])
    campaign = make_campaign(1, k=2, base=overlap, overlap=overlap)
    fill_queue(campaign, tasks - overlap, slots=overlap, k=2)
    people = make_annotators(campaign, clients)
    began = time.monotonic()
    outcomes = _run(campaign, people)
    print(json.dumps(_verdict(campaign, overlap, outcomes, time.monotonic() - began)))


def _run(campaign: Campaign, people: list[User]) -> list[Outcome]:
    connection.close()  # each process opens its own
    context = multiprocessing.get_context("fork")
    clock = SharedClock(START)
    answers: multiprocessing.Queue[list[Outcome]] = context.Queue()

    def work(place: int) -> None:
        open_tasks = Task.objects.filter(campaign=campaign).exclude(state=TaskState.FILLED)
        answers.put(
            run_clients(
                campaign,
                people[place::PROCESSES],
                clock=clock,
                seed=1000 * place,
                is_over=lambda: not open_tasks.exists(),
            )
        )

    processes = [context.Process(target=work, args=(place,)) for place in range(PROCESSES)]
    for process in processes:
        process.start()
    outcomes = [outcome for _ in processes for outcome in answers.get()]
    for process in processes:
        process.join()
    return outcomes


def _verdict(
    campaign: Campaign, overlap: int, outcomes: list[Outcome], seconds: float
) -> dict[str, object]:
    active = Q(ratings__status=RatingStatus.ACTIVE)
    counts = dict(
        CampaignItem.objects.filter(campaign=campaign)
        .annotate(n=Count("ratings__annotator", filter=active, distinct=True))
        .values_list("pk", "n")
    )
    counted = Rating.objects.filter(status=RatingStatus.ACTIVE).count()
    told = {uuid: status for one in outcomes for uuid, status in one.acknowledged.items()}
    stored = dict(Rating.objects.values_list("client_uuid", "status"))
    return {
        "planned": len(counts) * overlap,
        "counted": counted,
        "surplus": sum(max(0, n - overlap) for n in counts.values()),
        "missing": sum(max(0, overlap - n) for n in counts.values()),
        "lost": sum(stored.get(uuid) != status for uuid, status in told.items()),
        "untold": len(stored.keys() - told.keys()),
        "superseded": len(stored) - counted,
        "repeats": sum(one.repeats for one in outcomes),
        "unequal_repeats": sum(one.unequal_repeats for one in outcomes),
        "refused_second_windows": sum(one.conflicts for one in outcomes),
        "stalls": sum(one.stalls for one in outcomes),
        "errors": [error for one in outcomes for error in one.errors][:5],
        "seconds": round(seconds, 1),
    }


if __name__ == "__main__":
    main()
