"""Campaign home page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotation_app.policies import can_administer_campaign, can_see_results
from annotation_app.selectors.agreement.tables import campaign_agreement
from annotation_app.selectors.campaigns.progress import campaign_progress, next_tasks
from annotation_app.selectors.collections.imported_ratings import count_outside_headline
from annotation_app.selectors.rating.blinding import items_of, why_blind
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in

SHOWN_TASKS = 10
SHOWN_JOBS = 5


@require_safe
@login_required
def campaign_home(request: HttpRequest, slug: str) -> HttpResponse:
    """Progress, agreement, what is next in the queue, what ran last."""
    campaign = load_campaign(request, slug, can_see_results)
    # what a model puts first tells of its predictions
    reason = why_blind(signed_in(request), items_of(campaign))
    return render(
        request,
        "campaigns/home.html",
        {
            "campaign": campaign,
            "tab": "home",
            "progress": campaign_progress(campaign),
            "agreement": campaign_agreement(campaign),
            "imported": count_outside_headline(campaign),
            "reason": reason,
            "tasks": [] if reason else next_tasks(campaign, SHOWN_TASKS),
            "jobs": campaign.jobs.select_related("created_by")[:SHOWN_JOBS],
            "administers": can_administer_campaign(signed_in(request), campaign),
        },
    )
