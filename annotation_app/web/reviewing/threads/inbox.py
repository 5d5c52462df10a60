"""The inbox of the campaign's people."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation_app.exceptions import AnnotationError
from annotation_app.models import CampaignItem, Item, Lease, Thread, User
from annotation_app.policies import can_review, can_withdraw_item
from annotation_app.selectors.rating.blinding import items_of, withheld
from annotation_app.selectors.reviewing.threads import inbox
from annotation_app.selectors.rubrics.criteria import named_criteria
from annotation_app.services.numbers import read_whole
from annotation_app.services.reviewing.threads import (
    answer_thread,
    mark_read,
    open_thread,
    settle_thread,
)
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in

THREADS_A_PAGE = 50


@require_safe
@login_required
def thread_inbox(request: HttpRequest, slug: str) -> HttpResponse:
    """Every thread, the newest first."""
    campaign = load_campaign(request, slug, can_review)
    user = signed_in(request)
    hidden = withheld(user, items_of(campaign), working_in=campaign)
    threads = inbox(campaign, user).exclude(campaign_item__item__in=hidden.items)
    page = Paginator(threads, THREADS_A_PAGE).get_page(request.GET.get("page"))
    context = {"campaign": campaign, "tab": "talk", "page": page, "withheld": hidden}
    return render(request, "reviewing/threads/inbox.html", context)


@require_POST
@login_required
def thread_open(request: HttpRequest, slug: str, item_id: int) -> HttpResponse:
    """The item's thread; a new one if there is no discussion of the item yet."""
    campaign = load_campaign(request, slug, can_review)
    item = get_object_or_404(CampaignItem, campaign=campaign, item=item_id)
    refuse_blind(request, Item.objects.filter(pk=item.item_id), working_in=campaign)
    thread = open_thread(campaign_item=item, now=timezone.now())
    return redirect("thread-detail", slug=slug, public_id=thread.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def thread_detail(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """One item's discussion, with the answer form."""
    campaign = load_campaign(request, slug, can_review)
    threads = Thread.objects.select_related("campaign", "campaign_item__item__source_image")
    thread = get_object_or_404(threads, campaign=campaign, public_id=public_id)
    talked_of = Item.objects.filter(pk=thread.campaign_item.item_id)
    refuse_blind(request, talked_of, working_in=campaign)
    user = signed_in(request)
    if request.method == "POST":
        try:
            _act(request, user, thread)
        except AnnotationError as error:
            messages.warning(request, error.message)
        return redirect("thread-detail", slug=slug, public_id=public_id)
    said = list(thread.messages.select_related("author", "lease__annotator"))
    newest = max((one.pk for one in said), default=0)
    mark_read(user=user, campaign_item=thread.campaign_item_id, newest=newest)
    context = {
        "campaign": campaign,
        "tab": "talk",
        "thread": thread,
        "said": said,
        "hides_images": thread.campaign_item.item.withdrawn_at is not None
        and not can_withdraw_item(user, campaign.collection),
        "criteria": named_criteria(campaign, get_language() or "en"),
        "leases": list({one.lease_id: one.lease for one in said if one.lease}.values()),
    }
    return render(request, "reviewing/threads/detail.html", context)


def _act(request: HttpRequest, user: User, thread: Thread) -> None:
    now = timezone.now()
    if request.POST.get("act") == "settle":
        settle_thread(actor=user, thread=thread, now=now)
        return
    chosen = read_whole(request.POST.get("to", ""))
    leases = Lease.objects.filter(thread_messages__thread=thread).select_related("task")
    lease = leases.filter(pk=chosen).first() if chosen is not None else None
    answer_thread(
        actor=user, thread=thread, text=request.POST.get("text", ""), lease=lease, now=now
    )
