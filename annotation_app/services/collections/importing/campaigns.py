"""A campaign over freshly imported items: made if need be, its tasks planned."""

from annotation_app.exceptions import ConflictError
from annotation_app.models import Campaign, Collection, User
from annotation_app.services.campaigns.creation import create_campaign
from annotation_app.services.campaigns.planning import plan_campaign


def find_campaign(*, name: str, collection_name: str) -> Campaign | None:
    """The campaign of this name, if there is one and it works on this collection.

    Raises:
        ConflictError: if it works on another collection.
    """
    campaign = Campaign.objects.filter(name=name.strip()).select_related("collection").first()
    if campaign is not None and campaign.collection.name != collection_name.strip():
        raise ConflictError(
            f"The campaign “{campaign.name}” works on the collection “{campaign.collection.name}”."
            " Name another campaign."
        )
    return campaign


def plan_imported(*, name: str, collection: Collection, actor: User | None = None) -> Campaign:
    """Plan tasks for a collection's items in the campaign of this name.

    A campaign that does not exist is made with the default rubric; one that does keeps its
    tasks and gets slots for the new items.

    Raises:
        ConflictError: if the campaign works on another collection.
    """
    campaign = find_campaign(name=name, collection_name=collection.name)
    if campaign is None:
        campaign = create_campaign(actor=actor, name=name, collection=collection)
    plan_campaign(campaign=campaign, actor=actor)
    return campaign
