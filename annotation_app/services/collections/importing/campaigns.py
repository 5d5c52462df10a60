"""A campaign over freshly imported items: made if need be, its tasks planned."""

from annotation_app.models import Campaign, Collection, User
from annotation_app.selectors.campaigns.access import campaign_by_name
from annotation_app.services.campaigns.creation import create_campaign
from annotation_app.services.campaigns.planning import plan_campaign


def plan_imported(*, name: str, collection: Collection, actor: User | None = None) -> Campaign:
    """Plan tasks for a collection's items in the campaign of this name.

    A campaign that does not exist is made with the default rubric; one that does keeps its
    tasks and gets slots for the new items.

    Raises:
        ConflictError: if the campaign works on another collection.
    """
    campaign = campaign_by_name(name=name, collection_name=collection.name)
    if campaign is None:
        campaign = create_campaign(actor=actor, name=name, collection=collection)
    plan_campaign(campaign=campaign, actor=actor)
    return campaign
