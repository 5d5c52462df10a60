"""Pages of dataset versions: the list, one version with its progress, its card."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models.fields.json import KeyTransform
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from annotation_app.enums import BuildState, JobState
from annotation_app.models import DatasetVersion
from annotation_app.policies import can_export, can_see_results
from annotation_app.policies.jobs import can_control_job
from annotation_app.selectors.collections.withdrawals import withdrawal_records
from annotation_app.selectors.exports.files import find_version_file, handed_out, listed_files
from annotation_app.selectors.jobs.jobs import job_pace
from annotation_app.selectors.rating.blinding import items_of_version
from annotation_app.services.jobs.lifecycle import UNFINISHED
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.exports.cards import read_card
from annotation_app.web.exports.commands import training_commands
from annotation_app.web.exports.counts import count_tables
from annotation_app.web.exports.loading import load_ready_version, load_version
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import asks_for_part, signed_in

CARD = "README.md"
LISTED = 200  # withdrawn items named on the page; the JSON names all


@require_safe
@login_required
def dataset_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign's versions with their states and sizes."""
    campaign = load_campaign(request, slug, can_see_results)
    versions = (
        campaign.datasets.select_related("created_by", "job")
        .annotate(
            items=KeyTransform("items", KeyTransform("pairs", "manifest")),
            total=KeyTransform("total", KeyTransform("pairs", "manifest")),
        )
        .defer("manifest")
    )
    context = {
        "campaign": campaign,
        "tab": "datasets",
        "may_build": can_export(signed_in(request), campaign),
        "versions": versions,
        "comparable": [one.number for one in versions if one.state == BuildState.READY],
    }
    return render(request, "exports/list.html", context)


@require_safe
@login_required
def dataset_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What went in, what came out, how far it is, how to reproduce it, downloads.

    While its job runs the page asks for its progress again and again; when it ends, the page is
    loaded afresh.
    """
    version = load_version(request, slug, number, can_see_results)
    running = version.job is not None and version.job.state in UNFINISHED
    context: dict[str, Any] = {"campaign": version.campaign, "version": version}
    context["job"] = version.job
    context["pace"] = job_pace(version.job, timezone.now()) if running and version.job else None
    if asks_for_part(request):
        part = render(request, "exports/_progress.html", context)
        if not running:
            part["HX-Refresh"] = "true"
        return part
    refuse_blind(request, items_of_version(version))
    context |= _actions(request, version) | _contents(version)
    return render(request, "exports/detail.html", {**context, "tab": "datasets"})


@require_safe
@login_required
def dataset_card(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The version's README.md as a page."""
    version = load_ready_version(request, slug, number, can_see_results)
    file = find_version_file(version, CARD)
    if file is None:
        raise Http404
    card = read_card(file.read_text(encoding="utf-8"))
    context = {"campaign": version.campaign, "version": version, "tab": "datasets", "card": card}
    return render(request, "exports/card.html", context)


def _actions(request: HttpRequest, version: DatasetVersion) -> dict[str, Any]:
    """What this person may do about the version now."""
    user, job = signed_in(request), version.job
    may_control = job is not None and can_control_job(user, job)
    state = job.state if job is not None else ""
    return {
        "running": state in UNFINISHED,
        "may_cancel": may_control and state in UNFINISHED,
        "may_resume": may_control and state in {JobState.FAILED, JobState.CANCELLED},
        "may_download": can_export(user, version.campaign),
    }


def _contents(version: DatasetVersion) -> dict[str, Any]:
    """The contents of a ready version."""
    if version.state != BuildState.READY:
        return {}
    files = version.manifest.get("files", {})
    withdrawn = withdrawal_records(version.snapshot)
    others = version.campaign.datasets.filter(state=BuildState.READY).exclude(pk=version.pk)
    return {
        "files": listed_files(version),
        "file_count": len(files) + 1,
        "bytes": sum(facts["bytes"] for _name, facts in handed_out(version)),
        "has_card": CARD in files,
        "options": list(version.manifest.get("options", {}).items()),
        "commands": training_commands(version),
        "tables": count_tables(version.manifest.get("pairs", {})),
        "withdrawn_count": len(withdrawn),
        "withdrawn": withdrawn[:LISTED],
        "others": list(others.values_list("number", flat=True)),
    }
