"""Keeping a pilot's items out of production: everyone who rated them has discussed them."""

from annotation_app.enums import DATA_PURPOSES, TaskState
from annotation_app.models import Campaign, Pilot, Task


def keep_pilot_apart(*, campaign: Campaign) -> int:
    """Close the open data slots of the pilot's items; return how many.

    A slot that is leased or filled is left as it is.
    """
    pilot = Pilot.objects.filter(campaign=campaign).first()
    if pilot is None:
        return 0
    return Task.objects.filter(
        campaign=campaign,
        campaign_item__in=pilot.items.all(),
        purpose__in=DATA_PURPOSES,
        state=TaskState.OPEN,
    ).update(state=TaskState.CLOSED)
