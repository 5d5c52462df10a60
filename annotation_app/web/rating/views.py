"""The workbench and one's own history."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from annotation_app.enums import CalibrationStep, FlagKind, MissingReason
from annotation_app.models import Campaign, User
from annotation_app.payloads.page import describe_page
from annotation_app.policies import can_annotate, can_enter_campaign
from annotation_app.selectors.quality.calibration import read_calibration
from annotation_app.selectors.quality.notes import unread_notes
from annotation_app.selectors.queue.leases import open_leases
from annotation_app.selectors.raters.sessions import read_session
from annotation_app.selectors.rating.history import last_guideline, own_history, scores_on_screen
from annotation_app.selectors.rubrics.wording import in_language
from annotation_app.services.quality.gating import say_pause
from annotation_app.services.rating.revisions import is_open
from annotation_app.web.loading import load_campaign
from annotation_app.web.rating.strings import page_strings
from annotation_app.web.requests import signed_in

RATING_STEPS = (CalibrationStep.TRAIN, CalibrationStep.QUALIFY, CalibrationStep.WORK)
MOST_ROWS = 1000  # of the history page


@require_safe
@never_cache  # going back must not bring items that were submitted meanwhile
@login_required
@ensure_csrf_cookie
def annotate(request: HttpRequest, slug: str) -> HttpResponse:
    """The workbench: the current items, or the first one as soon as the page asks for it."""
    campaign = load_campaign(request, slug, can_enter_campaign)
    user = signed_in(request)
    if not can_annotate(user, campaign) or campaign.guideline is None:
        return _closed(request, user, campaign)
    now = timezone.now()
    step = read_calibration(annotator=user, campaign=campaign, now=now)
    if step.step not in RATING_STEPS or (
        step.step == CalibrationStep.QUALIFY and not step.is_running
    ):
        return redirect("qualification", slug=slug)
    data = describe_page(
        user=user,
        campaign=campaign,
        leases=open_leases(annotator=user, campaign=campaign),
        urls=_urls(campaign, talks=step.step == CalibrationStep.WORK),
        now=now,
        last=_last_open(user, campaign, now),
    )
    context = {
        "campaign": campaign,
        "session": read_session(annotator=user, campaign=campaign, now=now),
        "dimensions": data["rubric"],
        "changed_guideline": _changed_guideline(user, campaign, get_language() or "en"),
        "notes": unread_notes(annotator=user, campaign=campaign),
        "calibration": step,
        "missing_reasons": MissingReason.choices,
        "flag_kinds": FlagKind.choices,
        "page_data": data,
        "strings": page_strings(),
    }
    return render(request, "rating/workbench.html", context)


@require_safe
@never_cache
@login_required
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """What one has rated in the last days, and what is still open to change."""
    campaign = load_campaign(request, slug, can_enter_campaign)
    now = timezone.now()
    ratings = own_history(annotator=signed_in(request), campaign=campaign, now=now)
    rows = [
        {"rating": rating, "is_open": is_open(rating, now), "scores": scores_on_screen(rating)}
        for rating in ratings[:MOST_ROWS]
    ]
    return render(request, "rating/history.html", {"campaign": campaign, "rows": rows})


def _closed(request: HttpRequest, user: User, campaign: Campaign) -> HttpResponse:
    step = read_calibration(annotator=user, campaign=campaign, now=timezone.now())
    sentence = say_pause(step) if step.step == CalibrationStep.PAUSED else ""
    return render(request, "rating/closed.html", {"campaign": campaign, "sentence": sentence})


def _last_open(user: User, campaign: Campaign, now: datetime) -> str | None:
    """The name of the last submit if it can be taken back still, so that undo outlives a reload."""
    last = own_history(annotator=user, campaign=campaign, now=now).first()
    return str(last.client_uuid) if last is not None and is_open(last, now) else None


def _urls(campaign: Campaign, *, talks: bool) -> dict[str, str]:
    """Addresses that only this page sends to; questions only where discussion is allowed."""
    urls = {"next": reverse("work-next", args=[campaign.slug])}
    if talks:
        urls["questions"] = reverse("thread-list", args=[campaign.slug])
    return urls


def _changed_guideline(user: User, campaign: Campaign, language: str) -> str | None:
    """The note on what changed since the annotator's last rating; None if there is no change."""
    last = last_guideline(annotator=user, campaign=campaign)
    current = campaign.guideline
    if last is None or current is None or last.pk == current.pk:
        return None
    return in_language(current.change_note, language) if current.change_note else ""
