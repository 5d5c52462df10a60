"""Loading the collection of an address, for those who may know of it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from annotation_app.models import Collection, User
from annotation_app.web.requests import signed_in


def load_collection(
    request: HttpRequest, slug: str, permission: Callable[[User, Collection], bool]
) -> Collection:
    """The collection of an address.

    Raises:
        Http404: if there is none, or the person may not do what the page is for.
    """
    collection = get_object_or_404(Collection, slug=slug)
    if not permission(signed_in(request), collection):
        raise Http404
    return collection
