"""A rated campaign with the planted in it: `python -m benchmarks.ratings.planted_scene ITEMS`.

Prints `{"slug", "sessions": {theme: cookie}}` for admins who differ in their theme.
"""

import json
import sys

import django

django.setup()

# Models and factories exist only once Django is set up.
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from annotation_app.enums import Role, Theme  # noqa: E402
from annotation_app.services.people.members import add_member  # noqa: E402
from tests.factories.planted import make_planted_campaign  # noqa: E402
from tests.factories.world import make_user  # noqa: E402

RATED = 0.9


def main() -> None:
    """Make the campaign and sign the admins in."""
    planted = make_planted_campaign(int(sys.argv[1]), until=timezone.now(), rated=RATED)
    sessions = {}
    for theme in (Theme.LIGHT, Theme.DARK):
        admin = make_user(f"Robin-{theme}")
        admin.theme = theme
        admin.save()
        add_member(actor=None, campaign=planted.campaign, user=admin, role=Role.ADMIN)
        client = Client()
        client.force_login(admin)
        sessions[theme.value] = client.session.session_key
    print(json.dumps({"slug": planted.campaign.slug, "sessions": sessions}))


if __name__ == "__main__":
    main()
