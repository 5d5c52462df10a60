"""The images of the person's own work, under names that reveal no information."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from annotation_app.enums import LeaseOutcome
from annotation_app.models import Lease, User
from annotation_app.policies import can_enter_campaign, can_use_lease
from annotation_app.selectors.queue.leases import find_lease, image_at
from annotation_app.web.images.responses import open_picture
from annotation_app.web.requests import signed_in

KEPT_SECONDS = 24 * 3600
GIVEN_BACK = (LeaseOutcome.SKIPPED, LeaseOutcome.RELEASED)  # no task of theirs any more


@require_safe
@login_required
def work_image(request: HttpRequest, token: UUID, position: int) -> FileResponse:
    """Send the picture at a position of a lease to its own annotator: 0 is the source.

    No header distinguishes candidates: no validator, no date, no file name.
    """
    user = signed_in(request)
    lease = find_lease(annotator=user, token=token)
    if lease is None or not _may_see(user, lease):
        raise Http404
    image = image_at(lease, position)
    if image is None:
        raise Http404
    response = FileResponse(open_picture(image.file), content_type="image/webp")
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}, immutable"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _may_see(user: User, lease: Lease) -> bool:
    """While the lease is open or may be submitted late, and while the rating is in the history."""
    if not can_use_lease(user, lease) or not can_enter_campaign(user, lease.task.campaign):
        return False
    if lease.outcome in GIVEN_BACK:
        return False
    oldest = timezone.now() - timedelta(days=settings.HISTORY_DAYS)
    return lease.ended_at is None or lease.ended_at >= oldest
