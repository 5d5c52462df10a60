"""Withdrawing an item for all campaigns of its collection, and undoing it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from annotation_app.enums import WithdrawalGround
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Item
from annotation_app.policies import can_withdraw_item
from annotation_app.services.collections.withdrawal import restore_item, withdraw_item
from annotation_app.web.collections.loading import load_collection
from annotation_app.web.requests import signed_in


@require_POST
@login_required
def item_withdraw(request: HttpRequest, slug: str, item_id: int) -> HttpResponse:
    """Withdraw the item for the ground and reason given."""
    item = _item(request, slug, item_id)
    ground = request.POST.get("ground", "")
    if ground not in WithdrawalGround.values:
        messages.error(request, _("Choose a reason for the withdrawal."))
        return redirect("collection-item", slug=slug, item_id=item_id)
    try:
        withdraw_item(
            item=item,
            ground=WithdrawalGround(ground),
            reason=request.POST.get("reason", ""),
            actor=signed_in(request),
            now=timezone.now(),
        )
    except AnnotationError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, _("The item has been withdrawn. New dataset versions leave it out.")
        )
    return redirect("collection-item", slug=slug, item_id=item_id)


@require_POST
@login_required
def item_restore(request: HttpRequest, slug: str, item_id: int) -> HttpResponse:
    """Undo the withdrawal."""
    item = _item(request, slug, item_id)
    try:
        restore_item(item=item, actor=signed_in(request), now=timezone.now())
    except AnnotationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The withdrawal has been undone: the item counts again."))
    return redirect("collection-item", slug=slug, item_id=item_id)


def _item(request: HttpRequest, slug: str, item_id: int) -> Item:
    collection = load_collection(request, slug, can_withdraw_item)
    return get_object_or_404(Item, collection=collection, pk=item_id)
