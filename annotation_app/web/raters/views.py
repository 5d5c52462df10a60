"""Annotators: the list with a funnel per dimension, one annotator's panel, asking for a study."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotation_app.enums import Role
from annotation_app.exceptions import ConflictError
from annotation_app.models import Membership
from annotation_app.policies import can_administer_campaign, can_review, can_see_results
from annotation_app.selectors.raters.records import count_ratings, find_rater
from annotation_app.services.raters.studying import request_study
from annotation_app.web.loading import load_campaign
from annotation_app.web.raters.funnel import draw_funnel
from annotation_app.web.raters.listing import list_rows
from annotation_app.web.raters.panel import build_panel
from annotation_app.web.raters.reading import RaterData
from annotation_app.web.requests import signed_in


@require_safe
@login_required
def rater_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every annotator with α and severity, and a funnel instead of a league table."""
    campaign = load_campaign(request, slug, can_see_results)
    reading = RaterData(campaign)
    context = {
        "campaign": campaign,
        "tab": "agreement",
        "rows": list_rows(reading),
        "dimensions": [reading.names[key] for key in reading.rows],
        "funnels": [
            (key, reading.names[key], draw_funnel(rows)) for key, rows in reading.rows.items()
        ],
        "study": reading.study,
    }
    return render(request, "raters/list.html", context)


@require_safe
@login_required
def rater_panel(request: HttpRequest, slug: str, rater: UUID) -> HttpResponse:
    """One annotator: every figure with n, interval and shrinkage, and what can be done."""
    campaign = load_campaign(request, slug, can_see_results)
    person = find_rater(campaign, rater)
    if person is None:
        raise Http404
    reading, user = RaterData(campaign), signed_in(request)
    members = Membership.objects.filter(campaign=campaign, user=person, role=Role.ANNOTATOR)
    context = {
        "campaign": campaign,
        "tab": "agreement",
        "person": person,
        "panel": build_panel(reading, person),
        "n_ratings": count_ratings(campaign, person),
        "study": reading.study,
        "member": members.select_related("annotator_status", "user").first(),
        "reviews": can_review(user, campaign),
        "administers": can_administer_campaign(user, campaign),
    }
    return render(request, "raters/panel.html", context)


@require_POST
@login_required
def rater_study(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a study of the annotators."""
    campaign = load_campaign(request, slug, can_see_results)
    try:
        job = request_study(campaign=campaign, created_by=signed_in(request))
    except ConflictError as error:
        messages.warning(request, error.message)
        return redirect("rater-list", slug=slug)
    return redirect("job-detail", public_id=job.public_id)
