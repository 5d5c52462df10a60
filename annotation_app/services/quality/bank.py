"""The gold bank: entering items with their right scores, and retiring them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, GoldSource, Purpose, TaskState
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import (
    Adjudication,
    CampaignItem,
    DrawnCandidate,
    GoldItem,
    GoldScore,
    Task,
    User,
)
from annotation_app.selectors.rubrics.shapes import rubric_shape
from annotation_app.services.audit.events import record_event
from annotation_app.services.numbers import LARGEST_LEVEL

LONGEST_EXPLANATION = 2000

# (candidate id, dimension key) to the right level
Reference = Mapping[tuple[int, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldContent:
    """What is known of a gold item.

    Attributes:
        reference: the right level of every drawn candidate on every dimension.
        tolerance: levels that an answer may lie from it; None if what was given is not a number.
        explanations: dimension to {criterion or "": text}.
        source: where the reference comes from.
    """

    reference: Reference
    tolerance: int | None = 1
    explanations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    source: GoldSource = GoldSource.ENTERED


def save_gold_item(
    *, actor: User | None, campaign_item: CampaignItem, content: GoldContent
) -> GoldItem:
    """Put an item into the bank, or change its entry.

    Its open production slots close: a person who has learnt the right answer must not rate it as
    data.

    Raises:
        InvalidInputError: if a candidate or dimension lacks its level, or a level is not one.
        ConflictError: if someone is rating the item as production right now.
    """
    _check(campaign_item, content)
    with transaction.atomic():
        CampaignItem.objects.select_for_update(no_key=True).get(pk=campaign_item.pk)
        closed = _close_production(campaign_item)
        gold, is_new = _write(actor, campaign_item, content)
        _fix_draw(campaign_item)
        record_event(
            actor=actor,
            verb=AuditVerb.CREATED if is_new else AuditVerb.CHANGED,
            object_type="gold_item",
            object_id=gold.pk,
            campaign=campaign_item.campaign,
            data={"source": content.source.value, "closed_slots": closed},
        )
    return gold


def gold_from_decision(*, actor: User | None, campaign_item: CampaignItem) -> GoldItem:
    """Put an adjudicated item into the bank with the decided levels.

    Raises:
        InvalidInputError: if a candidate was left undecided.
    """
    decided = Adjudication.objects.filter(campaign_item=campaign_item)
    reference = {
        (candidate, key): level
        for candidate, key, level in decided.values_list("candidate", "dimension__key", "level")
    }
    content = GoldContent(reference=reference, source=GoldSource.ADJUDICATED)
    return save_gold_item(actor=actor, campaign_item=campaign_item, content=content)


def set_gold_active(*, actor: User, gold: GoldItem, active: bool) -> GoldItem:
    """Take an item out of use, or into use again; what was rated on it stays.

    Raises:
        ConflictError: if a lesson shows it.
    """
    if not active and hasattr(gold, "example"):
        raise ConflictError(_("A lesson shows this item: remove it from the lesson first."))
    with transaction.atomic():
        gold.is_active = active
        gold.save(update_fields=["is_active"])
        if not active:
            waiting = Task.objects.filter(
                campaign_item=gold.campaign_item_id, purpose=Purpose.GOLD, state=TaskState.OPEN
            )
            waiting.update(state=TaskState.CLOSED)
        record_event(
            actor=actor,
            verb=AuditVerb.CHANGED,
            object_type="gold_item",
            object_id=gold.pk,
            campaign=gold.campaign,
            data={"active": active},
        )
    return gold


def _write(
    actor: User | None, campaign_item: CampaignItem, content: GoldContent
) -> tuple[GoldItem, bool]:
    said = {
        "campaign": campaign_item.campaign,
        "tolerance": content.tolerance,
        "explanations": {key: dict(texts) for key, texts in content.explanations.items()},
        "source": content.source,
    }
    gold, is_new = GoldItem.objects.update_or_create(
        campaign_item=campaign_item,
        defaults=said | {"is_active": True},
        create_defaults=said | {"created_by": actor},
    )
    dimensions = rubric_shape(campaign_item.campaign.rubric_id).dimension_ids
    gold.scores.all().delete()
    GoldScore.objects.bulk_create(
        GoldScore(gold_item=gold, candidate_id=candidate, dimension_id=dimensions[key], level=level)
        for (candidate, key), level in content.reference.items()
    )
    return gold, is_new


def _check(campaign_item: CampaignItem, content: GoldContent) -> None:
    shape = rubric_shape(campaign_item.campaign.rubric_id)
    drawn = DrawnCandidate.objects.filter(campaign_item=campaign_item)
    wanted = {
        (candidate, key)
        for candidate in drawn.values_list("candidate", flat=True)
        for key in shape.levels
    }
    if not wanted or set(content.reference) != wanted:
        raise InvalidInputError(
            _("Give every shown candidate a reference score on every dimension.")
        )
    wrong = [key for key, level in content.reference.items() if level not in shape.levels[key[1]]]
    if wrong:
        raise InvalidInputError(_("A reference score is not a level of its dimension."))
    if content.tolerance is None or not 0 <= content.tolerance <= LARGEST_LEVEL:
        raise InvalidInputError(
            _("The tolerance must be a whole number of levels from 0 to %(most)s.")
            % {"most": LARGEST_LEVEL}
        )
    texts = [text for said in content.explanations.values() for text in said.values()]
    if any(len(text) > LONGEST_EXPLANATION for text in texts):
        raise InvalidInputError(
            _("An explanation may have at most %(most)s characters.")
            % {"most": LONGEST_EXPLANATION}
        )


def _close_production(campaign_item: CampaignItem) -> int:
    slots = Task.objects.select_for_update(no_key=True).filter(
        campaign_item=campaign_item,
        purpose__in=(Purpose.PRODUCTION, Purpose.CROSS_CHECK, Purpose.RERATE, Purpose.PILOT),
    )
    if any(slot.state == TaskState.LEASED for slot in slots):
        raise ConflictError(
            _("Someone is rating this item right now: try again when they have finished.")
        )
    return Task.objects.filter(pk__in=[slot.pk for slot in slots], state=TaskState.OPEN).update(
        state=TaskState.CLOSED
    )


def _fix_draw(campaign_item: CampaignItem) -> None:
    """The reference speaks of these candidates: no model may choose others any more."""
    CampaignItem.objects.filter(pk=campaign_item.pk, draw_fixed_at=None).update(
        draw_fixed_at=timezone.now()
    )
