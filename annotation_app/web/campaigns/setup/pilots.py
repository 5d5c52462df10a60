"""The pilot's pages: start, report, on to production."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation_app.exceptions import AnnotationError
from annotation_app.models import Campaign, Pilot
from annotation_app.policies import can_administer_campaign, can_review, can_withdraw_item
from annotation_app.selectors.campaigns.pilots import pilot_report as read_report
from annotation_app.selectors.rating.blinding import items_of, withheld
from annotation_app.services.campaigns.pilots import extend_pilot, promote_pilot, start_pilot
from annotation_app.web.campaigns.setup.names import dimension_names
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in


@require_safe
@login_required
def pilot_report(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the pilot agreed and where it did not."""
    campaign = load_campaign(request, slug, can_review)
    pilot, language = _pilot(campaign), get_language() or "en"
    hidden = withheld(signed_in(request), items_of(campaign), working_in=campaign)
    context = {
        "campaign": campaign,
        "tab": "setup",
        "pilot": pilot,
        "withheld": hidden,
        "report": read_report(pilot, dimension_names(campaign), language, hidden.items)
        if pilot
        else None,
        "administers": can_administer_campaign(signed_in(request), campaign),
        "sees_withdrawn": can_withdraw_item(signed_in(request), campaign.collection),
    }
    return render(request, "campaigns/setup/pilot.html", context)


@require_POST
@login_required
def pilot_start(request: HttpRequest, slug: str) -> HttpResponse:
    """Start the pilot, or let those join who came later."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    actor, pilot = signed_in(request), _pilot(campaign)
    try:
        if pilot is None:
            start_pilot(
                actor=actor,
                campaign=campaign,
                count=_number(request.POST.get("items", "")),
                now=timezone.now(),
            )
            messages.success(request, _("The pilot is ready: its items come first for everyone."))
        else:
            added = extend_pilot(actor=actor, pilot=pilot)
            said = ngettext("%(n)d task was added.", "%(n)d tasks were added.", added)
            messages.success(request, said % {"n": added})
    except AnnotationError as error:
        messages.warning(request, error.message)
        return redirect("campaign-setup", slug=slug)
    return redirect("pilot", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pilot_promote(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for confirmation, then continue to production."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    pilot = _pilot(campaign)
    if pilot is None or pilot.promoted_at is not None:
        return redirect("pilot", slug=slug)
    if request.method == "POST":
        try:
            job = promote_pilot(actor=signed_in(request), pilot=pilot, now=timezone.now())
        except AnnotationError as error:
            messages.warning(request, error.message)
            return redirect("pilot", slug=slug)
        return redirect("job-detail", public_id=job.public_id)
    return render(
        request,
        "campaigns/setup/promote.html",
        {"campaign": campaign, "tab": "setup", "pilot": pilot},
    )


def _pilot(campaign: Campaign) -> Pilot | None:
    return Pilot.objects.filter(campaign=campaign).select_related("campaign__rubric").first()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0  # noqa: PLR2004
