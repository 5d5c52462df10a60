"""Rubrics from a JSON file, checked field by field before anything is stored."""

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import GuidelineVersion, Rubric, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.numbers import LARGEST_LEVEL
from annotation_app.services.rubrics.rubrics import (
    FEWEST_LEVELS,
    MOST_LEVELS,
    check_wording,
    create_rubric,
)

KEY = re.compile(r"[a-z0-9][a-z0-9_-]*")
LONGEST_KEY, LONGEST_CRITERION, LONGEST_NAME = 20, 50, 200
RESERVED_KEY = "overall"


@dataclass(frozen=True, slots=True)
class RubricFile:
    """A checked rubric file."""

    slug: str
    name: str
    dimensions: list[dict[str, Any]]
    wording: dict[str, Any]
    document: dict[str, str]


def read_rubric(text: str) -> RubricFile:
    """Parse and check a rubric file.

    Args:
        text: JSON: `{"slug", "name", "dimensions": [{"key", "weight", "levels", "criteria"}],
            "wording": {language: {dimension: {"name", "summary", "levels", "criteria"}}},
            "document": {language: Markdown}}`.

    Raises:
        InvalidInputError: naming the field that breaks a rule.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(
            _("The file is not valid JSON: %(why)s") % {"why": error}
        ) from error
    if not isinstance(content, dict):
        _refuse("the file", _("must be a JSON object"))
    slug = _key(content.get("slug"), "slug", LONGEST_NAME)
    name = _text(content.get("name"), "name")
    dimensions = _dimensions(content.get("dimensions"))
    document = content.get("document", {"en": ""})
    if not isinstance(document, dict) or not all(isinstance(v, str) for v in document.values()):
        _refuse("document", _("must map a language to Markdown text"))
    wording = content.get("wording")
    if not isinstance(wording, dict):
        _refuse("wording", _("must map a language to the wording of each dimension"))
    _check_words(wording)
    return RubricFile(slug, name, dimensions, wording, document)


def store_rubric(*, actor: User, file: RubricFile) -> Rubric:
    """Create the rubric and its guideline version 1.

    Raises:
        InvalidInputError: if the wording does not cover the dimensions and levels.
        ConflictError: if a rubric of that slug exists.
    """
    try:
        with transaction.atomic():
            rubric = create_rubric(slug=file.slug, name=file.name, dimensions=file.dimensions)
            check_wording(rubric, file.wording)
            GuidelineVersion.objects.create(
                rubric=rubric, number=1, document=file.document, wording=file.wording
            )
            record_event(
                actor=actor,
                verb=AuditVerb.CREATED,
                object_type="rubric",
                object_id=rubric.pk,
                data={"slug": file.slug},
            )
    except IntegrityError as error:
        message = _("slug: a rubric named “%(slug)s” already exists. Choose another slug.")
        raise ConflictError(message % {"slug": file.slug}) from error
    return rubric


def _dimensions(given: object) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not given:
        _refuse("dimensions", _("must be a list of at least one dimension"))
    found = [_dimension(one, f"dimensions[{place}]") for place, one in enumerate(given)]
    keys = [one["key"] for one in found]
    if len(set(keys)) < len(keys):
        _refuse("dimensions", _("two dimensions have the same key"))
    return found


def _dimension(given: object, where: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        _refuse(where, _("must be a JSON object"))
    key = _key(given.get("key"), f"{where}.key", LONGEST_KEY)
    if key == RESERVED_KEY:
        _refuse(f"{where}.key", _("“overall” is reserved for the weighted sum"))
    criteria = given.get("criteria", [])
    if not isinstance(criteria, list):
        _refuse(f"{where}.criteria", _("must be a list of keys"))
    names = [
        _key(one, f"{where}.criteria[{place}]", LONGEST_CRITERION)
        for place, one in enumerate(criteria)
    ]
    if len(set(names)) < len(names):
        _refuse(f"{where}.criteria", _("two criteria have the same key"))
    return {
        "key": key,
        "weight": _weight(given.get("weight", [1, 1]), f"{where}.weight"),
        "levels": _levels(given.get("levels"), f"{where}.levels"),
        "criteria": names,
    }


def _weight(given: object, where: str) -> list[int]:
    if not isinstance(given, list) or [type(one) for one in given] != [int, int]:
        _refuse(where, _("must be [numerator, denominator], two whole numbers"))
    if min(given) < 1 or max(given) > LARGEST_LEVEL:
        _refuse(where, _("must be positive and at most 1000"))
    return given


def _levels(given: object, where: str) -> list[int]:
    if not isinstance(given, list) or any(type(one) is not int for one in given):
        _refuse(where, _("must be a list of whole numbers"))
    if len(set(given)) < len(given) or not FEWEST_LEVELS <= len(given) <= MOST_LEVELS:
        _refuse(where, _("must be 2 to 10 different numbers"))
    if min(given) < 0 or max(given) > LARGEST_LEVEL:
        _refuse(where, _("must be between 0 and 1000"))
    return given


def _check_words(wording: dict[str, Any]) -> None:
    for language, dimensions in wording.items():
        if not isinstance(dimensions, dict):
            _refuse(f"wording.{language}", _("must be a JSON object"))
        for key, words in dimensions.items():
            where = f"wording.{language}.{key}"
            if not isinstance(words, dict) or not isinstance(words.get("levels"), dict):
                _refuse(f"{where}.levels", _("must map each level to its name and anchor"))
            _text(words.get("name"), f"{where}.name")
            for level, said in words["levels"].items():
                _text(said.get("name") if isinstance(said, dict) else None, f"{where}.{level}.name")


def _key(given: object, where: str, longest: int) -> str:
    if not isinstance(given, str) or not KEY.fullmatch(given) or len(given) > longest:
        _refuse(where, _("must be a short name of lower-case letters, digits, - and _"))
    return given


def _text(given: object, where: str) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > LONGEST_NAME:
        _refuse(where, _("must be a text of 1 to 200 characters"))
    return given


def _refuse(where: str, why: str) -> NoReturn:
    raise InvalidInputError(f"{where}: {why}.", field=where)
