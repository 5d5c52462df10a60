"""An annotator's own questions and what was answered."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from annotation_app.exceptions import AnnotationError
from annotation_app.models import Criterion
from annotation_app.policies import can_enter_campaign
from annotation_app.selectors.queue.leases import find_lease
from annotation_app.selectors.reviewing.threads import (
    WITHOUT_TALK,
    is_closed,
    own_rating,
    own_threads,
    readable_messages,
)
from annotation_app.selectors.rubrics.criteria import named_criteria
from annotation_app.services.reviewing.threads import mark_read, say_as_annotator
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in
from annotation_app.web.throttling import is_throttled

MOST, HOUR = 60, 3600
MOST_DIGITS = 18


@require_safe
@login_required
def thread_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A person's current work, and the work that was discussed."""
    campaign = load_campaign(request, slug, can_enter_campaign)
    rows = own_threads(annotator=signed_in(request), campaign=campaign, now=timezone.now())
    return render(request, "reviewing/threads/own_list.html", {"campaign": campaign, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def thread_own(request: HttpRequest, slug: str, token: UUID) -> HttpResponse:
    """Read and write about one item."""
    campaign = load_campaign(request, slug, can_enter_campaign)
    user, now = signed_in(request), timezone.now()
    lease = find_lease(annotator=user, token=token)
    if lease is None or lease.task.campaign_id != campaign.pk or lease.task.purpose in WITHOUT_TALK:
        raise Http404
    if request.method == "POST":
        if is_throttled(action="talk", who=str(user.pk), most=MOST, seconds=HOUR):
            return render(request, "people/throttled.html", status=429)
        try:
            say_as_annotator(
                lease=lease,
                text=request.POST.get("text", ""),
                now=now,
                criterion=_criterion(request.POST.get("about", "")),
            )
        except AnnotationError as error:
            messages.warning(request, error.message)
        return redirect("thread-own", slug=slug, token=token)
    said = list(readable_messages(lease, now=now))
    mark_read(
        user=user,
        campaign_item=lease.task.campaign_item_id,
        newest=max((one.pk for one in said), default=0),
    )
    rating = own_rating(lease)
    context = {
        "campaign": campaign,
        "lease": lease,
        "item": lease.task.campaign_item.item,
        "said": said,
        "criteria": named_criteria(campaign, get_language() or "en"),
        "rated": rating is not None,
        "is_open": rating is not None and not is_closed(rating, now),
        "may_write": rating is not None or lease.ended_at is None,
    }
    return render(request, "reviewing/threads/own.html", context)


def _criterion(chosen: str) -> Criterion | None:
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < MOST_DIGITS):
        return None
    return Criterion.objects.select_related("dimension").filter(pk=chosen).first()
