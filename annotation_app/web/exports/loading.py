"""Loading the dataset version of an address, for those who may know of it."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from annotation_app.enums import BuildState
from annotation_app.models import DatasetVersion
from annotation_app.selectors.campaigns.access import Permission
from annotation_app.selectors.rating.blinding import items_of_version
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.loading import load_campaign


def load_version(
    request: HttpRequest, slug: str, number: int, permission: Permission
) -> DatasetVersion:
    """The version with its campaign, snapshot and job.

    Raises:
        Http404: if there is none that this person may know of.
    """
    campaign = load_campaign(request, slug, permission)
    versions = campaign.datasets.select_related("snapshot", "job__created_by", "created_by")
    version = get_object_or_404(versions, number=number)
    version.campaign = campaign
    return version


def load_ready_version(
    request: HttpRequest, slug: str, number: int, permission: Permission
) -> DatasetVersion:
    """The same, of versions whose files are complete.

    Raises:
        Http404: also if its files are not, or no longer, complete.
    """
    version = load_version(request, slug, number, permission)
    if version.state != BuildState.READY or not version.folder:
        raise Http404
    return version


def load_told_version(
    request: HttpRequest, slug: str, number: int, permission: Permission
) -> DatasetVersion:
    """The same, for pages and files that reveal individual items.

    Raises:
        Http404: if there is none that this person may know of, or it is not ready.
        PermissionDenied: if they may still rate or review an item in it.
    """
    version = load_ready_version(request, slug, number, permission)
    refuse_blind(request, items_of_version(version))
    return version
