"""Which annotators of a campaign are paused, not calibrated, or below its quality."""

from dataclasses import dataclass
from datetime import datetime

from analytics.limits import FEWEST_GOLD_ANSWERS, GOLD_CERTAINTY
from annotation_app.enums import CalibrationStep
from annotation_app.models import Campaign
from annotation_app.selectors.quality.annotator_statuses import annotator_overviews

NOT_CALIBRATED = frozenset(
    {
        CalibrationStep.TRAIN,
        CalibrationStep.QUALIFY,
        CalibrationStep.WAIT,
        CalibrationStep.EXHAUSTED,
    }
)


@dataclass(frozen=True)
class RaterStatuses:
    """Ids of annotators by the reason to doubt their ratings; most annotators are in none.

    Attributes:
        paused: paused now.
        uncalibrated: training or the qualification test, where the campaign asks for them, is not
            passed.
        below_quality: the accuracy on hidden gold is below the floor with 95 % probability,
            after at least five answers.
    """

    paused: frozenset[int] = frozenset()
    uncalibrated: frozenset[int] = frozenset()
    below_quality: frozenset[int] = frozenset()


def rater_statuses(campaign: Campaign, now: datetime) -> RaterStatuses:
    """The standings of a campaign's members; people who left or came by an import have none."""
    states = annotator_overviews(campaign, now)
    return RaterStatuses(
        paused=frozenset(
            one.member.user_id for one in states if one.calibration.step == CalibrationStep.PAUSED
        ),
        uncalibrated=frozenset(
            one.member.user_id for one in states if one.calibration.step in NOT_CALIBRATED
        ),
        below_quality=frozenset(
            one.member.user_id
            for one in states
            if one.gold
            and one.gold.n >= FEWEST_GOLD_ANSWERS
            and one.gold.probability_below >= GOLD_CERTAINTY
        ),
    )
