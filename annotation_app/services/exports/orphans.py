"""Removes what stopped builds left on the disk and no build continued."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from annotation_app.enums import BuildState
from annotation_app.models import DatasetVersion

KEPT = timedelta(days=7)  # for so long a stopped build can resume with its finished parts
SUFFIX = ".building"


def remove_leftovers(*, now: datetime) -> int:
    """Remove folders of builds that stopped a week ago; return how many there were."""
    building = DatasetVersion.objects.filter(state=BuildState.BUILDING)
    busy = {str(name) for name in building.values_list("public_id", flat=True)}
    removed = 0
    for folder in Path(settings.EXPORT_ROOT).glob(f"*{SUFFIX}"):
        if folder.stem not in busy and now - _last_change(folder) > KEPT:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _last_change(folder: Path) -> datetime:
    times = [path.stat().st_mtime for path in (folder, *folder.iterdir())]
    return datetime.fromtimestamp(max(times), UTC)
