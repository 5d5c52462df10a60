"""Promoting a model to its campaign's champion."""

from django.db import transaction
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, BuildState, ModelStage
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Campaign, RewardModelVersion, User
from annotation_app.services.audit.events import record_event


def promote_model(*, version: RewardModelVersion, actor: User) -> None:
    """Make a ready model its campaign's champion; the one before retires.

    Raises:
        InvalidInputError: if the model is not ready.
    """
    if version.state != BuildState.READY:
        raise InvalidInputError(_("Only a trained model can be promoted."))
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=version.campaign_id)
        before = RewardModelVersion.objects.filter(
            campaign=version.campaign, stage=ModelStage.CHAMPION
        )
        before.exclude(pk=version.pk).update(stage=ModelStage.RETIRED)
        RewardModelVersion.objects.filter(pk=version.pk).update(stage=ModelStage.CHAMPION)
        record_event(
            actor=actor,
            verb=AuditVerb.PROMOTED,
            object_type="model",
            object_id=version.pk,
            campaign=version.campaign,
        )
