"""Loading one's own work by its opaque names; what is not one's own does not exist."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.request import Request

from annotation_app.api.loading import person
from annotation_app.exceptions import InvalidInputError, NotAllowedError
from annotation_app.models import Campaign, Lease, Rating
from annotation_app.policies import can_annotate, can_change_rating, can_enter_campaign
from annotation_app.selectors.history import find_own_rating
from annotation_app.selectors.workbench import find_lease
from annotation_app.services.validation import Judgement, ScoreInput


def own_campaign(request: Request, slug: str) -> Campaign:
    """A campaign that the person may annotate."""
    campaign = get_object_or_404(Campaign, slug=slug)
    user = person(request)
    if can_annotate(user, campaign):
        return campaign
    if not can_enter_campaign(user, campaign):
        raise Http404
    raise NotAllowedError(_("Your work in this campaign is paused, or the campaign is."))


def own_lease(request: Request, token: UUID) -> Lease:
    """The person's own lease, in a campaign that they may still enter."""
    user = person(request)
    lease = find_lease(annotator=user, token=token)
    if lease is None or not can_enter_campaign(user, lease.task.campaign):
        raise Http404
    return lease


def own_rating(request: Request, client_uuid: UUID) -> Rating:
    """The person's own rating."""
    user = person(request)
    rating = find_own_rating(annotator=user, client_uuid=client_uuid)
    if rating is None or not can_change_rating(user, rating):
        raise Http404
    return rating


def read_judgement(values: Mapping[str, Any], candidate_order: list[int]) -> Judgement:
    """Turn positions on screen into candidates.

    Raises:
        InvalidInputError: if a position is not on screen.
    """
    scores = []
    for score in values["scores"]:
        position = score["position"]
        if position > len(candidate_order):
            raise InvalidInputError(
                "A score is for a candidate that this task does not show.", position=position
            )
        scores.append(
            ScoreInput(
                candidate_id=candidate_order[position - 1],
                dimension=score["dimension"],
                level=score["level"],
                missing_reason=score["missing_reason"],
            )
        )
    return Judgement(
        client_uuid=values["client_uuid"],
        scores=scores,
        seconds=values["seconds"],
        aids=values["aids"],
        note=values["note"],
    )
