"""Changing a campaign's quality rules."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from analytics.raters.speed import speed_test
from annotation_app.enums import AuditVerb
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Campaign, QualityPlan, User
from annotation_app.selectors.quality.plans import gold_test, pass_rule
from annotation_app.services.audit.events import record_event


def set_quality_plan(
    *, actor: User | None, campaign: Campaign, changes: Mapping[str, Any]
) -> QualityPlan:
    """Change some of a campaign's quality rules; the audit log keeps what they were.

    Args:
        actor: the person making the change.
        campaign: the campaign whose rules change.
        changes: fields of `QualityPlan` to their new values.

    Raises:
        InvalidInputError: if a value is outside its bounds, or the rules contradict each other.
    """
    with transaction.atomic():
        plan, _is_new = QualityPlan.objects.select_for_update().get_or_create(campaign=campaign)
        before = {name: getattr(plan, name) for name in changes}
        for name, value in changes.items():
            setattr(plan, name, value)
        _check(plan)
        plan.save()
        changed = {
            name: [before[name], value] for name, value in changes.items() if before[name] != value
        }
        if changed:
            record_event(
                actor=actor,
                verb=AuditVerb.CHANGED,
                object_type="quality_plan",
                object_id=campaign.pk,
                campaign=campaign,
                data=changed,
            )
    return plan


def _check(plan: QualityPlan) -> None:
    try:
        plan.full_clean(validate_unique=False)
        gold_test(plan)
        if plan.fast_share:
            speed_test(plan.fast_share)
        for dimension in plan.pass_rule:
            pass_rule(plan, dimension)
    except ValidationError as error:
        raise InvalidInputError(" ".join(error.messages)) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise InvalidInputError(
            _("These rules contradict each other: %(why)s.") % {"why": error}
        ) from error
