"""The loop and the tour in a fresh installation: `python -m benchmarks.crawling.walk QUICK`.

Without the word it is the whole tour. Prints the counts and the faults as one JSON object.
"""

import json
import logging
import sys
import time
from dataclasses import asdict
from typing import Any

import django
from django.test.utils import setup_test_environment
from django.urls import URLPattern, URLResolver, get_resolver

django.setup()

# Models and services exist only once Django is set up.
from benchmarks.crawling.visits import Limits  # noqa: E402
from benchmarks.crawling.walking import Plan, Tour, tour  # noqa: E402
from tests.factories.loop.words import MARK  # noqa: E402
from tests.factories.loop.world import run_the_loop  # noqa: E402

FULL = Plan(Limits(per_door=200, per_question=8, per_form=2), typed=200)
QUICK = Plan(Limits(per_door=2, per_question=1, per_form=0), languages=("en",), typed=15)
# Opened by forms and scripts alone: no page prints a link to them.
OWN = "annotation_app."


def main() -> None:
    """Run everything and print what came of it."""
    setup_test_environment(debug=False)
    logging.disable(logging.CRITICAL)  # failing jobs are part of the loop
    plan = QUICK if sys.argv[1:] == ["QUICK"] else FULL
    began = time.perf_counter()
    world = run_the_loop()
    furnished = time.perf_counter()
    made = tour(world.cast.readers, plan, starts=world.starts, mark=MARK)
    ended = time.perf_counter()
    print(
        json.dumps(
            _report(made) | {"loop_seconds": furnished - began, "walk_seconds": ended - furnished}
        )
    )


def _report(made: Tour) -> dict[str, Any]:
    return {
        "pages_opened": made.opened,
        "pages_typed_in": made.typed,
        "forms_sent": made.forms_sent,
        "commands": sorted(made.commands),
        "doors_opened": len(made.doors),
        "doors_never_opened": sorted(_own_doors() - made.doors),
        "faults": [asdict(fault) for fault in made.faults],
    }


def _own_doors(resolver: URLResolver | None = None) -> set[str]:
    """Names of our own pages."""
    found: set[str] = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            found.add(entry.name or "")
        elif getattr(entry.urlconf_name, "__name__", "").startswith(OWN):
            found |= _own_doors(entry)
    return found


if __name__ == "__main__":
    main()
