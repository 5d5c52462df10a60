"""Loading one's own work by its opaque names; what is not one's own does not exist."""

from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from annotation_app.api.loading import person
from annotation_app.enums import CalibrationStep
from annotation_app.exceptions import NotAllowedError
from annotation_app.models import Campaign, Lease, Rating, User
from annotation_app.policies import can_annotate, can_change_rating, can_enter_campaign
from annotation_app.selectors.quality.calibration import read_calibration
from annotation_app.selectors.queue.leases import find_campaign, find_lease
from annotation_app.selectors.rating.history import find_own_rating
from annotation_app.services.quality.gating import say_pause

PERSON_HEADER = "X-Person"


def worker(request: Request) -> User:
    """The signed-in person, if the requesting page belongs to them.

    A page names its owner because someone else may have signed in since in the same browser: the
    page's unsent work must not be stored as theirs, and stays in the browser.

    Raises:
        AuthenticationFailed: if the page belongs to someone else.
    """
    user = person(request)
    if request.headers.get(PERSON_HEADER, user.pseudonym) != user.pseudonym:
        message = _(
            "Someone else has signed in with this browser. Your work is kept here "
            "until you sign in again."
        )
        raise AuthenticationFailed({"message": message, "details": {}})
    return user


def own_campaign(request: Request, slug: str) -> Campaign:
    """A campaign that the person may annotate."""
    campaign = find_campaign(slug)
    if campaign is None:
        raise Http404
    user = worker(request)
    if can_annotate(user, campaign):
        return campaign
    if not can_enter_campaign(user, campaign):
        raise Http404
    state = read_calibration(annotator=user, campaign=campaign, now=timezone.now())
    if state.step == CalibrationStep.PAUSED:
        raise NotAllowedError(say_pause(state))
    raise NotAllowedError(
        _("Your work in this campaign is paused, or the campaign itself is paused.")
    )


def own_lease(request: Request, token: UUID) -> Lease:
    """The person's own lease, in a campaign that they may still enter."""
    user = worker(request)
    lease = find_lease(annotator=user, token=token)
    if lease is None or not can_enter_campaign(user, lease.task.campaign):
        raise Http404
    return lease


def own_rating(request: Request, client_uuid: UUID) -> Rating:
    """The person's own rating."""
    user = worker(request)
    rating = find_own_rating(annotator=user, client_uuid=client_uuid)
    if rating is None or not can_change_rating(user, rating):
        raise Http404
    if not can_enter_campaign(user, rating.task.campaign):
        raise Http404
    return rating
