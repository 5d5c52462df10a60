"""The list of collections, a collection's items, one item with its candidates."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from annotation_app.enums import WithdrawalGround
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Collection, Item, Withdrawal
from annotation_app.policies import (
    can_create_collection,
    can_manage_collection,
    can_see_collection_images,
    can_see_results,
    can_withdraw_item,
    may_know_item,
)
from annotation_app.selectors.collections.collections import (
    collection_categories,
    collection_items,
    visible_collections,
)
from annotation_app.selectors.collections.images import image_files
from annotation_app.selectors.rating.blinding import why_blind, withheld
from annotation_app.selectors.rating.history import letter
from annotation_app.services.collections.collections import create_collection
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.collections.forms import CollectionForm
from annotation_app.web.collections.loading import load_collection
from annotation_app.web.requests import signed_in

ITEMS_PER_PAGE = 25


@require_safe
@login_required
def collection_list(request: HttpRequest) -> HttpResponse:
    """The collections that this person may see."""
    user = signed_in(request)
    context = {
        "collections": visible_collections(user),
        "may_create": can_create_collection(user),
    }
    return render(request, "collections/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def collection_new(request: HttpRequest) -> HttpResponse:
    """Open a collection."""
    user = signed_in(request)
    if not can_create_collection(user):
        raise Http404
    form = CollectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            collection = create_collection(actor=user, **form.cleaned_data)
        except AnnotationError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, _("The collection has been created. Now import its items."))
            return redirect("collection-import", slug=collection.slug)
    return render(request, "collections/new.html", {"form": form})


@require_safe
@login_required
def collection_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of a collection's items."""
    collection = load_collection(request, slug, can_see_collection_images)
    user = signed_in(request)
    search = request.GET.get("q", "").strip()[:200]
    category = request.GET.get("category", "")
    hidden = withheld(signed_in(request), Item.objects.filter(collection=collection))
    items = collection_items(collection, search=search, category=category)
    items = items.exclude(pk__in=hidden.items)
    context = {
        "collection": collection,
        "withheld": hidden,
        "page": Paginator(items, ITEMS_PER_PAGE).get_page(request.GET.get("page")),
        "search": search,
        "category": category,
        "categories": collection_categories(collection),
        "campaigns": [one for one in collection.campaigns.all() if can_see_results(user, one)],
        "may_import": can_manage_collection(user, collection),
        "sees_withdrawn": can_withdraw_item(user, collection),
    }
    return render(request, "collections/detail.html", context)


@require_safe
@login_required
def collection_item(request: HttpRequest, slug: str, item_id: int) -> HttpResponse:
    """An item: its source, its candidates, and where they came from."""
    collection = load_collection(request, slug, can_see_collection_images)
    item = get_object_or_404(collection_items(collection), pk=item_id)
    user = signed_in(request)
    refuse_blind(request, Item.objects.filter(pk=item.pk), rating_only=True)
    if not may_know_item(user, item):
        return _blind_item(request, collection, item)
    candidates = list(item.candidates.all())
    files = image_files([item.source_image, *(one.image for one in candidates)])
    may_withdraw = can_withdraw_item(signed_in(request), collection)
    context = {
        "collection": collection,
        "item": item,
        "hides_images": item.withdrawn_at is not None and not may_withdraw,
        "metadata": list(item.metadata.items()),
        "originals": files.get(item.source_image_id, []),
        "candidates": [
            (one, files.get(one.image_id, []), list(one.metadata.items())) for one in candidates
        ],
        "grounds": WithdrawalGround.choices,
        "may_withdraw": may_withdraw,
        "past": Withdrawal.objects.filter(item=item).select_related("withdrawn_by", "restored_by"),
    }
    return render(request, "collections/item.html", context)


def _blind_item(request: HttpRequest, collection: Collection, item: Item) -> HttpResponse:
    """What a reviewer may see before their own judgement: the pictures, in an order of chance."""
    images = sorted((one.image for one in item.candidates.all()), key=lambda image: image.token)
    named = [(letter(place), image) for place, image in enumerate(images, start=1)]
    reason = why_blind(signed_in(request), Item.objects.filter(pk=item.pk))
    context = {
        "collection": collection,
        "item": item,
        "images": named,
        "reason": reason,
        "hides_images": item.withdrawn_at is not None
        and not can_withdraw_item(signed_in(request), collection),
    }
    return render(request, "collections/blind.html", context)
