"""Intra-rater agreement: hidden repeats against first ratings, per annotator and dimension."""

import numpy as np

from analytics.raters.repeats import SelfConsistency, self_consistency
from annotation_app.enums import Purpose, RatingStatus
from annotation_app.models import Campaign, Rating
from annotation_app.selectors.rating.levels import level_steps, revision_steps
from annotation_app.selectors.rubrics.scales import rubric_scales


def self_consistencies(
    campaign: Campaign, *, annotator: int | None = None
) -> dict[str, dict[int, SelfConsistency]]:
    """For each dimension: every annotator's agreement with their earlier self, by user id.

    Only candidates that got a level both times count; without a repeat an annotator is absent.
    """
    repeats = Rating.objects.filter(
        campaign=campaign, purpose=Purpose.REPEAT, status=RatingStatus.ACTIVE
    )
    if annotator is not None:
        repeats = repeats.filter(annotator=annotator)
    again = {
        (rating.annotator_id, rating.campaign_item_id): rating.current_revision_id or 0
        for rating in repeats
    }
    first = {
        (rating.annotator_id, rating.campaign_item_id): rating.current_revision_id or 0
        for rating in Rating.objects.filter(
            campaign=campaign,
            independent=True,
            campaign_item__in=[item for _, item in again],
            annotator__in=[rater for rater, _ in again],
        ).order_by("-submitted_at")
    }
    steps = level_steps(campaign.rubric)
    said = revision_steps([*again.values(), *first.values()], steps)
    scales = rubric_scales(campaign.rubric)
    found = {}
    for dimension, key in campaign.rubric.dimensions.order_by("ordinal").values_list("pk", "key"):
        rows = [
            (pair[0], before, after)
            for pair, revision in again.items()
            for unit, after in said.get(revision, {}).items()
            if unit[1] == dimension
            and after is not None
            and (before := said.get(first.get(pair, 0), {}).get(unit)) is not None
        ]
        found[key] = {
            int(str(rater)): result
            for rater, result in self_consistency(
                [rater for rater, _, _ in rows],
                np.array([before for _, before, _ in rows], dtype=np.int64),
                np.array([after for _, _, after in rows], dtype=np.int64),
                scales[key],
            ).items()
        }
    return found
