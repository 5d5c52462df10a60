"""Fills a queue and signs annotators in: `python -m benchmarks.ratings.prepare TASKS CLIENTS`.

Prints `{"slug", "sessions": [cookie], "people": [user name], "password"}`.
"""

import json
import sys

import django

django.setup()

# Models and factories exist only once Django is set up.
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.test import Client  # noqa: E402

from annotation_app.models import Task, User  # noqa: E402
from tests.factories.queues import fill_queue  # noqa: E402
from tests.factories.world import PASSWORD, make_annotators, make_viewable_campaign  # noqa: E402


def main() -> None:
    """Make the campaign, its queue and its people."""
    tasks, clients = int(sys.argv[1]), int(sys.argv[2])
    campaign = make_viewable_campaign(1, k=7)
    fill_queue(campaign, tasks, k=7)
    people = make_annotators(campaign, clients)
    assert Task.objects.count() >= tasks  # noqa: S101 - a study that measures nothing must stop
    sessions = [_sign_in(one) for one in people]
    names = [one.username for one in people]
    said = {"slug": campaign.slug, "sessions": sessions, "people": names, "password": PASSWORD}
    print(json.dumps(said))


def _sign_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    key = client.session.session_key
    assert SessionStore(key).exists(str(key))  # noqa: S101 - see above
    return str(key)


if __name__ == "__main__":
    main()
