"""Rubrics and guideline versions: the default one, and publishing changed wording."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from analytics.overall import overall_values
from analytics.scales import MOST_LEVELS as MOST_LEVELS_OF_SCALE
from annotation_app.enums import AuditVerb, Language
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import (
    Campaign,
    Criterion,
    Dimension,
    GuidelineVersion,
    Level,
    Rubric,
    User,
)
from annotation_app.selectors.rubrics.scales import rubric_scales, rubric_weights
from annotation_app.services.audit.events import record_event

CONTENT = Path(__file__).resolve().parents[2] / "content"
DEFAULT_CONTENT = CONTENT / "edit_quality"
FEWEST_LEVELS, MOST_LEVELS = 2, 10


def ensure_default_rubric() -> Rubric:
    """Return the default rubric (Instruction Following, Visual Quality), creating it if needed.

    Its guideline version 1, in every language of the interface, belongs to no campaign.
    """
    structure = json.loads((DEFAULT_CONTENT / "rubric.json").read_text(encoding="utf-8"))
    found = Rubric.objects.filter(slug=structure["slug"]).first()
    if found is not None:
        return found
    with transaction.atomic():
        rubric = create_rubric(
            slug=structure["slug"], name=structure["name"], dimensions=structure["dimensions"]
        )
        GuidelineVersion.objects.create(
            rubric=rubric, number=1, document=_default_document(), wording=_default_wording()
        )
    return rubric


def create_rubric(*, slug: str, name: str, dimensions: list[dict[str, Any]]) -> Rubric:
    """Create a rubric from its data.

    Args:
        slug: its unique short name.
        name: its name for people.
        dimensions: in order, each `{"key", "weight": [numerator, denominator], "levels": [int],
            "criteria": [key]}`.

    Raises:
        InvalidInputError: if a dimension has fewer than 2 or more than 10 distinct levels, there
            is no dimension, or their weighted sum takes more values than a scale may have.
    """
    if not dimensions:
        raise InvalidInputError("A rubric needs at least one dimension.")
    with transaction.atomic():
        rubric = Rubric.objects.create(slug=slug, name=name)
        for ordinal, content in enumerate(dimensions, start=1):
            _add_dimension(rubric, ordinal, content)
        _check_overall(rubric)
    return rubric


def _check_overall(rubric: Rubric) -> None:
    try:
        overall_values(rubric_scales(rubric), rubric_weights(rubric))
    except ValueError as error:
        raise InvalidInputError(
            f"The weighted sum of the dimensions takes more than {MOST_LEVELS_OF_SCALE:,} "
            "different values. Choose fewer levels, or weights with a common measure such as 5, 3 "
            "and 2."
        ) from error


def publish_guideline(
    *,
    actor: User,
    campaign: Campaign,
    document: dict[str, str],
    wording: dict[str, Any],
    change_note: dict[str, str],
) -> GuidelineVersion:
    """Publish a new guideline version of a campaign; tasks not yet leased are rated under it.

    Raises:
        InvalidInputError: if the wording names a dimension or level outside the rubric, leaves
            one out, or lacks English.
    """
    check_wording(campaign.rubric, wording)
    with transaction.atomic():
        locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        number = 1 + (locked.guideline.number if locked.guideline else 0)
        version = GuidelineVersion.objects.create(
            rubric_id=locked.rubric_id,
            campaign=locked,
            number=number,
            document=document,
            wording=wording,
            change_note=change_note,
            published_by=actor,
        )
        locked.guideline = version
        locked.save(update_fields=["guideline"])
        record_event(
            actor=actor,
            verb=AuditVerb.CHANGED,
            object_type="guideline",
            object_id=version.pk,
            campaign=locked,
            data={"number": number, "change_note": change_note},
        )
    campaign.guideline = version
    return version


def check_wording(rubric: Rubric, wording: dict[str, Any]) -> None:
    """Refuse wording that does not cover the rubric's dimensions and levels exactly.

    Raises:
        InvalidInputError: naming the language and the dimension.
    """
    if Language.ENGLISH not in wording:
        raise InvalidInputError("The wording must include English.")
    wanted = {
        dimension.key: {str(level.value) for level in dimension.levels.all()}
        for dimension in rubric.dimensions.prefetch_related("levels")
    }
    for language, words in wording.items():
        if set(words) != set(wanted):
            raise InvalidInputError(
                f"The wording in {language} must name exactly these dimensions: "
                + ", ".join(sorted(wanted))
            )
        for key, levels in wanted.items():
            if set(words[key].get("levels", {})) != levels:
                raise InvalidInputError(
                    f"The wording of {key} in {language} must name exactly the levels "
                    + ", ".join(sorted(levels))
                )


def _add_dimension(rubric: Rubric, ordinal: int, content: dict[str, Any]) -> None:
    values = sorted(set(content["levels"]))
    if not FEWEST_LEVELS <= len(values) <= MOST_LEVELS:
        raise InvalidInputError(
            f"The dimension {content['key']} needs {FEWEST_LEVELS} to {MOST_LEVELS} levels."
        )
    numerator, denominator = content.get("weight", [1, 1])
    dimension = Dimension.objects.create(
        rubric=rubric,
        key=content["key"],
        ordinal=ordinal,
        weight_numerator=numerator,
        weight_denominator=denominator,
    )
    Level.objects.bulk_create(Level(dimension=dimension, value=value) for value in values)
    Criterion.objects.bulk_create(
        Criterion(dimension=dimension, key=key, ordinal=place)
        for place, key in enumerate(content.get("criteria", []), start=1)
    )


def _default_wording() -> dict[str, Any]:
    wording: dict[str, Any] = json.loads(
        (DEFAULT_CONTENT / "wording.json").read_text(encoding="utf-8")
    )
    return wording


def _default_document() -> dict[str, str]:
    return {
        language: (DEFAULT_CONTENT / f"guideline.{language}.md").read_text(encoding="utf-8")
        for language in Language.values
    }
