"""Levels of ratings and references as steps of their scales, for comparing them."""

from collections import defaultdict
from collections.abc import Iterable

from annotation_app.models import GoldItem, GoldScore, Level, Rubric, Score

Unit = tuple[int, int]  # candidate id, dimension id
Steps = dict[Unit, int | None]


def level_steps(rubric: Rubric) -> dict[int, dict[int, int]]:
    """For each dimension id: the place of each level's value, from 0."""
    values: defaultdict[int, list[int]] = defaultdict(list)
    rows = Level.objects.filter(dimension__rubric=rubric).order_by("value")
    for dimension, value in rows.values_list("dimension_id", "value"):
        values[dimension].append(value)
    return {
        dimension: {value: step for step, value in enumerate(ordered)}
        for dimension, ordered in values.items()
    }


def revision_steps(revisions: Iterable[int], steps: dict[int, dict[int, int]]) -> dict[int, Steps]:
    """What each revision says, as steps; None if the candidate could not be judged."""
    said: defaultdict[int, Steps] = defaultdict(dict)
    rows = Score.objects.filter(revision__in=list(revisions)).values_list(
        "revision_id", "candidate_id", "dimension_id", "level"
    )
    for revision, candidate, dimension, level in rows:
        step = None if level is None else steps[dimension][level]
        said[revision][candidate, dimension] = step
    return dict(said)


def gold_steps(
    gold: Iterable[GoldItem], steps: dict[int, dict[int, int]]
) -> dict[int, dict[Unit, int]]:
    """The reference of each gold item, by its id."""
    right: defaultdict[int, dict[Unit, int]] = defaultdict(dict)
    rows = GoldScore.objects.filter(gold_item__in=list(gold)).values_list(
        "gold_item_id", "candidate_id", "dimension_id", "level"
    )
    for item, candidate, dimension, level in rows:
        right[item][candidate, dimension] = steps[dimension][level]
    return dict(right)
