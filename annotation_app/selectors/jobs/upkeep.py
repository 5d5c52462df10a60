"""How old the regular work in the background is, and what of it is overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from annotation_app.models import UpkeepRun

MISSED_ROUNDS = 4  # so many in a row are not a coincidence
LEAST = timedelta(minutes=2)  # a restart of everything is not worth an alarm


@dataclass(frozen=True)
class UpkeepState:
    """One kind of regular work and whether it is overdue now."""

    run: UpkeepRun
    age: timedelta | None
    overdue: bool
    failing: bool


def upkeep_states(now: datetime) -> list[UpkeepState]:
    """Every kind of regular work that was ever done here, by name."""
    return [_state(run, now) for run in UpkeepRun.objects.all()]


def overdue_since(now: datetime) -> datetime | None:
    """The oldest last round of what is overdue; None while all goes well."""
    late = [state.run.ended_at for state in upkeep_states(now) if state.overdue]
    known = [moment for moment in late if moment is not None]
    return min(known, default=None)


def _state(run: UpkeepRun, now: datetime) -> UpkeepState:
    age = now - run.ended_at if run.ended_at else None
    failing = run.failed_at is not None and (run.ended_at is None or run.failed_at > run.ended_at)
    late = age is not None and age > max(MISSED_ROUNDS * run.every, LEAST)
    return UpkeepState(run=run, age=age, overdue=late or (age is None and failing), failing=failing)
