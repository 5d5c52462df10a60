"""Pages of dataset versions."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from annotation_app.enums import BuildState
from annotation_app.models import Campaign, DatasetVersion
from annotation_app.policies import can_export, can_see_results
from annotation_app.services.datasets import request_dataset
from annotation_app.web.datasets.forms import DatasetForm
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in


@require_http_methods(["GET", "POST"])
@login_required
def dataset_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign's versions, and the form for a new one."""
    campaign = load_campaign(request, slug, can_see_results)
    may_build = can_export(signed_in(request), campaign)
    form = DatasetForm(request.POST or None)
    if request.method == "POST":
        if not may_build:
            raise Http404
        if form.is_valid():
            version = request_dataset(
                campaign=campaign, options=form.options(), created_by=signed_in(request)
            )
            return redirect("dataset-detail", slug=slug, number=version.number)
    return render(
        request,
        "datasets/list.html",
        {
            "campaign": campaign,
            "tab": "datasets",
            "form": form,
            "may_build": may_build,
            "versions": campaign.datasets.select_related("created_by"),
        },
    )


@require_GET
@login_required
def dataset_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What went in, what came out, how to reproduce it, downloads."""
    campaign = load_campaign(request, slug, can_see_results)
    version = _version(campaign, number)
    return render(
        request,
        "datasets/detail.html",
        {
            "campaign": campaign,
            "tab": "datasets",
            "version": version,
            "files": _listed_files(version),
            "may_download": can_export(signed_in(request), campaign),
        },
    )


@require_GET
@login_required
def dataset_file(request: HttpRequest, slug: str, number: int, path: str) -> FileResponse:
    """One file of a ready version, by a name that its manifest lists."""
    campaign = load_campaign(request, slug, can_export)
    version = _version(campaign, number)
    known = {*version.manifest.get("files", {}), "manifest.json"}
    if version.state != BuildState.READY or path not in known:
        raise Http404
    file = Path(settings.EXPORT_ROOT) / version.folder / path
    if not file.is_file():
        raise Http404
    name = f"{campaign.slug}-v{version.number}-{file.name}"
    return FileResponse(file.open("rb"), as_attachment=True, filename=name)


def _version(campaign: Campaign, number: int) -> DatasetVersion:
    versions = campaign.datasets.select_related("snapshot", "job", "created_by")
    return get_object_or_404(versions, number=number)


def _listed_files(version: DatasetVersion) -> list[tuple[str, dict[str, object]]]:
    """The files worth a line of their own: images are many and go by the manifest."""
    files = version.manifest.get("files", {})
    return [(name, facts) for name, facts in files.items() if not name.startswith("images/")]
