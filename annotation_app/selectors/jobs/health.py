"""How the installation is: its jobs, regular work, audit log, processes and disk."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from annotation_app.enums import JobState
from annotation_app.models import AuditCheck, Job
from annotation_app.selectors.jobs.upkeep import UpkeepState, upkeep_states

REPORT = "supervisor.json"
LITTLE_ROOM = 1_000_000_000  # bytes; an import or export easily writes that much


@dataclass(frozen=True)
class ProcessState:
    """A process or private service that script/demo keeps running, and how often it had to."""

    name: str
    pid: int | None
    since: datetime | None
    restarts: int
    last_end: str


@dataclass(frozen=True)
class Health:
    """The health report for the operator.

    Attributes:
        jobs: queued, of those not sent yet, and running.
        upkeep: the regular work.
        audit: the last verification of the audit log; None if there was none yet.
        processes: None if they were not started by script/demo.
        free_bytes: on the disk of the data folder.
    """

    jobs: dict[str, int]
    upkeep: list[UpkeepState]
    audit: AuditCheck | None
    processes: list[ProcessState] | None
    free_bytes: int

    @property
    def has_room(self) -> bool:
        return self.free_bytes >= LITTLE_ROOM


def read_health(now: datetime) -> Health:
    """Look at everything once."""
    queued = Q(state=JobState.QUEUED)
    jobs = Job.objects.aggregate(
        queued=Count("pk", filter=queued),
        unsent=Count("pk", filter=queued & Q(sent_at=None)),
        running=Count("pk", filter=Q(state=JobState.RUNNING)),
    )
    return Health(
        jobs=jobs,
        upkeep=upkeep_states(now),
        audit=AuditCheck.objects.first(),
        processes=read_processes(Path(settings.RUN_ROOT)),
        free_bytes=shutil.disk_usage(_existing(Path(settings.EXPORT_ROOT))).free,
    )


def read_processes(folder: Path) -> list[ProcessState] | None:
    """The last report of script/demo on its processes; None if it does not serve from there."""
    try:
        report = json.loads((folder / REPORT).read_text())
        return [_process(one) for one in report["processes"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _process(said: dict[str, Any]) -> ProcessState:
    since = said["since"]
    return ProcessState(
        name=str(said["name"]),
        pid=said["pid"],
        since=datetime.fromtimestamp(since, UTC) if since else None,
        restarts=int(said["restarts"]),
        last_end=str(said["last_end"]),
    )


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
