"""A campaign's setup page: settings, plan and state."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotation_app.enums import CampaignState, JobKind
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Campaign, OverlapPlan, Pilot
from annotation_app.policies import can_administer_campaign
from annotation_app.services.campaigns.creation import NEXT_STATES, change_campaign_state
from annotation_app.services.campaigns.forecast import forecast_plan
from annotation_app.services.campaigns.plan_jobs import widen_overlap
from annotation_app.services.campaigns.settings import change_settings
from annotation_app.web.campaigns.setup.forms import PlanForm, SettingsForm
from annotation_app.web.campaigns.setup.names import dimension_names
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in

PLAN_FIELDS = ("base_ratings", "overlap_share", "overlap_ratings")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def campaign_setup(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the setup; save the settings."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    form = SettingsForm(request.POST or None, campaign=campaign, names=dimension_names(campaign))
    if form.is_valid():
        try:
            change_settings(actor=signed_in(request), campaign=campaign, changes=form.changes())
        except AnnotationError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("campaign-setup", slug=slug)
    return _show(request, campaign, {"form": form})


@require_POST
@login_required
def campaign_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a plan would add, or add it."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    form = PlanForm(request.POST)
    if not form.is_valid():
        return _show(request, campaign, {"plan_form": form})
    if request.POST.get("act") != "apply":
        forecast = forecast_plan(campaign, form.plan())
        return _show(request, campaign, {"plan_form": form, "proposed": forecast})
    try:
        job = widen_overlap(campaign=campaign, actor=signed_in(request), plan=form.plan())
    except AnnotationError as error:
        form.add_error(None, error.message)
        return _show(request, campaign, {"plan_form": form})
    return redirect("job-detail", public_id=job.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def campaign_state(request: HttpRequest, slug: str, state: str) -> HttpResponse:
    """Ask, then start, pause, finish or reopen."""
    campaign = load_campaign(request, slug, can_administer_campaign)
    if state not in CampaignState.values:
        raise Http404
    target = CampaignState(state)
    if request.method == "POST":
        try:
            change_campaign_state(actor=signed_in(request), campaign=campaign, state=target)
        except AnnotationError as error:
            messages.warning(request, error.message)
        else:
            messages.success(
                request, _("The campaign is now: %(state)s.") % {"state": target.label}
            )
        return redirect("campaign-setup", slug=slug)
    context = {"campaign": campaign, "tab": "setup", "target": target}
    return render(request, "campaigns/setup/state.html", context)


def _show(request: HttpRequest, campaign: Campaign, extra: dict[str, Any]) -> HttpResponse:
    newest = campaign.overlap_plans.order_by("-number").first()
    plan = newest or OverlapPlan(base_ratings=1, overlap_share=0.05, overlap_ratings=3)
    context: dict[str, Any] = {
        "campaign": campaign,
        "tab": "setup",
        "plan": newest,
        "plans": campaign.overlap_plans.select_related("created_by").order_by("-number"),
        "forecast": forecast_plan(campaign, plan),
        "planned": campaign.tasks.exists(),
        "pilot": Pilot.objects.filter(campaign=campaign).first(),
        "jobs": campaign.jobs.filter(kind=JobKind.PLAN_TASKS)[:3],
        "next_states": NEXT_STATES[CampaignState(campaign.state)],
        "form": SettingsForm(campaign=campaign, names=dimension_names(campaign)),
        "plan_form": PlanForm(initial={name: getattr(plan, name) for name in PLAN_FIELDS}),
    }
    has_error = any(form.errors for form in extra.values() if hasattr(form, "errors"))
    return render(
        request, "campaigns/setup/home.html", context | extra, status=400 if has_error else 200
    )
