"""Times the agreement dashboard of a campaign: `python -m benchmarks.ratings.dashboard_read SLUG`.

Prints milliseconds of the whole answer: the first of a process, and the median of those after it.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable

import django

django.setup()

# Models and factories exist only once Django is set up.
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from annotation_app.web.agreement.charts import CHARTS  # noqa: E402
from tests.factories.world import make_user  # noqa: E402

TIMES = 15


def main() -> None:
    """Read the page again and again, then every chart."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(make_user(superuser=True))
    slug = sys.argv[1]
    page = reverse("agreement", args=[slug])
    cold = _milliseconds(client, page)
    warm = statistics.median(_milliseconds(client, page) for _ in range(TIMES))
    asked: list[str] = []
    with connection.execute_wrapper(_noting(asked)):
        size = len(client.get(page).content)
    charts = {}
    for name in CHARTS:
        address = reverse("agreement-chart", args=[slug, name, "data"])
        charts[name] = statistics.median(_milliseconds(client, address) for _ in range(TIMES))
    figures = {
        "cold_ms": cold,
        "warm_ms": warm,
        "queries": len(asked),
        "kilobytes": size / 1000,
        "chart_ms": charts,
    }
    print(json.dumps(figures))


def _noting(asked: list[str]) -> Callable[..., object]:
    """Keep every question to the database."""

    def execute(run: Callable[..., object], sql: str, *rest: object) -> object:
        asked.append(sql)
        return run(sql, *rest)

    return execute


def _milliseconds(client: Client, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code  # noqa: S101 - a broken study must stop
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
