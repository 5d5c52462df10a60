"""A dashboard's numbers from the live store: `python -m benchmarks.ratings.live_read SLUG`.

Runs in a fresh process, so that the first reading is cold. Prints seconds, and the largest
difference of the pooled sums from those computed from the ratings.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

# Models exist only once Django is set up.
import numpy as np  # noqa: E402
from django.db import connection  # noqa: E402

from analytics.raters.panel import rater_panel  # noqa: E402
from analytics.tables import RatingTable  # noqa: E402
from annotation_app.enums import Facet, RatingStatus  # noqa: E402
from annotation_app.models import Campaign, CampaignItemChange, Rating  # noqa: E402
from annotation_app.selectors.agreement.live.agreement import read_live  # noqa: E402
from annotation_app.selectors.agreement.live.figures import LiveAgreement  # noqa: E402
from annotation_app.selectors.rubrics.scales import rubric_scales  # noqa: E402
from annotation_app.services.agreement.folding import fold_campaign  # noqa: E402
from tests.factories.moments import largest_difference, moments_of  # noqa: E402

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
WARM_TIMES = 5
TAIL = 30  # items that 40 annotators change in half a minute
SCORES = """
SELECT s.candidate_id, rating.annotator_id, s.level - 1, rating.campaign_item_id
FROM annotation_app_rating rating
JOIN annotation_app_score s ON s.revision_id = rating.current_revision_id
JOIN annotation_app_dimension d ON d.id = s.dimension_id
WHERE rating.campaign_id = %s AND d.key = %s
"""


def main() -> None:
    """Time the dashboard cold, warm and with a tail, and compare it with the ratings."""
    campaign = Campaign.objects.select_related("rubric").get(slug=sys.argv[1])
    connection.ensure_connection()
    cold = _seconds(lambda: show(read_live(campaign)))
    warm = min(_seconds(lambda: show(read_live(campaign))) for _ in range(WARM_TIMES))
    headline = min(_seconds(lambda: overview(campaign)) for _ in range(WARM_TIMES))
    live = read_live(campaign)
    panels = _seconds(lambda: [rater_panel(live.pooled.moments(key)) for key in ("if", "vq")])
    found: dict[str, Any] = {
        "ratings": Rating.objects.filter(campaign=campaign).count(),
        "scores_per_dimension": sum(live.pooled.level_counts("if")),
        "strata": {facet.value: len(strata) for facet, strata in live.strata.items()},
        "cold_seconds": cold,
        "warm_seconds": warm,
        "overview_seconds": headline,
        "panels_seconds": panels,
        "difference": max(_difference(campaign, live, key) for key in ("if", "vq")),
    }
    change_some(campaign)
    show(read_live(campaign))
    tails = []
    for _ in range(WARM_TIMES):
        change_some(campaign, 1)
        tails.append(_seconds(lambda: show(read_live(campaign))))
    found["pending_items"] = read_live(campaign).pending
    found["warm_with_tail_seconds"] = min(tails)
    found["fold_of_tail_seconds"] = _seconds(lambda: fold_campaign(campaign=campaign, now=NOW))
    found["after_fold_seconds"] = _seconds(lambda: show(read_live(campaign)))
    print(json.dumps(found))


def show(live: LiveAgreement) -> None:
    """Compute everything that the dashboard shows, but the rater panels."""
    pooled = live.pooled
    for dimension in live.dimensions:
        pooled.summary(dimension).as_dict()
        pooled.coincidences(dimension)
    pooled.difference("if", "vq")
    for strata in live.strata.values():
        for stratum in strata:
            for dimension in live.dimensions:
                stratum.headline(dimension)
                stratum.n_items(dimension)
    for generator in live.strata[Facet.GENERATOR]:
        for dimension in live.dimensions:
            generator.level_counts(dimension)


def overview(campaign: Campaign) -> None:
    """Compute what a campaign's overview page shows."""
    pooled = read_live(campaign, facets=()).pooled
    for dimension in pooled.sums:
        pooled.summary(dimension)


def change_some(campaign: Campaign, items: int = TAIL) -> None:
    """Release one rating each of some items of the last day, with a note for the next fold."""
    ratings = Rating.objects.filter(
        campaign=campaign, status=RatingStatus.ACTIVE, task__ordinal=1
    ).order_by("-submitted_at", "pk")
    chosen = list(ratings[:items])
    Rating.objects.filter(pk__in=[one.pk for one in chosen]).update(status=RatingStatus.RELEASED)
    CampaignItemChange.objects.bulk_create(
        CampaignItemChange(campaign=campaign, campaign_item_id=rating.campaign_item_id)
        for rating in chosen
    )


def _difference(campaign: Campaign, live: LiveAgreement, key: str) -> float:
    with connection.cursor() as cursor:
        cursor.execute(SCORES, [campaign.pk, key])
        unit, rater, level, item = np.array(cursor.fetchall(), dtype=np.int64).T
    scale = rubric_scales(campaign.rubric)[key]
    table = RatingTable.from_ids(unit=unit, rater=rater, level=level, item=item, scale=scale)
    return largest_difference(live.pooled.moments(key), moments_of(table))


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
