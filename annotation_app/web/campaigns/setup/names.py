"""What people call the dimensions of a campaign."""

from django.utils.translation import get_language

from annotation_app.models import Campaign
from annotation_app.selectors.rubrics.wording import describe_rubric


def dimension_names(campaign: Campaign) -> dict[str, str]:
    """Dimension keys to the guideline's names in the reader's language."""
    if campaign.guideline_id is None:
        return {key: key for key in campaign.rubric.dimensions.values_list("key", flat=True)}
    described = describe_rubric(campaign.rubric_id, campaign.guideline_id, get_language() or "en")
    return {one["key"]: one["name"] for one in described}
