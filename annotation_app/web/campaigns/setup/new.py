"""The page that opens a campaign."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from annotation_app.enums import CampaignState, SamplingStrategy
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Campaign, Rubric, User
from annotation_app.policies import can_administer_installation
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.forecast import Forecast, forecast_plan
from annotation_app.services.rubrics.files import read_rubric, store_rubric
from annotation_app.services.rubrics.rubrics import ensure_default_rubric
from annotation_app.web.campaigns.setup.forms import NewCampaignForm
from annotation_app.web.requests import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Ask for everything, show what it will give, open the campaign as a draft."""
    user = signed_in(request)
    if not can_administer_installation(user):
        raise Http404
    ensure_default_rubric()
    form = NewCampaignForm(request.POST or None, request.FILES or None)
    forecast = None
    if form.is_valid():
        try:
            if request.POST.get("act") == "preview":
                forecast = _forecast(form)
            else:
                return _created(request, user, form)
        except AnnotationError as error:
            form.add_error(_field_of(error), error.message)
    return render(request, "campaigns/setup/new.html", {"form": form, "forecast": forecast})


def _created(request: HttpRequest, user: User, form: NewCampaignForm) -> HttpResponse:
    with transaction.atomic():
        campaign = _create(user, form)
    messages.success(
        request, _("The campaign is a draft. Review it, plan its tasks, then start it.")
    )
    return redirect("campaign-setup", slug=campaign.slug)


def _create(user: User, form: NewCampaignForm) -> Campaign:
    values, plan = form.cleaned_data, form.plan()
    rubric = _rubric(user, form)
    keys = rubric.dimensions.values_list("key", flat=True)
    gate = values["gate"]
    design = CampaignDesign(
        rubric=rubric,
        sampling=SamplingStrategy(values["sampling"]),
        candidates_per_item=values["candidates_per_item"],
        reserved_share=values["reserved_share"],
        description=values["description"],
        agreement_gate={} if gate is None else dict.fromkeys(keys, gate),
        state=CampaignState.DRAFT,
        shows_others_after_close=values["shows_others_after_close"],
        gives_feedback=values["gives_feedback"],
        time_zone=values["time_zone"],
    )
    campaign = create_campaign(
        actor=user, name=values["name"], collection=values["collection"], design=design
    )
    set_overlap_plan(
        actor=user,
        campaign=campaign,
        base_ratings=plan.base_ratings,
        overlap_share=plan.overlap_share,
        overlap_ratings=plan.overlap_ratings,
    )
    return campaign


def _rubric(user: User, form: NewCampaignForm) -> Rubric:
    if form.cleaned_data["rubric_file"]:
        return store_rubric(actor=user, file=read_rubric(form.cleaned_data["rubric_file"]))
    return form.cleaned_data["rubric"] or ensure_default_rubric()


def _forecast(form: NewCampaignForm) -> Forecast:
    values = form.cleaned_data
    if values["rubric_file"]:
        read_rubric(values["rubric_file"])
    unsaved = Campaign(
        collection=values["collection"],
        rubric=values["rubric"] or ensure_default_rubric(),
        seed=0,
        reserved_share=values["reserved_share"],
        candidates_per_item=values["candidates_per_item"],
    )
    return forecast_plan(unsaved, form.plan())


def _field_of(error: AnnotationError) -> str:
    return "rubric_file" if "field" in error.details else "name"
