"""Whose ratings a snapshot counts; refuses a mix of simulated raters and people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from annotation_app.enums import DATA_PURPOSES, RatingStatus
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Campaign, User
from annotation_app.selectors.raters.statuses import RaterStatuses, rater_statuses


@dataclass(frozen=True)
class RaterChoices:
    """Annotators left out: by their current status, and those named by pseudonym."""

    leave_out_paused: bool = False
    leave_out: tuple[str, ...] = ()
    leave_out_uncalibrated: bool = False
    leave_out_below_quality: bool = False


@dataclass(frozen=True)
class RaterSelection:
    """Ids of annotators who do not count, and the facts for the report."""

    left_out: frozenset[int]
    report: dict[str, Any]


def selected_raters(*, campaign: Campaign, choices: RaterChoices) -> RaterSelection:
    """The raters who count and those who do not.

    Raises:
        InvalidInputError: if a pseudonym is unknown here, or simulated annotators rated a
            collection that is not simulated.
    """
    raters = counted_raters(campaign)
    standings = rater_statuses(campaign, timezone.now())
    left_out = _left_out(choices, standings, raters)
    counted = [rater for rater in raters if rater.pk not in left_out]
    simulated = [rater for rater in counted if rater.is_simulated]
    if simulated and not campaign.collection.is_simulated:
        raise InvalidInputError(
            _(
                "This campaign has ratings by people and by simulated annotators (%(count)s). "
                "Simulated and real ratings are never mixed: leave the simulated annotators "
                "out, or use a campaign over a simulated collection."
            )
            % {"count": len(simulated)},
            annotators=[rater.pseudonym for rater in simulated],
        )
    report = {
        "annotators": len(counted),
        "simulated": len(simulated),
        "left_out": sorted(rater.pseudonym for rater in raters if rater.pk in left_out),
        "left_out_paused": choices.leave_out_paused,
        "left_out_uncalibrated": choices.leave_out_uncalibrated,
        "left_out_below_quality": choices.leave_out_below_quality,
        "counted_though": {
            "paused": _names(counted, standings.paused),
            "uncalibrated": _names(counted, standings.uncalibrated),
            "below_quality": _names(counted, standings.below_quality),
        },
    }
    return RaterSelection(frozenset(left_out), report)


def counted_raters(campaign: Campaign) -> list[User]:
    """Everyone with a rating that counts, by pseudonym; each carries `rated`, how many."""
    return list(
        User.objects.filter(
            ratings__campaign=campaign,
            ratings__status=RatingStatus.ACTIVE,
            ratings__purpose__in=DATA_PURPOSES,
        )
        .annotate(rated=Count("ratings"))
        .order_by("pseudonym")
    )


def _names(raters: Sequence[User], among: Collection[int]) -> list[str]:
    return [rater.pseudonym for rater in raters if rater.pk in among]


def _left_out(choices: RaterChoices, standings: RaterStatuses, raters: Sequence[User]) -> set[int]:
    by_name = {rater.pseudonym: rater.pk for rater in raters}
    unknown = sorted(set(choices.leave_out) - set(by_name))
    if unknown:
        raise InvalidInputError(
            _(
                "No annotator named %(names)s has rated this campaign. Use the "
                "annotators' pseudonyms."
            )
            % {"names": ", ".join(unknown)}
        )
    left_out = {by_name[name] for name in choices.leave_out}
    for chosen, group in (
        (choices.leave_out_paused, standings.paused),
        (choices.leave_out_uncalibrated, standings.uncalibrated),
        (choices.leave_out_below_quality, standings.below_quality),
    ):
        if chosen:
            left_out.update(group)
    return left_out
