"""Loading one's own work by its opaque names; what is not one's own does not exist."""

from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from annotation_app.api.loading import person
from annotation_app.enums import CalibrationStep
from annotation_app.exceptions import NotAllowedError
from annotation_app.models import Campaign, Lease, Rating
from annotation_app.policies import can_annotate, can_change_rating, can_enter_campaign
from annotation_app.selectors.calibration import read_calibration
from annotation_app.selectors.history import find_own_rating
from annotation_app.selectors.workbench import find_campaign, find_lease
from annotation_app.services.quality.gating import say_pause


def own_campaign(request: Request, slug: str) -> Campaign:
    """A campaign that the person may annotate."""
    campaign = find_campaign(slug)
    if campaign is None:
        raise Http404
    user = person(request)
    if can_annotate(user, campaign):
        return campaign
    if not can_enter_campaign(user, campaign):
        raise Http404
    state = read_calibration(annotator=user, campaign=campaign, now=timezone.now())
    if state.step == CalibrationStep.PAUSED:
        raise NotAllowedError(say_pause(state))
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
