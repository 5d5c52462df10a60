"""Pushing a dataset version or a benchmark to a hub that the operator listed."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from annotation_app.exceptions import AnnotationError
from annotation_app.models import Benchmark, Campaign
from annotation_app.policies import can_push_to_hub
from annotation_app.selectors.rating.blinding import items_of_benchmark, items_of_version
from annotation_app.services.hub.pushing import (
    PushRequest,
    hub_client,
    hub_endpoints,
    push_benchmark,
    push_dataset,
)
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.hub.forms import PushForm
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in


@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dataset_push(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Push a dataset version."""
    campaign = load_campaign(request, slug, can_push_to_hub)
    version = get_object_or_404(campaign.datasets, number=number)
    version.campaign = campaign
    refuse_blind(request, items_of_version(version))

    def push(asked: PushRequest) -> str:
        return push_dataset(
            version=version, request=asked, actor=signed_in(request), client=hub_client()
        )

    title = _("Dataset version %(number)s") % {"number": number}
    return _answer(request, campaign, push, {"title": title, "tab": "datasets", "number": number})


@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def benchmark_push(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Push a benchmark."""
    campaign = load_campaign(request, slug, can_push_to_hub)
    benchmark = get_object_or_404(Benchmark, campaign=campaign, number=number)
    benchmark.campaign = campaign
    refuse_blind(request, items_of_benchmark(benchmark))

    def push(asked: PushRequest) -> str:
        return push_benchmark(
            benchmark=benchmark, request=asked, actor=signed_in(request), client=hub_client()
        )

    title = _("Benchmark %(number)s") % {"number": number}
    return _answer(request, campaign, push, {"title": title, "tab": "benchmarks", "number": number})


def _answer(
    request: HttpRequest,
    campaign: Campaign,
    push: Callable[[PushRequest], str],
    facts: dict[str, object],
) -> HttpResponse:
    back = "dataset-detail" if facts["tab"] == "datasets" else "benchmark-detail"
    form = PushForm(request.POST or None)
    if hub_endpoints() and form.is_valid():
        try:
            address = push(form.request())
        except AnnotationError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Pushed: %(address)s") % {"address": address})
            return redirect(back, slug=campaign.slug, number=facts["number"])
    context = {"campaign": campaign, "form": form, "is_on": bool(hub_endpoints()), "back": back}
    return render(request, "hub/push.html", {**context, **facts})
