"""What a rubric allows: its dimensions with their levels."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from annotation_app.models import Dimension


@dataclass(frozen=True, slots=True)
class RubricShape:
    """The structure of a rubric: dimension keys in order, their ids and levels."""

    dimension_ids: Mapping[str, int]
    levels: Mapping[str, frozenset[int]]


@lru_cache(maxsize=256)
def rubric_shape(rubric_id: int) -> RubricShape:
    """Return a rubric's structure; it never changes once tasks pin the rubric."""
    dimensions = list(
        Dimension.objects.filter(rubric=rubric_id).order_by("ordinal").prefetch_related("levels")
    )
    return RubricShape(
        {dimension.key: dimension.pk for dimension in dimensions},
        {
            dimension.key: frozenset(level.value for level in dimension.levels.all())
            for dimension in dimensions
        },
    )
