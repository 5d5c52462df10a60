"""Checking a judgement against its task's rubric: whole or not at all."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from annotation_app.enums import MissingReason
from annotation_app.exceptions import InvalidInputError
from annotation_app.selectors.rubrics.shapes import RubricShape

LONGEST_NOTE = 2000
LONGEST_SECONDS = 24 * 3600
LARGEST_AIDS = 10_000  # characters of JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreInput:
    """A level for a candidate on a dimension, or the reason why there is none."""

    candidate_id: int
    dimension: str
    level: int | None = None
    missing_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an annotator submits for one task.

    Attributes:
        client_uuid: made by the client, the same on every retry.
        scores: one for every shown candidate and dimension.
        seconds: active time on the item, idle excluded.
        aids: inspection aids used, by position on screen.
        note: free text.
    """

    client_uuid: UUID
    scores: Sequence[ScoreInput]
    seconds: float
    aids: Mapping[str, object]
    note: str = ""


def check_judgement(
    judgement: Judgement, *, shape: RubricShape, candidate_ids: Iterable[int]
) -> None:
    """Refuse a judgement that is not complete and within the rubric.

    Raises:
        InvalidInputError: naming the first error; the judgement must not be stored.
    """
    if not 0 <= judgement.seconds <= LONGEST_SECONDS:
        raise InvalidInputError(_("The time on the item must be between 0 seconds and a day."))
    if len(judgement.note) > LONGEST_NOTE:
        raise InvalidInputError(
            _("A note may have at most %(most)s characters.") % {"most": LONGEST_NOTE}
        )
    if len(json.dumps(judgement.aids)) > LARGEST_AIDS:
        raise InvalidInputError(_("The record of viewing aids used is too large."))
    shown = set(candidate_ids)
    given: set[tuple[int, str]] = set()
    for score in judgement.scores:
        _check_score(score, shape, shown)
        key = (score.candidate_id, score.dimension)
        if key in given:
            raise InvalidInputError(
                _("A candidate is scored twice on %(dimension)s.") % {"dimension": score.dimension},
                dimension=score.dimension,
            )
        given.add(key)
    lacking = len(shown) * len(shape.levels) - len(given)
    if lacking:
        said = _(
            "%(lacking)s of %(planned)s scores are missing: score every candidate on every "
            "dimension, or say why it cannot be judged."
        )
        planned = len(shown) * len(shape.levels)
        raise InvalidInputError(said % {"lacking": lacking, "planned": planned}, lacking=lacking)


def _check_score(score: ScoreInput, shape: RubricShape, shown: set[int]) -> None:
    if score.candidate_id not in shown:
        raise InvalidInputError(_("A score refers to a candidate that this task does not show."))
    levels = shape.levels.get(score.dimension)
    if levels is None:
        raise InvalidInputError(
            _("The rubric has no dimension %(dimension)s.") % {"dimension": score.dimension},
            dimension=score.dimension,
        )
    if (score.level is None) == (score.missing_reason == ""):
        raise InvalidInputError(_("A score must be either a level or a reason why it is missing."))
    if score.level is not None and score.level not in levels:
        allowed = ", ".join(str(level) for level in sorted(levels))
        raise InvalidInputError(
            _("%(level)s is not a level of %(dimension)s: use one of %(allowed)s.")
            % {"level": score.level, "dimension": score.dimension, "allowed": allowed},
            dimension=score.dimension,
            level=score.level,
        )
    if score.missing_reason and score.missing_reason not in MissingReason.values:
        raise InvalidInputError(
            _("%(reason)s is not a reason for a missing score.") % {"reason": score.missing_reason}
        )
