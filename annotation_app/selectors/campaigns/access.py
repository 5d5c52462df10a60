"""Finding what an address names, for those who may know of it; pages and the API both ask here."""

from collections.abc import Callable

from django.http import Http404
from django.shortcuts import get_object_or_404

from annotation_app.exceptions import ConflictError
from annotation_app.models import Campaign, User
from annotation_app.policies import can_enter_campaign
from annotation_app.selectors.rows import columns, read_row

Permission = Callable[[User, Campaign], bool]
FIND_ACTIVE_USER = f"""
SELECT {columns(User)} FROM annotation_app_user WHERE id = %s AND is_active
"""  # noqa: S608 - columns of a model


def find_active_user(user_id: int) -> User | None:
    """The person of that id, unless their account is closed."""
    return read_row(User, FIND_ACTIVE_USER, [user_id])


def permitted_campaign(user: User, slug: str, permission: Permission) -> Campaign:
    """The campaign of a slug, with its collection, rubric and guideline.

    Raises:
        Http404: if there is none, or the person may not do what the page is for; people outside a
            campaign do not learn that it exists.
    """
    campaign = get_object_or_404(
        Campaign.objects.select_related("collection", "rubric", "guideline"), slug=slug
    )
    if not can_enter_campaign(user, campaign) or not permission(user, campaign):
        raise Http404
    return campaign


def campaign_by_name(*, name: str, collection_name: str) -> Campaign | None:
    """The campaign of this name, if there is one and it works on this collection.

    Raises:
        ConflictError: if it works on another collection.
    """
    campaign = Campaign.objects.filter(name=name.strip()).select_related("collection").first()
    if campaign is not None and campaign.collection.name != collection_name.strip():
        raise ConflictError(
            f"The campaign “{campaign.name}” uses the collection “{campaign.collection.name}”."
            " Name another campaign."
        )
    return campaign
