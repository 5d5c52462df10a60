"""Loading what a page's address names."""

from django.http import HttpRequest

from annotation_app.models import Campaign
from annotation_app.selectors.campaigns.access import Permission, permitted_campaign
from annotation_app.web.requests import signed_in


def load_campaign(request: HttpRequest, slug: str, permission: Permission) -> Campaign:
    """The campaign of an address, for the signed-in person.

    Raises:
        Http404: if there is none that they may know of.
    """
    return permitted_campaign(signed_in(request), slug, permission)
