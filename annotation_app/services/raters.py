"""Whose ratings a snapshot counts; refuses simulated raters beside people."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from annotation_app.enums import DATA_PURPOSES, MembershipStatus, RatingStatus, Role
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Campaign, Membership, User


@dataclass(frozen=True)
class RaterChoices:
    """Annotators left out: those paused now, and those named by pseudonym."""

    leave_out_paused: bool = False
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class RaterSelection:
    """Ids of annotators who do not count, and the facts for the report."""

    left_out: frozenset[int]
    report: dict[str, Any]


def selected_raters(*, campaign: Campaign, choices: RaterChoices) -> RaterSelection:
    """Who counts and who does not.

    Raises:
        InvalidInputError: if a pseudonym is unknown here, or simulated annotators rated a
            collection that is not simulated.
    """
    raters = list(
        User.objects.filter(
            ratings__campaign=campaign,
            ratings__status=RatingStatus.ACTIVE,
            ratings__purpose__in=DATA_PURPOSES,
        )
        .annotate(rated=Count("ratings"))
        .order_by("pseudonym")
    )
    left_out = _left_out(campaign, choices, raters)
    counted = [rater for rater in raters if rater.pk not in left_out]
    simulated = [rater for rater in counted if rater.is_simulated]
    if simulated and not campaign.collection.is_simulated:
        raise InvalidInputError(
            f"{len(simulated)} simulated annotators rated this campaign beside people. Simulated "
            "and real ratings are never mixed: leave these annotators out, or use a campaign "
            "over a simulated collection.",
            annotators=[rater.pseudonym for rater in simulated],
        )
    report = {
        "annotators": len(counted),
        "simulated": len(simulated),
        "left_out": sorted(rater.pseudonym for rater in raters if rater.pk in left_out),
        "left_out_paused": choices.leave_out_paused,
    }
    return RaterSelection(frozenset(left_out), report)


def _left_out(campaign: Campaign, choices: RaterChoices, raters: Sequence[User]) -> set[int]:
    by_name = {rater.pseudonym: rater.pk for rater in raters}
    unknown = sorted(set(choices.leave_out) - set(by_name))
    if unknown:
        raise InvalidInputError(
            f"Nobody called {', '.join(unknown)} has rated this campaign. "
            "Names of annotators are their pseudonyms."
        )
    left_out = {by_name[name] for name in choices.leave_out}
    if choices.leave_out_paused:
        paused = Membership.objects.filter(
            campaign=campaign, role=Role.ANNOTATOR, status=MembershipStatus.PAUSED
        )
        left_out.update(paused.values_list("user", flat=True))
    return left_out
