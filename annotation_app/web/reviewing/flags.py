"""The queue of flags and what is done about them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotation_app.enums import FlagOutcome
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Flag, Item
from annotation_app.policies import can_administer_campaign, can_review
from annotation_app.selectors.rating.blinding import items_of, withheld
from annotation_app.selectors.reviewing.flags import open_flags, settled_flags
from annotation_app.services.reviewing.flags import settle_flag
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in


@require_safe
@login_required
def flag_queue(request: HttpRequest, slug: str) -> HttpResponse:
    """Flags that wait, and those settled."""
    campaign = load_campaign(request, slug, can_review)
    hidden = withheld(signed_in(request), items_of(campaign), working_in=campaign)
    context = {
        "campaign": campaign,
        "tab": "quality",
        "part": "flags",
        "withheld": hidden,
        "flags": open_flags(campaign, hidden.items),
        "settled": settled_flags(campaign, hidden.items),
        "administers": can_administer_campaign(signed_in(request), campaign),
    }
    return render(request, "reviewing/flags.html", context)


@require_POST
@login_required
def flag_settle(request: HttpRequest, slug: str, flag: int) -> HttpResponse:
    """Settle a flag; only an admin withdraws the item."""
    act = request.POST.get("act", "")
    permission = can_administer_campaign if act == FlagOutcome.WITHDRAWN else can_review
    campaign = load_campaign(request, slug, permission)
    found = get_object_or_404(Flag, pk=flag, item__campaign_items__campaign=campaign)
    refuse_blind(request, Item.objects.filter(pk=found.item_id), working_in=campaign)
    if act not in FlagOutcome.values:
        messages.error(request, _("Choose what happens with the flag."))
        return redirect("flags", slug=slug)
    try:
        settle_flag(
            actor=signed_in(request),
            campaign=campaign,
            flag=found,
            outcome=FlagOutcome(act),
            text=request.POST.get("text", ""),
            now=timezone.now(),
        )
    except AnnotationError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Settled."))
    return redirect("flags", slug=slug)
