"""The gold bank and the lessons: pages of reviewers and admins."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotation_app.exceptions import AnnotationError
from annotation_app.models import Campaign, CampaignItem, GoldItem
from annotation_app.policies import can_review, can_withdraw_item
from annotation_app.selectors.quality.gold import (
    GoldSheet,
    adjudicated_items,
    candidates_for_gold,
    gold_sheet,
)
from annotation_app.selectors.rating.blinding import items_of
from annotation_app.selectors.rubrics.wording import describe_rubric
from annotation_app.services.numbers import LARGEST_LEVEL, read_whole
from annotation_app.services.quality.bank import (
    GoldContent,
    gold_from_decision,
    save_gold_item,
    set_gold_active,
)
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in


@require_safe
@login_required
def gold_bank(request: HttpRequest, slug: str) -> HttpResponse:
    """The items of the bank, and those that could join it."""
    campaign = _load(request, slug)
    context = {
        "campaign": campaign,
        "tab": "quality",
        "part": "gold",
        "gold": campaign.gold_items.select_related(
            "campaign_item__item__source_image", "example__lesson"
        ),
        "search": request.GET.get("search", ""),
        "candidates": candidates_for_gold(campaign, request.GET.get("search", "")),
        "adjudicated": adjudicated_items(campaign),
    }
    return render(request, "quality/gold.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def gold_edit(request: HttpRequest, slug: str, item_id: int) -> HttpResponse:
    """Enter an item's right scores and the reasons for them."""
    campaign = _load(request, slug)
    item = get_object_or_404(
        CampaignItem.objects.select_related("item__source_image", "campaign"),
        campaign=campaign,
        item=item_id,
    )
    rubric = describe_rubric(campaign.rubric_id, campaign.guideline_id or 0, get_language() or "en")
    sheet = gold_sheet(item, rubric)
    error = ""
    if request.method == "POST":
        try:
            content = _read(request, sheet)
            save_gold_item(actor=signed_in(request), campaign_item=item, content=content)
        except AnnotationError as refused:
            error = refused.message
        else:
            messages.success(request, _("The item has been saved to the bank."))
            return redirect("gold-bank", slug=slug)
    context = {
        "campaign": campaign,
        "tab": "quality",
        "part": "gold",
        "item": item,
        "sheet": sheet,
        "hides_images": item.item.withdrawn_at is not None
        and not can_withdraw_item(signed_in(request), campaign.collection),
        "error": error,
    }
    return render(request, "quality/gold_edit.html", context, status=400 if error else 200)


@require_POST
@login_required
def gold_change(request: HttpRequest, slug: str, item_id: int) -> HttpResponse:
    """Retire a gold item, use it again, or take an adjudicated item into the bank."""
    campaign = _load(request, slug)
    item = get_object_or_404(CampaignItem, campaign=campaign, item=item_id)
    act = request.POST.get("act", "")
    try:
        if act == "adopt":
            gold_from_decision(actor=signed_in(request), campaign_item=item)
        else:
            gold = GoldItem.objects.filter(campaign_item=item).first()
            if gold is not None:
                set_gold_active(actor=signed_in(request), gold=gold, active=act == "use")
    except AnnotationError as refused:
        messages.error(request, refused.message)
    return redirect("gold-bank", slug=slug)


def _load(request: HttpRequest, slug: str) -> Campaign:
    """The campaign, for its people who rate none of its items: any item may be or become gold."""
    campaign = load_campaign(request, slug, can_review)
    refuse_blind(request, items_of(campaign), working_in=campaign)
    return campaign


def _read(request: HttpRequest, sheet: GoldSheet) -> GoldContent:
    reference = {
        (row.candidate, cell.dimension): value
        for row in sheet.rows
        for cell in row.cells
        if (value := read_whole(request.POST.get(cell.name, ""), most=LARGEST_LEVEL)) is not None
    }
    explanations: dict[str, dict[str, str]] = {}
    for text in sheet.texts:
        said = request.POST.get(text.name, "").strip()
        if said:
            explanations.setdefault(text.dimension, {})[text.criterion] = said
    tolerance = request.POST.get("tolerance") or "1"
    return GoldContent(
        reference=reference,
        tolerance=read_whole(tolerance, most=LARGEST_LEVEL),
        explanations=explanations,
    )
