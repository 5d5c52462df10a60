"""Records the regular work in the background; its worker calls this after each round."""

from datetime import datetime, timedelta

from annotation_app.models import UpkeepRun

LONGEST_ERROR = 500


def record_round(*, name: str, every: timedelta, seconds: float, now: datetime) -> None:
    """Say that a round of this work went well."""
    UpkeepRun.objects.update_or_create(
        name=name,
        defaults={"every": every, "ended_at": now, "seconds": seconds, "told_at": None},
    )


def record_failure(*, name: str, every: timedelta, error: str, now: datetime) -> None:
    """Say that a round of this work failed; the next one tries again."""
    UpkeepRun.objects.update_or_create(
        name=name,
        defaults={"every": every, "failed_at": now, "error": error[:LONGEST_ERROR]},
    )
