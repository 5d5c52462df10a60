"""Annotators' residuals against the others over time, for the rule on drift."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from django.db.models import Count

from analytics.raters.residuals import Course, item_courses
from analytics.tables import RatingTable
from annotation_app.enums import DATA_PURPOSES, RatingStatus
from annotation_app.models import Campaign, Rating, Score
from annotation_app.selectors.scales import rubric_scales

CHUNK = 5000
FEWEST_RATERS = 2


class TimedScore(NamedTuple):
    """A counted score of an item that several people rated."""

    dimension: str
    candidate: int
    item: int
    annotator: int
    level: int
    submitted_at: datetime


def rater_courses(campaign: Campaign) -> dict[str, Mapping[int, Course]]:
    """For each dimension: every annotator's residuals in time order, times in Unix seconds."""
    rows = list(_overlapping_scores(campaign))
    courses: dict[str, Mapping[int, Course]] = {}
    for key, scale in rubric_scales(campaign.rubric).items():
        mine = [row for row in rows if row.dimension == key]
        places = {value: place for place, value in enumerate(scale.values)}
        table = RatingTable.from_ids(
            unit=_ids([row.candidate for row in mine]),
            rater=_ids([row.annotator for row in mine]),
            level=_ids([places[float(row.level)] for row in mine]),
            item=_ids([row.item for row in mine]),
            scale=scale,
        )
        times = np.array([row.submitted_at.timestamp() for row in mine], dtype=np.float64)
        found = item_courses(table, times) if mine else {}
        courses[key] = {int(str(label)): course for label, course in found.items()}
    return courses


def course_since(course: Course, moment: datetime | None) -> Course:
    """The part of a course that was rated at or after a moment."""
    if moment is None:
        return course
    kept = course.times >= moment.timestamp()
    return Course(course.residuals[kept], course.times[kept])


def moment_of(seconds: float) -> datetime:
    """The moment of a course's time."""
    return datetime.fromtimestamp(seconds, tz=UTC)


def _overlapping_scores(campaign: Campaign) -> list[TimedScore]:
    counted = Rating.objects.filter(
        campaign=campaign,
        status=RatingStatus.ACTIVE,
        purpose__in=DATA_PURPOSES,
        campaign_item__item__withdrawn_at__isnull=True,
    )
    several = counted.order_by().values("campaign_item").annotate(n=Count("pk"))
    shared = several.filter(n__gte=FEWEST_RATERS).values("campaign_item")
    scores = Score.objects.filter(
        revision__current_of__in=counted.filter(campaign_item__in=shared),
        level__isnull=False,
    ).values_list(
        "dimension__key",
        "candidate_id",
        "revision__current_of__campaign_item_id",
        "revision__current_of__annotator_id",
        "level",
        "revision__current_of__submitted_at",
    )
    return [
        TimedScore(key, candidate, item, annotator, level or 0, moment)
        for key, candidate, item, annotator, level, moment in scores.iterator(chunk_size=CHUNK)
    ]


def _ids(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)
