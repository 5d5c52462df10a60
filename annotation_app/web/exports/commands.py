"""What to type to train and judge a model on a version, as its page prints it."""

import shlex
from pathlib import Path

from django.conf import settings

from annotation_app.models import DatasetVersion

PROGRAM = ".venv/bin/python -m modeling"
TEST, VALIDATION = "test", "validation"


def training_commands(version: DatasetVersion) -> list[str]:
    """One line to train, one to evaluate, for the machine that has the folder.

    Few items may leave the test split empty: the second line then names the validation split.
    Empty if the version was built without the format that training reads.
    """
    if not version.manifest.get("rows", {}).get("training"):
        return []
    data = shlex.quote(str(Path(settings.EXPORT_ROOT) / version.folder))
    model = f"{version.campaign.slug}-v{version.number}-model"
    splits = version.manifest.get("pairs", {}).get("by_split", {})
    other = f" --split {VALIDATION}" if TEST not in splits and VALIDATION in splits else ""
    return [f"{PROGRAM} train {data} {model}", f"{PROGRAM} evaluate {model} {data}{other}"]
