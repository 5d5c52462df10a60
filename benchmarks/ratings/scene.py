"""A small simulated campaign to take pictures of: `python -m benchmarks.ratings.scene ITEMS`.

Prints `{"slug", "sessions": {name: cookie}}` for people who differ in language and theme.
"""

import json
import sys
import tempfile
from pathlib import Path

import django

django.setup()

# Models and services exist only once Django is set up.
from django.test import Client  # noqa: E402

from annotation_app.enums import Language, Role, Theme  # noqa: E402
from annotation_app.services.campaigns.creation import (  # noqa: E402
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign  # noqa: E402
from annotation_app.services.collections.collections import create_collection  # noqa: E402
from annotation_app.services.collections.importing.running import import_items  # noqa: E402
from annotation_app.services.people.members import add_member  # noqa: E402
from simulation.manifest import write_manifest  # noqa: E402
from simulation.world import World  # noqa: E402
from tests.factories.world import make_user  # noqa: E402

SEED = 7
PEOPLE = {
    "light": (Language.ENGLISH, Theme.LIGHT),
    "dark": (Language.ENGLISH, Theme.DARK),
    "contrast": (Language.ENGLISH, Theme.CONTRAST),
    "chinese": (Language.CHINESE, Theme.LIGHT),
}


def main() -> None:
    """Draw the world, import it, plan it, sign everyone in."""
    collection = create_collection(name="Simulated scenes", actor=None, is_simulated=True)
    with tempfile.TemporaryDirectory() as folder:
        write_manifest(World(seed=SEED, items=int(sys.argv[1])), Path(folder))
        import_items(path=Path(folder), collection=collection)
    campaign = create_campaign(
        actor=None, name="Spring edits", collection=collection, design=CampaignDesign(seed=SEED)
    )
    set_overlap_plan(
        actor=None, campaign=campaign, base_ratings=4, overlap_share=0.0, overlap_ratings=4
    )
    plan_campaign(campaign=campaign)
    sessions = {}
    for name, (language, theme) in PEOPLE.items():
        person = make_user(f"Robin-{name}")
        person.language, person.theme = language, theme
        person.save()
        add_member(actor=None, campaign=campaign, user=person, role=Role.ANNOTATOR)
        client = Client()
        client.force_login(person)
        sessions[name] = client.session.session_key
    print(json.dumps({"slug": campaign.slug, "sessions": sessions}))


if __name__ == "__main__":
    main()
