"""Writing the training: lessons in order, with their examples."""

from collections.abc import Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, Purpose
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Campaign, GoldItem, Lesson, LessonExample, Rating, User
from annotation_app.services.audit.events import record_event

Ordered = TypeVar("Ordered", Lesson, LessonExample)
TESTING = (Purpose.GOLD, Purpose.QUALIFICATION)


def save_lesson(
    *,
    actor: User,
    campaign: Campaign,
    lesson: Lesson | None,
    title: str,
    introduction: str,
    examples: Sequence[GoldItem],
) -> Lesson:
    """Write a lesson, new at the end or changed in its place, with its examples in order.

    Raises:
        InvalidInputError: if it has no title or no example, or an example is of another campaign.
        ConflictError: if an example was used as a test or hidden check, or is in another lesson.
    """
    _check(campaign, lesson, title, examples)
    with transaction.atomic():
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        is_new = lesson is None
        if lesson is None:
            last = campaign.lessons.aggregate(last=Max("ordinal"))["last"] or 0
            lesson = Lesson(campaign=campaign, ordinal=last + 1)
        lesson.title, lesson.introduction = title.strip(), introduction.strip()
        lesson.save()
        lesson.examples.all().delete()
        LessonExample.objects.bulk_create(
            LessonExample(lesson=lesson, ordinal=place, gold_item=gold)
            for place, gold in enumerate(examples, start=1)
        )
        record_event(
            actor=actor,
            verb=AuditVerb.CREATED if is_new else AuditVerb.CHANGED,
            object_type="lesson",
            object_id=lesson.pk,
            campaign=campaign,
            data={"examples": [gold.pk for gold in examples]},
        )
    return lesson


def move_lesson(*, actor: User, lesson: Lesson, by: int) -> bool:
    """Let a lesson change places with the one before (-1) or after it (1); False at the end."""
    with transaction.atomic():
        Campaign.objects.select_for_update(no_key=True).get(pk=lesson.campaign_id)
        moved = _swap(Lesson.objects.filter(campaign=lesson.campaign_id), lesson.pk, by)
        if moved:
            _record_move(actor, lesson, {"moved": by})
    return moved


def move_example(*, actor: User, example: LessonExample, by: int) -> bool:
    """Let an example change places with its neighbour in the lesson; False at the end."""
    lesson = example.lesson
    with transaction.atomic():
        Campaign.objects.select_for_update(no_key=True).get(pk=lesson.campaign_id)
        moved = _swap(LessonExample.objects.filter(lesson=lesson), example.pk, by)
        if moved:
            _record_move(actor, lesson, {"moved_example": example.gold_item_id, "by": by})
    return moved


def remove_lesson(*, actor: User, lesson: Lesson) -> None:
    """Take a lesson out of the training; its items go back to the bank."""
    with transaction.atomic():
        record_event(
            actor=actor,
            verb=AuditVerb.CHANGED,
            object_type="lesson",
            object_id=lesson.pk,
            campaign=lesson.campaign,
            data={"removed": lesson.title},
        )
        lesson.delete()


def _check(
    campaign: Campaign, lesson: Lesson | None, title: str, examples: Sequence[GoldItem]
) -> None:
    if not title.strip() or not examples:
        raise InvalidInputError(_("A lesson needs a title and at least one example."))
    if any(gold.campaign_id != campaign.pk for gold in examples):
        raise InvalidInputError(_("An example must belong to this campaign's gold bank."))
    elsewhere = LessonExample.objects.filter(gold_item__in=examples).exclude(lesson=lesson)
    if elsewhere.exists():
        raise ConflictError(_("An example is already in another lesson."))
    tested = Rating.objects.filter(
        campaign_item__in=[gold.campaign_item_id for gold in examples], purpose__in=TESTING
    )
    if tested.exists():
        raise ConflictError(
            _("An example has already been used as a test or hidden check: choose a fresh item.")
        )


def _swap(rows: QuerySet[Ordered], moved: int, by: int) -> bool:
    """Swap the places of a row and its neighbour; a place is taken once at any moment."""
    places = list(rows.order_by("ordinal").values_list("pk", "ordinal"))
    index = next((at for at, (pk, _place) in enumerate(places) if pk == moved), None)
    other = None if index is None else index + by
    if index is None or other is None or not 0 <= other < len(places):
        return False
    free = places[-1][1] + 1
    for pk, place in (
        (moved, free), (places[other][0], places[index][1]), (moved, places[other][1]),
    ):  # fmt: skip
        rows.filter(pk=pk).update(ordinal=place)
    return True


def _record_move(actor: User, lesson: Lesson, data: dict[str, int]) -> None:
    record_event(
        actor=actor,
        verb=AuditVerb.CHANGED,
        object_type="lesson",
        object_id=lesson.pk,
        campaign=lesson.campaign,
        data=data,
    )
