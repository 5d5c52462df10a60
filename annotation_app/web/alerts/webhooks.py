"""The pages of a campaign's webhooks."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Campaign, Webhook
from annotation_app.policies import can_administer_campaign
from annotation_app.services.alerts.outgoing import PRIVATE
from annotation_app.services.alerts.signing import webhook_secret
from annotation_app.services.alerts.webhooks import add_webhook, delete_webhook, send_test
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in

SHOWN_DELIVERIES = 50
# The new webhook whose secret the next look at its page shows, once.
FRESH = "fresh_webhook"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def webhook_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign's webhooks, and the form for a new one."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    url, error = request.POST.get("url", ""), ""
    if request.method == "POST":
        try:
            webhook = add_webhook(actor=signed_in(request), campaign=campaign, url=url)
        except (InvalidInputError, ConflictError) as refused:
            error = refused.message
        else:
            request.session[FRESH] = str(webhook.public_id)
            return _to_detail(webhook)
    return render(
        request,
        "alerts/webhooks.html",
        {
            "campaign": campaign,
            "tab": "alerts",
            "webhooks": campaign.webhooks.annotate(messages=Count("deliveries")),
            "hosts": [host.removeprefix(PRIVATE) for host in settings.ALERT_WEBHOOK_HOSTS],
            "url": url,
            "error": error,
        },
        status=400 if error else 200,
    )


@require_safe
@login_required
def webhook_detail(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """The log of a webhook's messages; its secret on the first look."""
    webhook = _load(request, slug, public_id)
    is_fresh = request.session.get(FRESH) == str(webhook.public_id)
    if is_fresh:
        del request.session[FRESH]
    return render(
        request,
        "alerts/webhook.html",
        {
            "campaign": webhook.campaign,
            "tab": "alerts",
            "webhook": webhook,
            "deliveries": webhook.deliveries.all()[:SHOWN_DELIVERIES],
            "secret": webhook_secret(webhook) if is_fresh else "",
        },
    )


@require_POST
@login_required
def webhook_test(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Post a test message."""
    webhook = _load(request, slug, public_id)
    send_test(actor=signed_in(request), webhook=webhook, now=timezone.now())
    messages.success(request, _("A test message is being sent: its line below shows the result."))
    return _to_detail(webhook)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def webhook_delete(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Ask, then delete a webhook."""
    webhook = _load(request, slug, public_id)
    if request.method == "POST":
        delete_webhook(actor=signed_in(request), webhook=webhook)
        messages.success(request, _("The webhook has been deleted."))
        return redirect("webhook-list", slug=slug)
    facts = {"campaign": webhook.campaign, "tab": "alerts", "webhook": webhook}
    return render(request, "alerts/webhook_delete.html", facts)


def _load(request: HttpRequest, slug: str, public_id: UUID) -> Webhook:
    campaign: Campaign = load_campaign(request, slug, can_administer_campaign)
    return get_object_or_404(
        Webhook.objects.select_related("campaign__collection"),
        campaign=campaign,
        public_id=public_id,
    )


def _to_detail(webhook: Webhook) -> HttpResponse:
    return redirect("webhook-detail", slug=webhook.campaign.slug, public_id=webhook.public_id)
