"""A small rated campaign and the shortest way to a built version of it."""

from pathlib import Path

import pytest
from django.conf import settings

from annotation_app.services.exports.options import ExportOptions
from annotation_app.services.exports.versions import request_dataset, run_export_job
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign

# candidate by id: (IF, VQ). A and B tie overall with opposite winners; C and D are equal.
LEVELS = {0: (4, 1), 1: (2, 3), 2: (1, 1), 3: (1, 1)}


def quiet(done, total, message):
    pass


def rule(place, key):
    return LEVELS[place][key == "vq"]


@pytest.fixture
def campaign():
    campaign = make_campaign(1, k=4)
    [annotator] = make_annotators(campaign, 1)
    rate_by_rule(campaign, annotator, rule)
    return campaign


@pytest.fixture
def build():
    """Builds a version, or a second one of the same snapshot; returns it with its folder."""

    def build(campaign, *, snapshot=None, progress=quiet, **options):
        version = request_dataset(
            campaign=campaign, options=ExportOptions(**options), created_by=None
        )
        version.snapshot = snapshot
        version.save()
        run_export_job(version.job, progress)
        version.refresh_from_db()
        return version, Path(settings.EXPORT_ROOT) / version.folder

    return build
