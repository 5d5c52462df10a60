"""The leaderboard of generators in a campaign, for those who may see results."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from annotation_app.models import Campaign
from annotation_app.policies import can_see_results
from annotation_app.selectors.benchmarks.leaderboards import campaign_board
from annotation_app.selectors.rubrics.wording import in_language
from annotation_app.web.benchmarks.tables import records_response
from annotation_app.web.loading import load_campaign


@require_safe
@login_required
def generator_board(request: HttpRequest, slug: str) -> HttpResponse:
    """Mean scores and abilities of every generator, over all items and by category."""
    campaign = load_campaign(request, slug, can_see_results)
    random_only = request.GET.get("design") == "random"
    board = campaign_board(campaign, random_only=random_only)
    names = _dimension_names(campaign)
    context = {
        "campaign": campaign,
        "tab": "benchmarks",
        "board": board,
        "random_only": random_only,
        "dimensions": list(names.values()),
        "boards": [(name, _rows(records, names)) for name, records in board.boards.items()],
    }
    return render(request, "benchmarks/generators.html", context)


@require_safe
@login_required
def generator_board_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The leaderboard as CSV or JSON."""
    campaign = load_campaign(request, slug, can_see_results)
    board = campaign_board(campaign, random_only=request.GET.get("design") == "random")
    return records_response(board.records, f"{slug}-generators", kind)


def _dimension_names(campaign: Campaign) -> dict[str, str]:
    """The guideline's own name of every dimension, by its key."""
    wording = campaign.guideline.wording if campaign.guideline else {}
    words = in_language(wording, get_language()) if wording else {}
    keys = campaign.rubric.dimensions.values_list("key", flat=True)
    return {key: words.get(key, {}).get("name", key) for key in keys}


def _rows(records: list[dict[str, object]], names: dict[str, str]) -> list[dict[str, object]]:
    """Records with their figures gathered by column: the overall, then every dimension."""
    return [
        record | {"means": [_mean(record, key) for key in ("overall", *names)]}
        for record in records
    ]


def _mean(record: dict[str, object], key: str) -> dict[str, object]:
    return {
        "value": record[f"{key}_mean"],
        "low": record[f"{key}_mean_low"],
        "high": record[f"{key}_mean_high"],
    }
