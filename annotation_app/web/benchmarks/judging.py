"""Judges on a benchmark: upload, run of a model, score sheet, removal, the board as a file."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotation_app.exceptions import AnnotationError
from annotation_app.policies import can_build_benchmark, can_see_results, can_train
from annotation_app.selectors.benchmarks.benchmarks import board_records
from annotation_app.selectors.rating.blinding import items_of_benchmark
from annotation_app.services.benchmarks.judging import (
    compare_judge,
    remove_judge,
    request_model_run,
)
from annotation_app.services.benchmarks.uploading import request_scoring
from annotation_app.web.benchmarks.forms import ModelRunForm, PredictionsForm
from annotation_app.web.benchmarks.loading import load_benchmark
from annotation_app.web.benchmarks.tables import records_response
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.requests import signed_in


@require_POST
@login_required
def predictions_upload(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Have a predictions file scored by a job; its page says how far it is and what is wrong."""
    benchmark = load_benchmark(request, slug, number, can_build_benchmark)
    # the scores of a person's guesses reveal how others ordered the edits
    refuse_blind(request, items_of_benchmark(benchmark))
    form = PredictionsForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            job = request_scoring(
                benchmark=benchmark,
                name=form.cleaned_data["name"],
                file=form.cleaned_data["file"],
                created_by=signed_in(request),
            )
        except AnnotationError as error:
            form.add_error(None, error.message)
        else:
            return redirect("job-detail", public_id=job.public_id)
    context = {
        "campaign": benchmark.campaign,
        "tab": "benchmarks",
        "benchmark": benchmark,
        "form": form,
    }
    return render(request, "benchmarks/upload.html", context, status=422)


@require_POST
@login_required
def model_run(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Let a reward model of the installation score the benchmark."""
    benchmark = load_benchmark(request, slug, number, can_train)
    form = ModelRunForm(signed_in(request), benchmark.campaign, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a reward model."))
        return redirect("benchmark-detail", slug=slug, number=number)
    try:
        run = request_model_run(
            benchmark=benchmark, version=form.cleaned_data["model"], created_by=signed_in(request)
        )
    except AnnotationError as error:
        messages.error(request, error.message)
        return redirect("benchmark-detail", slug=slug, number=number)
    if run.job is None:
        return redirect("benchmark-detail", slug=slug, number=number)
    return redirect("job-detail", public_id=run.job.public_id)


@require_safe
@login_required
def judge_detail(request: HttpRequest, slug: str, number: int, public_id: UUID) -> HttpResponse:
    """A judge's whole score sheet, with the papers' own formulas."""
    benchmark = load_benchmark(request, slug, number, can_see_results)
    run = get_object_or_404(
        benchmark.judge_runs.select_related("model__campaign"), public_id=public_id
    )
    context = {
        "campaign": benchmark.campaign,
        "tab": "benchmarks",
        "benchmark": benchmark,
        "run": run,
        "report": run.report,
        "compared": compare_judge(run),
        "may_remove": can_build_benchmark(signed_in(request), benchmark.campaign),
    }
    return render(request, "benchmarks/judge.html", context)


@require_POST
@login_required
def judge_remove(request: HttpRequest, slug: str, number: int, public_id: UUID) -> HttpResponse:
    """Take a judge off the leaderboard."""
    benchmark = load_benchmark(request, slug, number, can_build_benchmark)
    run = benchmark.judge_runs.filter(public_id=public_id).first()
    if run is not None:  # otherwise another request was quicker
        remove_judge(run=run, actor=signed_in(request))
    messages.success(request, _("Removed."))
    return redirect("benchmark-detail", slug=slug, number=number)


@require_safe
@login_required
def judge_board_file(request: HttpRequest, slug: str, number: int, kind: str) -> HttpResponse:
    """The leaderboard of judges as CSV or JSON."""
    benchmark = load_benchmark(request, slug, number, can_see_results)
    return records_response(board_records(benchmark), f"{slug}-benchmark-{number}-judges", kind)
