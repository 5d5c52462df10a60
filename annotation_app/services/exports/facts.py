"""Facts of a snapshot that manifest and card repeat: sources, licences, how it was collected."""

from typing import Any

from django.db.models import Avg, Count, Max, Min
from django.db.models.fields.json import KeyTextTransform

from annotation_app.models import Snapshot
from annotation_app.services.exports.training_folder import rubric_facts

Facts = dict[str, Any]


def source_facts(snapshot: Snapshot) -> list[Facts]:
    """Items by source dataset and licence."""
    rows = (
        snapshot.items.annotate(
            source=KeyTextTransform("source_dataset", "facts"),
            licence=KeyTextTransform("licence", "facts"),
        )
        .values("source", "licence")
        .annotate(items=Count("pk"))
        .order_by("source", "licence")
    )
    return [
        {"source": row["source"] or "", "licence": row["licence"] or "", "items": row["items"]}
        for row in rows
    ]


def collection_facts(snapshot: Snapshot) -> Facts:
    """How the counted ratings came to be: slots by kind and design, raters, time."""
    ratings = snapshot.ratings.order_by()
    kinds = (
        ratings.values("revision__rating__purpose", "revision__rating__task__design")
        .annotate(ratings=Count("pk"))
        .order_by("revision__rating__purpose", "revision__rating__task__design")
    )
    found = ratings.aggregate(
        raters=Count("revision__rating__annotator", distinct=True),
        first=Min("revision__created_at"),
        last=Max("revision__created_at"),
        seconds=Avg("revision__seconds"),
    )
    return {
        "raters": found["raters"],
        "ratings": [
            {
                "task_kind": row["revision__rating__purpose"],
                "design": row["revision__rating__task__design"],
                "ratings": row["ratings"],
            }
            for row in kinds
        ],
        "first_rating": found["first"].isoformat() if found["first"] else None,
        "last_rating": found["last"].isoformat() if found["last"] else None,
        "mean_seconds_per_item": round(found["seconds"] or 0.0, 3),
    }


def rubric_of(snapshot: Snapshot) -> Facts:
    """The rubric in the words of the snapshot's guideline, in English where there is English."""
    return rubric_facts(snapshot.rubric, guideline_words(snapshot))


def guideline_words(snapshot: Snapshot) -> Facts:
    """The guideline's wording by dimension."""
    wording: dict[str, Facts] = snapshot.guideline.wording
    return wording.get("en") or next(iter(wording.values()), {})


def dimension_levels(snapshot: Snapshot) -> dict[str, list[int]]:
    """The declared levels of each dimension, ascending, in the order of the rubric."""
    return {
        dimension.key: sorted(level.value for level in dimension.levels.all())
        for dimension in snapshot.rubric.dimensions.prefetch_related("levels")
    }


def dimension_names(snapshot: Snapshot) -> dict[str, str]:
    """What people call each dimension, by key."""
    words = guideline_words(snapshot)
    keys = snapshot.rubric.dimensions.values_list("key", flat=True)
    return {key: words.get(key, {}).get("name", key) for key in keys}
