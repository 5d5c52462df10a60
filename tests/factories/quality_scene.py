"""One of everything that the quality and review pages name, in a campaign with work in hand."""

from typing import Any

from annotation_app.enums import Design, DisputeReason, FlagKind, NoteKind, Purpose
from annotation_app.models import Campaign, Flag, Membership, Task, User, WorkRelease
from annotation_app.services.assignment import lease_own_task
from annotation_app.services.quality.lessons import save_lesson
from annotation_app.services.quality.notes import write_note
from annotation_app.services.queue.extra_slots import add_personal_slot
from annotation_app.services.reviewing.disputes import open_case
from tests.factories.gold import answer, make_gold
from tests.factories.world import NOON, make_user


def furnish_quality(campaign: Campaign, annotator: User) -> dict[str, Any]:
    """Give a campaign a lesson, a rated example, a dispute, a flag, a note and a release."""
    Campaign.objects.filter(pk=campaign.pk).update(gives_feedback=True)
    [gold] = make_gold(campaign, 1)
    lesson = save_lesson(
        actor=make_user(),
        campaign=campaign,
        lesson=None,
        title="First",
        introduction="",
        examples=[gold],
    )
    task = add_personal_slot(
        campaign_item=gold.campaign_item,
        purpose=Purpose.TRAINING,
        design=Design.GOLD,
        annotator=annotator,
    )
    training = answer(lease_own_task(annotator=annotator, task=task, now=NOON))
    member = Membership.objects.get(campaign=campaign, user=annotator)
    note = write_note(actor=None, membership=member, kind=NoteKind.MESSAGE, text="Hi", now=NOON)
    release = WorkRelease.objects.create(
        membership=member, ratings=[], reason="trial", released_by=annotator, released_at=NOON
    )
    first = campaign.campaign_items.order_by("pk")[0]
    case = open_case(campaign, first.pk, [DisputeReason.RANGE], now=NOON, size=2.0)
    assert case is not None
    flag = Flag.objects.create(
        item=first.item, task=Task.objects.filter(campaign_item=first).first(),
        annotator=annotator, kind=FlagKind.BROKEN,
    )  # fmt: skip
    return {
        "training": training.client_uuid,
        "lesson": lesson.pk,
        "member": member.pk,
        "note": note.pk,
        "release": release.pk,
        "case": case.pk,
        "flag": flag.pk,
    }
