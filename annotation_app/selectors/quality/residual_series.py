"""Annotators' residuals against the others over time, for the rule on drift."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from analytics.limits import FEWEST_RATERS
from analytics.raters.residuals import Course, item_courses
from analytics.tables import RatingTable
from annotation_app.enums import DATA_PURPOSES, RatingStatus
from annotation_app.models import Campaign, Rating, Score
from annotation_app.selectors.rubrics.scales import rubric_scales

CHUNK = 5000


class TimedRating(NamedTuple):
    """A counted rating: its unit, rater and time."""

    item: int
    annotator: int
    submitted_at: datetime


class TimedScore(NamedTuple):
    """A counted score of an item that several people rated."""

    dimension: str
    candidate: int
    level: int
    item: int
    annotator: int
    submitted_at: datetime


def residual_series(campaign: Campaign) -> dict[str, Mapping[int, Course]]:
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
    ratings = _ratings_by_revision(campaign)
    raters = Counter(rating.item for rating in ratings.values())
    shared = [
        revision for revision, rating in ratings.items() if raters[rating.item] >= FEWEST_RATERS
    ]
    found = []
    for start in range(0, len(shared), CHUNK):
        scores = Score.objects.filter(
            revision__in=shared[start : start + CHUNK], level__isnull=False
        ).values_list("revision_id", "dimension__key", "candidate_id", "level")
        found += [
            TimedScore(key, candidate, level or 0, *ratings[revision])
            for revision, key, candidate, level in scores.iterator(chunk_size=CHUNK)
        ]
    return found


def _ratings_by_revision(campaign: Campaign) -> dict[int, TimedRating]:
    # Not one statement: nested conditions on a table whose statistics are old ran for minutes.
    rows = Rating.objects.filter(
        campaign=campaign,
        status=RatingStatus.ACTIVE,
        purpose__in=DATA_PURPOSES,
        campaign_item__item__withdrawn_at__isnull=True,
        current_revision__isnull=False,
    ).values_list("current_revision_id", "campaign_item_id", "annotator_id", "submitted_at")
    return {
        revision or 0: TimedRating(item, annotator, moment)
        for revision, item, annotator, moment in rows.iterator(chunk_size=CHUNK)
    }


def _ids(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)
