"""A collection to import into, and a storage of the test's own."""

import pytest

from annotation_app.models import Collection


@pytest.fixture
def collection(db, settings, tmp_path):
    """An empty collection; images go to a folder of this test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return Collection.objects.create(name="Hand-made", slug="hand-made")


@pytest.fixture
def stored_files(settings):
    """Counts the files in storage."""
    return lambda: sum(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))
