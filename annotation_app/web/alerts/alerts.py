"""The page of a campaign's alerts."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotation_app.models import Alert
from annotation_app.policies import can_administer_campaign
from annotation_app.selectors.alerts.alerts import (
    alert_sentence,
    open_alerts,
    past_alerts,
    wants_mail,
)
from annotation_app.services.alerts.lifecycle import acknowledge_alert
from annotation_app.services.alerts.opt_outs import set_alert_mail
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in


@dataclass(frozen=True)
class AlertLine:
    """An alert with its sentence."""

    alert: Alert
    sentence: str


@require_safe
@login_required
def alert_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What needs an admin now, and what did."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    return render(
        request,
        "alerts/list.html",
        {
            "campaign": campaign,
            "tab": "alerts",
            "open": [AlertLine(alert, alert_sentence(alert)) for alert in open_alerts(campaign)],
            "past": [AlertLine(alert, alert_sentence(alert)) for alert in past_alerts(campaign)],
            "wants_mail": wants_mail(signed_in(request), campaign),
        },
    )


@require_POST
@login_required
def alert_acknowledge(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Note that the signed-in admin has seen to an alert."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    alert = get_object_or_404(Alert, campaign=campaign, public_id=public_id)
    acknowledge_alert(actor=signed_in(request), alert=alert, now=timezone.now())
    return redirect("alert-list", slug=slug)


@require_POST
@login_required
def alert_mail(request: HttpRequest, slug: str) -> HttpResponse:
    """Turn the signed-in admin's mails about this campaign on or off."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    wanted = request.POST.get("wanted") == "yes"
    set_alert_mail(user=signed_in(request), campaign=campaign, wanted=wanted)
    messages.success(
        request,
        _("You get this campaign's alerts by email.")
        if wanted
        else _("You do not get this campaign's alerts by email."),
    )
    return redirect("alert-list", slug=slug)
