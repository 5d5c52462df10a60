"""The criteria of a campaign's rubric, in the words of its guideline."""

from dataclasses import dataclass

from annotation_app.models import Campaign, Criterion
from annotation_app.selectors.rubrics.wording import describe_rubric


@dataclass(frozen=True)
class NamedCriterion:
    """A criterion with its name and its dimension's."""

    criterion: Criterion
    name: str
    dimension: str


def named_criteria(campaign: Campaign, language: str) -> list[NamedCriterion]:
    """Every criterion in rubric order; by their keys where there is no guideline yet."""
    criteria = Criterion.objects.filter(dimension__rubric=campaign.rubric_id)
    rows = criteria.select_related("dimension").order_by("dimension__ordinal", "ordinal")
    if campaign.guideline_id is None:
        return [NamedCriterion(row, row.key, row.dimension.key) for row in rows]
    rubric = describe_rubric(campaign.rubric_id, campaign.guideline_id, language)
    words = [
        (str(said["name"]), str(dimension["name"]))
        for dimension in rubric
        for said in dimension["criteria"]
    ]
    return [NamedCriterion(row, *said) for row, said in zip(rows, words, strict=True)]
