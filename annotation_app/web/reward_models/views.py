"""Pages of reward model versions."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation_app.exceptions import AnnotationError
from annotation_app.models import Campaign, RewardModelVersion
from annotation_app.policies import can_export, can_promote_model, can_see_results, can_train
from annotation_app.selectors.rating.blinding import items_of, why_blind
from annotation_app.selectors.reward_models.files import (
    READABLE,
    model_card,
    model_file,
    split_figures,
)
from annotation_app.services.reward_models.predictions import request_predictions
from annotation_app.services.reward_models.promotion import promote_model
from annotation_app.services.reward_models.versions import request_training
from annotation_app.web.by_token import login_or_token
from annotation_app.web.loading import load_campaign
from annotation_app.web.markdown import render_document
from annotation_app.web.requests import signed_in
from annotation_app.web.reward_models.forms import TrainingForm

BACKBONE = "compact"
CHART = re.compile(r"\]\((\w+\.svg)\)")  # in the card's Markdown, beside which the charts lie


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def model_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign's models, and the form to train one."""
    campaign = load_campaign(request, slug, can_see_results)
    may_train = can_train(signed_in(request), campaign)
    form = TrainingForm(campaign, request.POST or None)
    if request.method == "POST":
        if not may_train:
            raise Http404
        if form.is_valid():
            return _start_training(request, campaign, form)
    return render(
        request,
        "reward_models/list.html",
        {
            "campaign": campaign,
            "tab": "models",
            "form": form,
            "may_train": may_train,
            "models": campaign.models.select_related("dataset", "job"),
        },
    )


def _start_training(request: HttpRequest, campaign: Campaign, form: TrainingForm) -> HttpResponse:
    values = form.cleaned_data
    try:
        version = request_training(
            campaign=campaign,
            dataset=values["dataset"],
            backbone=BACKBONE,
            config={"epochs": values["epochs"], "seed": values["seed"]},
            created_by=signed_in(request),
        )
    except AnnotationError as error:
        messages.error(request, error.message)
        return redirect("model-list", slug=campaign.slug)
    return redirect("model-detail", slug=campaign.slug, number=version.number)


@require_safe
@login_required
def model_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A model's figures, what it was trained on, what it predicted."""
    campaign = load_campaign(request, slug, can_see_results)
    version = _version(campaign, number)
    dimensions = list(campaign.rubric.dimensions.values_list("key", flat=True))
    return render(
        request,
        "reward_models/detail.html",
        {
            "dimensions": dimensions,
            "figures": split_figures(version, dimensions),
            "campaign": campaign,
            "tab": "models",
            "version": version,
            "settings": list(version.config.items()),
            "card": render_document(_with_charts(campaign, version)),
            "prediction_count": version.predictions.count(),
            "may_train": can_train(signed_in(request), campaign),
            "may_download": can_export(signed_in(request), campaign),
            "blinded": why_blind(signed_in(request), items_of(campaign)),
            "may_promote": can_promote_model(signed_in(request), version),
        },
    )


def _with_charts(campaign: Campaign, version: RewardModelVersion) -> str:
    """The card's Markdown with its charts under their addresses on this site."""

    def address(found: re.Match[str]) -> str:
        return f"]({reverse('model-file', args=[campaign.slug, version.number, found[1]])})"

    return CHART.sub(address, model_card(version))


@require_safe
@login_or_token
def model_file_view(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponse:
    """A chart of the card, or the card itself."""
    campaign = load_campaign(request, slug, can_see_results)
    path = model_file(_version(campaign, number), name)
    if path is None:
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=READABLE[name])
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@require_POST
@login_required
def model_predict(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Score the campaign's candidates and re-order its open tasks."""
    campaign = load_campaign(request, slug, can_train)
    try:
        job = request_predictions(
            version=_version(campaign, number), created_by=signed_in(request), refresh=True
        )
    except AnnotationError as error:
        messages.warning(request, error.message)
        return redirect("model-detail", slug=slug, number=number)
    return redirect("job-detail", public_id=job.public_id)


@require_POST
@login_required
def model_promote(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Make the model the campaign's champion."""
    campaign = load_campaign(request, slug, can_see_results)
    version = _version(campaign, number)
    if not can_promote_model(signed_in(request), version):
        raise Http404
    try:
        promote_model(version=version, actor=signed_in(request))
    except AnnotationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Promoted."))
    return redirect("model-detail", slug=slug, number=number)


def _version(campaign: Campaign, number: int) -> RewardModelVersion:
    return get_object_or_404(campaign.models.select_related("dataset", "job"), number=number)
