"""Reading a judgement from JSON by hand: it is the busiest request, and nested serializers cost."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from annotation_app.exceptions import InvalidInputError
from annotation_app.services.rating.judgements import Judgement, ScoreInput


def read_judgement(data: object, candidate_order: list[int]) -> Judgement:
    """Turn a request's JSON into a judgement, positions on screen into candidates.

    `JudgementSerializer` takes the same bodies; what the values mean is the service's question.

    Raises:
        InvalidInputError: naming the field that is missing or has the wrong type.
    """
    if not isinstance(data, Mapping):
        raise InvalidInputError(_("Send the judgement as a JSON object."))
    scores = _field(data, "scores", list)
    return Judgement(
        client_uuid=_read_uuid(data.get("client_uuid")),
        scores=[_read_score(score, candidate_order) for score in scores],
        seconds=_read_seconds(data.get("seconds")),
        aids=_field(data, "aids", dict, {}),
        note=_field(data, "note", str, "").strip(),
    )


def read_undo(data: object) -> bool:
    """Whether a changed judgement came through the undo key.

    Raises:
        InvalidInputError: if the value is neither true nor false.
    """
    value = data.get("undo", False) if isinstance(data, Mapping) else False
    if not isinstance(value, bool):
        raise InvalidInputError(
            _("The field %(name)s is missing or has the wrong type.") % {"name": "undo"},
            field="undo",
        )
    return value


def _read_score(score: object, candidate_order: list[int]) -> ScoreInput:
    if not isinstance(score, Mapping):
        raise InvalidInputError(_("Each score must be a JSON object."), field="scores")
    position = _field(score, "position", int)
    if not 1 <= position <= len(candidate_order):
        raise InvalidInputError(
            _("A score refers to a candidate that this task does not show."), position=position
        )
    level = score.get("level")
    if isinstance(level, bool) or not isinstance(level, int | None):
        raise InvalidInputError(_("A level must be a whole number."), field="level")
    return ScoreInput(
        candidate_id=candidate_order[position - 1],
        dimension=_field(score, "dimension", str),
        level=level,
        missing_reason=_field(score, "missing_reason", str, ""),
    )


def _read_seconds(value: object) -> float:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    except OverflowError:  # a whole number of hundreds of digits
        pass
    raise InvalidInputError(_("The field seconds must be a number."), field="seconds")


def _read_uuid(value: object) -> UUID:
    try:
        if isinstance(value, str):
            return UUID(value)
    except ValueError:
        pass
    raise InvalidInputError(_("The field client_uuid must be a UUID."), field="client_uuid")


def _field(data: Mapping[str, Any], name: str, kind: type[Any], default: Any = None) -> Any:  # noqa: ANN401 - JSON
    value = data.get(name, default)
    if isinstance(value, bool) or not isinstance(value, kind):
        raise InvalidInputError(
            _("The field %(name)s is missing or has the wrong type.") % {"name": name}, field=name
        )
    return value
