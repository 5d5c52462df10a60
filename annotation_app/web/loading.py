"""Loading what an address names, for those who may know of it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from rest_framework.request import Request

from annotation_app.models import Campaign, User
from annotation_app.policies import can_enter_campaign
from annotation_app.web.requests import signed_in

Permission = Callable[[User, Campaign], bool]


def load_campaign(request: HttpRequest | Request, slug: str, permission: Permission) -> Campaign:
    """The campaign of an address.

    Raises:
        Http404: if there is none, or the person may not do what the page is for; whoever has no
            part in a campaign does not learn that it exists.
    """
    campaign = get_object_or_404(
        Campaign.objects.select_related("collection", "rubric", "guideline"), slug=slug
    )
    user = signed_in(request)
    if not can_enter_campaign(user, campaign) or not permission(user, campaign):
        raise Http404
    return campaign
