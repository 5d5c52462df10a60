"""The difference between two dataset versions, as a page and as JSON."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from annotation_app.models import DatasetVersion, Snapshot
from annotation_app.policies import can_see_results
from annotation_app.selectors.snapshots.diffs import Change, item_changes, summarise_changes
from annotation_app.web.exports.counts import COUNTS
from annotation_app.web.exports.loading import load_told_version
from annotation_app.web.loading import load_campaign

LISTED = 200
NUMBER = re.compile(r"[0-9]{1,9}")
SHOWN = (Change.ADDED, Change.CHANGED, Change.WITHDRAWN, Change.DROPPED)


@require_safe
@login_required
def dataset_compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Go to the difference that the list's form asks for."""
    load_campaign(request, slug, can_see_results)
    ends = request.GET.get("from", ""), request.GET.get("to", "")
    if not all(NUMBER.fullmatch(end) for end in ends):
        return redirect("dataset-list", slug=slug)
    return redirect("dataset-diff", slug=slug, number=int(ends[0]), other=int(ends[1]))


@require_safe
@login_required
def dataset_diff(request: HttpRequest, slug: str, number: int, other: int) -> HttpResponseBase:
    """What the version `other` has that `number` has not; `?format=json` names every item."""
    old = load_told_version(request, slug, number, can_see_results)
    new = load_told_version(request, slug, other, can_see_results)
    if old.snapshot is None or new.snapshot is None:
        raise Http404
    facts = {"counts": _pair_changes(old, new), "options": _option_changes(old, new)}
    if request.GET.get("format") == "json":
        head = {"from": number, "to": other, "pairs": facts["counts"], "options": facts["options"]}
        return StreamingHttpResponse(
            _as_json(head, old.snapshot, new.snapshot), content_type="application/json"
        )
    summary = summarise_changes(old.snapshot, new.snapshot, LISTED)
    groups = [
        {
            "change": change.value,
            "count": summary.counts[change.value],
            "items": summary.listed.get(change.value, []),
        }
        for change in SHOWN
    ]
    context = {"campaign": old.campaign, "tab": "datasets", "old": old, "new": new, **facts}
    context |= {"groups": groups, "same": summary.counts[Change.SAME.value], "listed": LISTED}
    return render(request, "exports/diff.html", context)


def _pair_changes(old: DatasetVersion, new: DatasetVersion) -> list[dict[str, Any]]:
    """Every count of pairs and rows, before and after."""
    before, after = (one.manifest.get("pairs", {}).get("total", {}) for one in (old, new))
    return [
        {
            "name": name,
            "before": before.get(name, 0),
            "after": after.get(name, 0),
            "change": after.get(name, 0) - before.get(name, 0),
        }
        for name in COUNTS
    ]


def _option_changes(old: DatasetVersion, new: DatasetVersion) -> list[dict[str, Any]]:
    return [
        {"name": name, "before": old.options.get(name), "after": new.options.get(name)}
        for name in {**old.options, **new.options}
        if old.options.get(name) != new.options.get(name)
    ]


def _as_json(head: dict[str, Any], old: Snapshot, new: Snapshot) -> Iterator[str]:
    """One object whose items are written as they are found; the counts come last."""
    counts: Counter[str] = Counter({change.value: 0 for change in Change})
    yield json.dumps(head)[:-1] + ', "items": [\n'
    comma = ""
    for one in item_changes(old, new):
        counts[one.change.value] += 1
        if one.change is not Change.SAME:
            row = {"item_id": one.item_id, "change": one.change.value, "fields": one.fields}
            yield comma + json.dumps(row, ensure_ascii=False)
            comma = ",\n"
    yield f'], "counts": {json.dumps(counts)}}}\n'
