"""A cast: Ada administers the installation, Rita reviews, Resi researches, Anna annotates."""

import pytest
from django.test import Client

from annotation_app.enums import Role
from annotation_app.models import Membership, User
from annotation_app.services.collections.collections import create_collection
from annotation_app.services.collections.importing.campaigns import plan_imported
from annotation_app.services.collections.importing.running import import_items
from tests.factories.files import item, make_folder

INSIDERS = {
    "rita": Role.REVIEWER,
    "resi": Role.RESEARCHER,
    "carl": Role.ADMIN,
    "anna": Role.ANNOTATOR,
}


@pytest.fixture
def collection(db, settings, tmp_path):
    """Two items in a collection with one campaign."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.IMPORT_STAGING_ROOT = tmp_path / "staging"
    settings.IMPORT_ROOTS = []
    collection = create_collection(name="Park", actor=None)
    import_items(path=make_folder(tmp_path / "in", [item("a"), item("b")]), collection=collection)
    return collection


@pytest.fixture
def people(collection):
    """Everybody by name; `owen` made the collection (no right by itself), `zoe` is elsewhere."""
    campaign = plan_imported(name="Pilot", collection=collection)
    people = {"ada": User.objects.create_superuser("ada")}
    for name in (*INSIDERS, "owen", "zoe"):
        people[name] = User.objects.create_user(name)
    for name, role in INSIDERS.items():
        Membership.objects.create(campaign=campaign, user=people[name], role=role)
    collection.created_by = people["owen"]
    collection.save()
    return people


@pytest.fixture
def as_person(people):
    """A signed-in client for a name."""

    def sign_in(name):
        client = Client()
        client.force_login(people[name])
        return client

    return sign_in
