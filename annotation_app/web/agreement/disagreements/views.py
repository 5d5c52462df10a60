"""The explorer: items ordered by disagreement, and one item with everyone's scores."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from annotation_app.models import Campaign, CampaignItem, ItemSpread, RaterStudy
from annotation_app.policies import (
    can_review,
    can_see_results,
    can_see_scores_of,
    can_withdraw_item,
)
from annotation_app.selectors.agreement.disagreements import (
    SpreadOrder,
    count_spreads,
    cursor_of,
    neighbours,
    people_who_rated,
    read_page,
    strata_of,
)
from annotation_app.selectors.agreement.item_ratings import read_item
from annotation_app.selectors.agreement.live.agreement import pending_items
from annotation_app.selectors.rating.blinding import items_of, withheld
from annotation_app.web.agreement.disagreements.query import Query, read_query, write_place
from annotation_app.web.campaigns.setup.names import dimension_names
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in

MOST_COUNTED = 1000


@require_safe
@login_required
def disagreements(request: HttpRequest, slug: str) -> HttpResponse:
    """Items whose raters lie furthest apart, filtered and read page by page."""
    campaign = load_campaign(request, slug, can_see_results)
    hidden = withheld(signed_in(request), items_of(campaign))
    query = read_query(request.GET.dict(), campaign, hidden.items)
    page = read_page(campaign, query.search, after=query.after, before=query.before)
    names = dimension_names(campaign)
    found = count_spreads(campaign, query.search, most=MOST_COUNTED + 1)
    context = {
        "campaign": campaign,
        "tab": "agreement",
        "query": query,
        "withheld": hidden,
        "rows": [(row, _item_link(campaign, query, row)) for row in page.rows],
        "earlier": _link(campaign, query, "before", page.rows[0])
        if page.has_earlier and page.rows
        else "",
        "later": _link(campaign, query, "after", page.rows[-1])
        if page.has_later and page.rows
        else "",
        "found": min(found, MOST_COUNTED),
        "is_more": found > MOST_COUNTED,
        "dimensions": names.items(),
        "dimension_name": names.get(query.search.dimension, ""),
        "strata": strata_of(campaign).items(),
        "people": people_who_rated(campaign),
        "orders": [one.value for one in SpreadOrder],
        "pending": len(pending_items(campaign)),
        "study": RaterStudy.objects.filter(campaign=campaign).first(),
    }
    return render(request, "agreement/disagreements/list.html", context)


@require_safe
@login_required
def disagreement_item(request: HttpRequest, slug: str, campaign_item: int) -> HttpResponse:
    """One item: images side by side, every rater's scores and notes, flags, final scores."""
    campaign = load_campaign(request, slug, can_see_results)
    items = CampaignItem.objects.select_related("item__source_image")
    found = get_object_or_404(items, pk=campaign_item, campaign=campaign)
    user = signed_in(request)
    hidden = withheld(user, items_of(campaign))
    query = read_query(request.GET.dict(), campaign, hidden.items)
    earlier, later = neighbours(campaign, query.search, found.pk)
    context = {
        "campaign": campaign,
        "tab": "agreement",
        "item": found.item,
        "earlier": _item_link(campaign, query, earlier) if earlier else "",
        "later": _item_link(campaign, query, later) if later else "",
        "back": f"{reverse('disagreements', args=[campaign.slug])}?{query.encoded()}",
        "reviews": can_review(user, campaign),
        "hides_images": found.item.withdrawn_at is not None
        and not can_withdraw_item(user, campaign.collection),
    }
    if not can_see_scores_of(user, campaign, found):
        context["reason"] = hidden.reason
        return render(request, "agreement/disagreements/blind.html", context, status=403)
    shown, names = read_item(campaign, found), dimension_names(campaign)
    context |= {
        "shown": shown,
        "candidates": [
            (one.candidate, [(names[line.dimension], line) for line in one.lines])
            for one in shown.candidates
        ],
    }
    return render(request, "agreement/disagreements/item.html", context)


def _item_link(campaign: Campaign, query: Query, spread: ItemSpread) -> str:
    where = reverse("disagreement-item", args=[campaign.slug, spread.campaign_item_id])
    return f"{where}?{query.encoded()}"


def _link(campaign: Campaign, query: Query, side: str, spread: ItemSpread) -> str:
    where = reverse("disagreements", args=[campaign.slug])
    return f"{where}?{query.encoded(**{side: write_place(cursor_of(spread))})}"
