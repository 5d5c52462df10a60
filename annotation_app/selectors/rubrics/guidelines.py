"""Which guideline versions a campaign has had."""

from django.db.models import Q, QuerySet

from annotation_app.exceptions import InvalidInputError
from annotation_app.models import (
    Campaign,
    GuidelineVersion,
    Rubric,
)


def guideline_versions(campaign: Campaign) -> QuerySet[GuidelineVersion]:
    """Return the campaign's versions, the newest first, down to the rubric's own default.

    A campaign's own number 1 hides the rubric's.
    """
    own = GuidelineVersion.objects.filter(campaign=campaign)
    inherited = Q(campaign=None, rubric=campaign.rubric_id) & ~Q(number__in=own.values("number"))
    return GuidelineVersion.objects.filter(Q(campaign=campaign) | inherited).order_by("-number")


def default_guideline(rubric: Rubric) -> GuidelineVersion:
    """Return the newest guideline of the rubric itself.

    Raises:
        InvalidInputError: if the rubric has none.
    """
    newest = rubric.guidelines.filter(campaign=None).order_by("-number").first()
    if newest is None:
        raise InvalidInputError(f"The rubric {rubric.name} has no guideline: publish one first.")
    return newest
