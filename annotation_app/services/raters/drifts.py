"""Drift of every annotator: a CUSUM of the ranks of the residuals against the others."""

from collections.abc import Hashable
from typing import Any

import numpy as np

from analytics.raters.cusum import CusumPlan, cusum, sequential_ranks
from analytics.raters.residuals import Course, item_courses
from analytics.tables import RatingTable
from annotation_app.selectors.agreement.overlap_tables import OverlapRows
from annotation_app.selectors.quality.residual_series import moment_of

# Items before the rule can speak, and points of a course that are kept for its picture.
WARM_UP = 15
POINTS = 80


def drift_facts(
    table: RatingTable, rows: OverlapRows, rule: CusumPlan
) -> dict[str, dict[str, Any]]:
    """By user id: whether, since when and which way the residuals drift, and the course."""
    courses: dict[Hashable, Course] = {}
    if table.n_ratings:
        courses = item_courses(table, rows.submitted.astype(np.float64))
    return {str(label): _drift(course, rule) for label, course in courses.items()}


def _drift(course: Course, rule: CusumPlan) -> dict[str, Any]:
    n_items = len(course.residuals)
    found = cusum(
        sequential_ranks(course.residuals, warm_up=WARM_UP), mean=0, deviation=1, plan=rule
    )
    kept = np.unique(np.linspace(0, n_items - 1, min(POINTS, n_items)).astype(np.int64))
    facts: dict[str, Any] = {
        "n": n_items,
        "threshold": rule.threshold,
        "run_length": round(rule.average_run_length()),
        "items": (kept + 1).tolist(),
        "upper": [round(value, 3) for value in found.upper[kept].tolist()],
        "lower": [round(value, 3) for value in found.lower[kept].tolist()],
        "reason": "few_items" if n_items <= WARM_UP else None,
        "since": None,
        "rising": found.rising,
    }
    if found.alarm is not None and found.onset is not None:
        facts["since"] = moment_of(float(course.times[found.onset])).isoformat()
    return facts
