"""A share of everyone at every door, in a fresh installation.

`python -m benchmarks.crawling.doors FIRST STEP` walks with every STEP-th person from FIRST on, or
with a seeded sample of all if STEP is 0. Prints one JSON object.
"""

import json
import logging
import sys

import django
from django.test.utils import setup_test_environment

django.setup()

# Models and services exist only once Django is set up.
from tests.annotation_app.access_matrix.blind_scene import make_blind_scene  # noqa: E402
from tests.annotation_app.access_matrix.cast import EVERYBODY, READER, sample  # noqa: E402
from tests.annotation_app.access_matrix.walking import walk  # noqa: E402


def main() -> None:
    """Walk and print what came of it."""
    setup_test_environment(debug=False)
    logging.disable(logging.CRITICAL)  # thousands of refusals are told to nobody
    first, step = map(int, sys.argv[1:])
    chosen = EVERYBODY[first::step] if step else sample(first)
    # somebody who judges nothing walks along: what they find, blind people would too
    made = walk(make_blind_scene([READER, *(part for part in chosen if part != READER)]))
    rows = {
        row: {str(EVERYBODY.index(part)): sign for part, sign in told.items()}
        for row, told in made.rows.items()
    }
    leaks = [f"{who} reads {mark!r} at {row}" for who, row, mark in made.leaks]
    unseen = [mark for mark, where in made.seen.items() if not where]
    print(json.dumps({"rows": rows, "leaks": leaks, "unseen": unseen}))


if __name__ == "__main__":
    main()
