"""Changing a campaign's settings; what its tasks were drawn by stays as it is."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Campaign, User
from annotation_app.services.audit.events import record_event

# What the draws of its items depend on.
DRAWN_BY = frozenset({"sampling", "candidates_per_item", "reserved_share"})
CHANGEABLE = DRAWN_BY | {
    "description",
    "agreement_gate",
    "shows_others_after_close",
    "gives_feedback",
    "time_zone",
}


def change_settings(*, actor: User, campaign: Campaign, changes: Mapping[str, Any]) -> Campaign:
    """Change some settings of a campaign; the audit log keeps what they were.

    Args:
        actor: the person making the change.
        campaign: which campaign.
        changes: fields of `CHANGEABLE` to their new values.

    Raises:
        InvalidInputError: if a field may not be changed or its value is out of bounds.
        ConflictError: if items were drawn by it already.
    """
    if not set(changes) <= CHANGEABLE:
        raise InvalidInputError(_("This setting cannot be changed."))
    with transaction.atomic():
        locked = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        changed = {
            name: [getattr(locked, name), value]
            for name, value in changes.items()
            if getattr(locked, name) != value
        }
        if set(changed) & DRAWN_BY and locked.campaign_items.exists():
            raise ConflictError(_("Locked: items have already been drawn with this setting."))
        for name, (_before, after) in changed.items():
            setattr(locked, name, after)
        _check(locked)
        if changed:
            locked.save(update_fields=list(changed))
            record_event(
                actor=actor,
                verb=AuditVerb.CHANGED,
                object_type="campaign",
                object_id=locked.pk,
                campaign=locked,
                data=changed,
            )
    return locked


def _check(campaign: Campaign) -> None:
    if campaign.time_zone and campaign.time_zone not in available_timezones():
        raise InvalidInputError(
            _("There is no time zone with this name: write it like Asia/Shanghai.")
        )
    keys = set(campaign.rubric.dimensions.values_list("key", flat=True)) | {"overall"}
    for key, alpha in campaign.agreement_gate.items():
        if key not in keys or not -1 <= alpha <= 1:
            raise InvalidInputError(
                _("A gate must be an α between −1 and 1 for one of the dimensions.")
            )
    try:
        campaign.clean_fields(exclude=["collection", "rubric", "guideline", "created_by"])
    except ValidationError as error:
        raise InvalidInputError(" ".join(error.messages)) from error
    if campaign.candidates_per_item < 1:
        raise InvalidInputError(_("A campaign must show at least one candidate per item."))
