"""Texts that are kept in several languages, and a rubric in the words of one."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypedDict, TypeVar

from annotation_app.enums import Language
from annotation_app.models import Dimension, GuidelineVersion

Text = TypeVar("Text")


class WordedCriterion(TypedDict):
    """What to look at on a dimension."""

    name: str
    description: str


class WordedLevel(TypedDict):
    """A level of a dimension: its number, its name, and what it means."""

    value: int
    name: str
    anchor: str


class WordedDimension(TypedDict):
    """A dimension of a rubric in the words of one language; levels from best to worst."""

    key: str
    name: str
    summary: str
    weight: float
    criteria: list[WordedCriterion]
    levels: list[WordedLevel]


def in_language(texts: Mapping[str, Text], language: str | None) -> Text:
    """Return the text in a language, else in English, else in any.

    Raises:
        LookupError: if there is no text at all.
    """
    for code in (language, Language.ENGLISH.value, *texts):
        if code is not None and code in texts:
            return texts[code]
    raise LookupError("there is no text in any language")


@lru_cache(maxsize=256)
def describe_rubric(rubric_id: int, guideline_id: int, language: str) -> list[WordedDimension]:
    """Return the dimensions in order, worded in a language, levels from best to worst.

    A rubric in use and a guideline version never change, so the answer is kept.
    """
    words = in_language(GuidelineVersion.objects.get(pk=guideline_id).wording, language)
    dimensions = Dimension.objects.filter(rubric=rubric_id).order_by("ordinal")
    return [
        _word_dimension(dimension, words.get(dimension.key, {}))
        for dimension in dimensions.prefetch_related("levels", "criteria")
    ]


def _word_dimension(dimension: Dimension, words: Mapping[str, Any]) -> WordedDimension:
    """The dimension in the guideline's words; what these leave out is named by its key."""
    criteria, levels = words.get("criteria", {}), words.get("levels", {})
    return WordedDimension(
        key=dimension.key,
        name=words.get("name", dimension.key),
        summary=words.get("summary", ""),
        weight=dimension.weight_numerator / dimension.weight_denominator,
        criteria=[
            criteria.get(criterion.key, {"name": criterion.key, "description": ""})
            for criterion in dimension.criteria.all()
        ],
        levels=[
            _word_level(level.value, levels.get(str(level.value), {}))
            for level in sorted(dimension.levels.all(), key=lambda one: one.value, reverse=True)
        ],
    )


def _word_level(value: int, words: Mapping[str, str]) -> WordedLevel:
    return WordedLevel(
        value=value, name=words.get("name", str(value)), anchor=words.get("anchor", "")
    )
