"""Imported ratings that the headline figures leave out; pages mention them with the figures."""

from annotation_app.enums import DATA_PURPOSES, Design, RatingStatus
from annotation_app.models import Campaign, Rating


def count_outside_headline(campaign: Campaign) -> int:
    """How many counted ratings came by an import that declared no random draw."""
    return Rating.objects.filter(
        campaign=campaign,
        status=RatingStatus.ACTIVE,
        purpose__in=DATA_PURPOSES,
        task__design=Design.IMPORTED,
    ).count()
