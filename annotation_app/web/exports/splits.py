"""How a version's items are split, and what crosses the splits, as a page and as JSON."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotation_app.enums import Split
from annotation_app.policies import can_see_results
from annotation_app.web.exports.loading import load_told_version


@require_safe
@login_required
def dataset_splits(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The split report of the version's snapshot; `?format=json` gives it as it was kept."""
    version = load_told_version(request, slug, number, can_see_results)
    if version.snapshot is None:
        raise Http404
    report: dict[str, Any] = version.snapshot.report.get("splits", {})
    if request.GET.get("format") == "json":
        return JsonResponse({"campaign": slug, "version": number, "splits": report})
    items = report.get("items", {})
    leaks = report.get("leaks", {})
    context = {
        "campaign": version.campaign,
        "tab": "datasets",
        "version": version,
        "report": report,
        "counts": [(split.label, items[split.value]) for split in Split if split.value in items],
        "exact": leaks.get("exact", {}),
        "images": leaks.get("images", {}),
        "instructions": leaks.get("instructions", {}),
        "texts": _by_split(leaks.get("instructions", {}), "instruction"),
        "unspecific": leaks.get("unspecific_image_hashes", 0),
        "quarantined": report.get("quarantined", {}),
        "recorded": report.get("recorded_leaks", {}),
        "ties": _by_split(report.get("recorded_leaks", {}), "tie"),
    }
    return render(request, "exports/splits.html", context)


def _by_split(found: dict[str, Any], name: str) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """What was listed: its name, and its items by split."""
    return [(one[name], list(one["items_by_split"].items())) for one in found.get("listed", [])]
