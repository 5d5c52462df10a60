"""The guards' report on a snapshot, kept with it and repeated in the manifest."""

from collections.abc import Callable, Sequence
from typing import Any

from annotation_app.models import Snapshot
from annotation_app.services.exports.guards.claims import LISTED, audit_suspects, find_suspects
from annotation_app.services.exports.guards.images import check_images

Progress = Callable[[int, int, str], None]


def guard_snapshot(snapshot: Snapshot, progress: Progress) -> dict[str, Any]:
    """Look through a snapshot once, before anything is written from it.

    Raises:
        InvalidInputError: if images are missing; it names them with their items.
    """
    check_images(snapshot, progress)
    if "guards" not in snapshot.report:
        progress(0, 0, "looking for repeated and contradicting pairs")
        snapshot.report = snapshot.report | {"guards": _report(snapshot)}
        snapshot.save(update_fields=["report"])
    found: dict[str, Any] = snapshot.report["guards"]
    return found


def _report(snapshot: Snapshot) -> dict[str, Any]:
    suspects = find_suspects(snapshot)
    audit = audit_suspects(snapshot, suspects.items)
    return {
        "identical_candidates": _listed(suspects.identical),
        "shared_tasks": suspects.shared_tasks,
        "duplicate_rows": _listed([list(group) for group in audit.duplicates]),
        "contradicting_rows": _listed([list(group) for group in audit.contradictions]),
    }


def _listed(found: Sequence[Any]) -> dict[str, Any]:
    return {"count": len(found), "listed": list(found[:LISTED])}
