"""An annotator's recent work that may be in doubt."""

from datetime import datetime

from annotation_app.enums import (
    Purpose,
    RatingStatus,
)
from annotation_app.models import Membership, Rating


def recent_work(*, membership: Membership, since: datetime | None) -> list[Rating]:
    """The annotator's counted ratings of planned slots since a moment."""
    ratings = Rating.objects.filter(
        campaign=membership.campaign_id,
        annotator=membership.user_id,
        purpose__in=(Purpose.PRODUCTION, Purpose.BENCHMARK),
        status=RatingStatus.ACTIVE,
    )
    if since is not None:
        ratings = ratings.filter(submitted_at__gte=since)
    return list(ratings.select_related("campaign").order_by("campaign_item", "pk"))
