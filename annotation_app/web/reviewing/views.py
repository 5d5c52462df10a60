"""Disputes: the queue, the blind rating in the workbench, then the scores side by side."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation_app.enums import FlagKind, MissingReason, ReviewState
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Campaign, Lease, Rating, ReviewCase, User
from annotation_app.payloads.page import describe_page
from annotation_app.policies import can_review
from annotation_app.selectors.raters.sessions import read_session
from annotation_app.selectors.rating.blinding import withheld
from annotation_app.selectors.reviewing.cases import (
    Cases,
    Offer,
    Row,
    decided_cases,
    disputed_items,
    next_case,
    offered_cases,
    open_cases,
    shown_cases,
    side_by_side,
)
from annotation_app.selectors.rubrics.wording import WordedDimension, describe_rubric
from annotation_app.services.numbers import LARGEST_LEVEL, read_whole
from annotation_app.services.reviewing.adjudication import decide_case, reopen_case
from annotation_app.services.reviewing.claims import claim_case, give_back_case
from annotation_app.web.blinding import refuse_blind_elsewhere
from annotation_app.web.loading import load_campaign
from annotation_app.web.rating.strings import page_strings
from annotation_app.web.requests import signed_in

SHOWN = 50


@require_safe
@login_required
def review_queue(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits and what was decided; no one's scores."""
    campaign = load_campaign(request, slug, can_review)
    now, user = timezone.now(), signed_in(request)
    context = {
        "campaign": campaign,
        "tab": "quality",
        "part": "disputes",
        "withheld": withheld(user, disputed_items(campaign), working_in=campaign),
        "waiting": open_cases(campaign).count(),
        "offers": _offers(open_cases(campaign), user, campaign, now),
        "decided": _offers(decided_cases(campaign), user, campaign, now),
        "next": next_case(campaign, user, now),
    }
    return render(request, "reviewing/queue.html", context)


@require_POST
@login_required
def review_claim(request: HttpRequest, slug: str, case: int) -> HttpResponse:
    """Take a case, give it back, or reopen a decision; then on to the blind rating."""
    campaign = load_campaign(request, slug, can_review)
    found = _case(campaign, case)
    user, now, act = signed_in(request), timezone.now(), request.POST.get("act", "claim")
    if act == "return":  # reveals no information, and lets another reviewer continue
        give_back_case(reviewer=user, case=found)
        return redirect("review", slug=slug)
    refuse_blind_elsewhere(request, campaign, found.campaign_item.item_id)
    try:
        if act == "reopen":
            reopen_case(reviewer=user, case=found, now=now)
        lease = claim_case(reviewer=user, case=found, now=now)
    except AnnotationError as refused:
        messages.warning(request, refused.message)
        return redirect("review", slug=slug)
    name = "review-decide" if lease is None else "review-rate"
    return redirect(name, slug=slug, case=case)


@require_safe
@never_cache
@login_required
@ensure_csrf_cookie
def review_rate(request: HttpRequest, slug: str, case: int) -> HttpResponse:
    """The workbench with the disputed item only, without others' ratings."""
    campaign = load_campaign(request, slug, can_review)
    found = _case(campaign, case)
    user, now = signed_in(request), timezone.now()
    lease = Lease.objects.filter(annotator=user, task=found.task_id, ended_at=None).first()
    if lease is None or campaign.guideline is None:
        return redirect("review", slug=slug)
    # one item only: no other is fetched after it
    data = describe_page(user=user, campaign=campaign, leases=[lease], urls={"next": ""}, now=now)
    context = {
        "campaign": campaign,
        "session": read_session(annotator=user, campaign=campaign, now=now),
        "dimensions": data["rubric"],
        "changed_guideline": None,
        "missing_reasons": MissingReason.choices,
        "flag_kinds": FlagKind.choices,
        "page_data": data,
        "strings": page_strings(),
    }
    return render(request, "rating/workbench.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def review_decide(request: HttpRequest, slug: str, case: int) -> HttpResponse:
    """The reviewer's scores next to the others', without names; the decision."""
    campaign = load_campaign(request, slug, can_review)
    found, user = _case(campaign, case), signed_in(request)
    refuse_blind_elsewhere(request, campaign, found.campaign_item.item_id)
    own = Rating.objects.filter(task=found.task_id, annotator=user).select_related("lease").first()
    if own is None or found.claimed_by_id != user.pk or found.state != ReviewState.OPEN:
        messages.info(
            request, _("Take the item first and rate it; then you see the others' scores.")
        )
        return redirect("review", slug=slug)
    rows, opinions = side_by_side(found, own)
    error = ""
    if request.method == "POST":
        try:
            decide_case(
                reviewer=user,
                case=found,
                levels=_levels(request, rows),
                note=request.POST.get("note", ""),
                now=timezone.now(),
            )
        except AnnotationError as refused:
            error = refused.message
        else:
            messages.success(request, _("Decided: these are the final scores now."))
            return redirect("review", slug=slug)
    context = {
        "campaign": campaign,
        "tab": "quality",
        "part": "disputes",
        "case": found,
        "rows": rows,
        "opinions": opinions,
        "own": own,
        "error": error,
        "note": request.POST.get("note", ""),
        "dimensions": _dimensions(campaign),
    }
    return render(request, "reviewing/decide.html", context, status=400 if error else 200)


def _offers(cases: Cases, user: User, campaign: Campaign, now: datetime) -> list[Offer]:
    return offered_cases(shown_cases(cases, user, campaign)[:SHOWN], user, campaign, now)


def _case(campaign: Campaign, case: int) -> ReviewCase:
    rows = ReviewCase.objects.select_related("campaign__rubric", "campaign_item__item", "task")
    return get_object_or_404(rows, pk=case, campaign=campaign)


def _dimensions(campaign: Campaign) -> list[WordedDimension]:
    guideline = campaign.guideline_id or 0
    return describe_rubric(campaign.rubric_id, guideline, get_language() or "en")


def _levels(request: HttpRequest, rows: list[Row]) -> dict[tuple[int, str], int | None]:
    levels: dict[tuple[int, str], int | None] = {}
    for row in rows:
        for cell in row.cells:
            value = request.POST.get(cell.name)
            if value is not None:
                number = read_whole(value, most=LARGEST_LEVEL)
                # digits that are not a level are refused; a word leaves the score undecided
                is_wrong = number is None and value.isdecimal()
                levels[cell.candidate, cell.dimension] = -1 if is_wrong else number
    return levels
