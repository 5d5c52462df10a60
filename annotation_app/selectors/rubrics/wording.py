"""Texts that are kept in several languages, and a rubric in the words of one."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from annotation_app.enums import Language
from annotation_app.models import Dimension, GuidelineVersion

Text = TypeVar("Text")


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
def describe_rubric(rubric_id: int, guideline_id: int, language: str) -> list[dict[str, Any]]:
    """Return the dimensions in order, worded in a language, levels from best to worst.

    A rubric in use and a guideline version never change, so the answer is kept.
    """
    words = in_language(GuidelineVersion.objects.get(pk=guideline_id).wording, language)
    dimensions = Dimension.objects.filter(rubric=rubric_id).order_by("ordinal")
    described = []
    for dimension in dimensions.prefetch_related("levels", "criteria"):
        said = words.get(dimension.key, {})
        criteria = said.get("criteria", {})
        levels = said.get("levels", {})
        described.append(
            {
                "key": dimension.key,
                "name": said.get("name", dimension.key),
                "summary": said.get("summary", ""),
                "weight": dimension.weight_numerator / dimension.weight_denominator,
                "criteria": [
                    criteria.get(criterion.key, {"name": criterion.key, "description": ""})
                    for criterion in dimension.criteria.all()
                ],
                "levels": [
                    {"value": level.value, "name": str(level.value), "anchor": ""}
                    | levels.get(str(level.value), {})
                    for level in sorted(
                        dimension.levels.all(), key=lambda one: one.value, reverse=True
                    )
                ],
            }
        )
    return described
