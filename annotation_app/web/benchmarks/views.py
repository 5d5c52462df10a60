"""Pages of benchmarks: list, plan, detail, publication, files."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation_app.enums import BenchmarkStage, BuildState
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Benchmark
from annotation_app.policies import (
    can_administer_campaign,
    can_build_benchmark,
    can_publish_benchmark,
    can_see_results,
    can_train,
)
from annotation_app.selectors.benchmarks.benchmarks import (
    board_rows,
    categories_of,
    count_cross_checked,
    count_withdrawn,
    rater_progress,
)
from annotation_app.selectors.rating.blinding import items_of_benchmark, why_blind
from annotation_app.services.benchmarks.building import request_benchmark
from annotation_app.services.benchmarks.choosing import REASONS
from annotation_app.services.benchmarks.publishing import request_publication
from annotation_app.web.benchmarks.forms import BenchmarkForm, ModelRunForm, PredictionsForm
from annotation_app.web.benchmarks.loading import load_benchmark
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in

RATERS = 3


@require_safe
@login_required
def benchmark_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign's benchmarks."""
    campaign = load_campaign(request, slug, can_see_results)
    context = {
        "campaign": campaign,
        "tab": "benchmarks",
        "benchmarks": campaign.benchmarks.defer("groups", "board").select_related("created_by"),
        "may_build": can_build_benchmark(signed_in(request), campaign),
    }
    return render(request, "benchmarks/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def benchmark_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan of a new benchmark, with the items that could serve now."""
    campaign = load_campaign(request, slug, can_build_benchmark)
    form = BenchmarkForm(request.POST or None, categories=categories_of(campaign))
    if form.is_valid():
        try:
            benchmark = request_benchmark(
                campaign=campaign, choices=form.choices(), created_by=signed_in(request)
            )
        except AnnotationError as error:
            form.add_error(None, error.message)
        else:
            return redirect("benchmark-detail", slug=slug, number=benchmark.number)
    context = {
        "campaign": campaign,
        "tab": "benchmarks",
        "form": form,
        "cross_checked": count_cross_checked(campaign, RATERS),
        "raters": RATERS,
    }
    return render(request, "benchmarks/new.html", context)


@require_safe
@login_required
def benchmark_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A benchmark's contents, the progress of its check, and how judges do on it."""
    benchmark = load_benchmark(request, slug, number, can_see_results)
    user, campaign = signed_in(request), benchmark.campaign
    raters = rater_progress(benchmark)
    context = {
        "campaign": campaign,
        "tab": "benchmarks",
        "benchmark": benchmark,
        "excluded": _excluded(benchmark),
        "withdrawn": count_withdrawn(benchmark),
        "raters": raters,
        "waiting": sum(rater.waiting for rater in raters),
        "board": board_rows(benchmark),
        "pending": benchmark.judge_runs.exclude(state=BuildState.READY).select_related("job"),
        "files": _listed_files(benchmark),
        "reason": why_blind(user, items_of_benchmark(benchmark)),
        "may_build": can_build_benchmark(user, campaign),
        "may_publish": can_publish_benchmark(user, benchmark),
        "may_train": can_train(user, campaign),
        "administers": can_administer_campaign(user, campaign),
        "upload_form": PredictionsForm(),
        "model_form": ModelRunForm(user, campaign),
    }
    return render(request, "benchmarks/detail.html", context)


@require_POST
@login_required
def benchmark_publish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Publish a checked benchmark, or one whose check an admin overrides with a reason."""
    benchmark = load_benchmark(request, slug, number, can_administer_campaign)
    try:
        job = request_publication(
            benchmark=benchmark,
            actor=signed_in(request),
            override_reason=request.POST.get("reason", "")[:500],
        )
    except AnnotationError as error:
        messages.error(request, error.message)
        return redirect("benchmark-detail", slug=slug, number=number)
    return redirect("job-detail", public_id=job.public_id)


@require_safe
@login_required
def benchmark_file(request: HttpRequest, slug: str, number: int, path: str) -> FileResponse:
    """One file of a published benchmark, by a name that its manifest lists."""
    benchmark = load_benchmark(request, slug, number, can_build_benchmark)
    refuse_blind(request, items_of_benchmark(benchmark))
    known = {*benchmark.manifest.get("files", {}), "manifest.json"}
    if benchmark.stage != BenchmarkStage.PUBLISHED or path not in known:
        raise Http404
    file = Path(settings.EXPORT_ROOT) / benchmark.folder / path
    if not file.is_file():
        raise Http404
    name = f"{slug}-benchmark-{number}-{file.name}"
    return FileResponse(file.open("rb"), as_attachment=True, filename=name)


def _excluded(benchmark: Benchmark) -> list[tuple[int, object]]:
    """How many items could not serve, and why, the commonest reason first."""
    found = benchmark.facts.get("excluded", {})
    return [(count, REASONS[reason]) for reason, count in sorted(found.items(), key=_by_count)]


def _by_count(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _listed_files(benchmark: Benchmark) -> list[tuple[str, dict[str, object]]]:
    """The files worth listing individually: images are many and are listed in the manifest."""
    files = benchmark.manifest.get("files", {})
    return [(name, facts) for name, facts in files.items() if not name.startswith("images/")]
