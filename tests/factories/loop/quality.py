"""Quality control in the loop: gold, lessons, the test, notes, pauses, released work."""

from datetime import timedelta

from django.utils import timezone

from annotation_app.enums import Design, NoteKind, PauseReason, Purpose
from annotation_app.models import Campaign, CampaignItem, DrawnCandidate, GoldItem
from annotation_app.services.assignment import lease_own_task
from annotation_app.services.quality.bank import GoldContent, save_gold_item, set_gold_active
from annotation_app.services.quality.following import follow_up
from annotation_app.services.quality.lessons import save_lesson
from annotation_app.services.quality.notes import read_note, write_note
from annotation_app.services.quality.pausing import pause_annotator, resume_annotator
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality.qualifying import pass_by_hand, start_attempt
from annotation_app.services.quality.releasing import release_work, undo_release
from annotation_app.services.queue.extra_slots import add_personal_slot
from tests.factories.loop.opening import moment
from tests.factories.loop.people import Cast
from tests.factories.loop.rating import rate, rate_next
from tests.factories.loop.words import two_lines

GOLD = 5
RIGHT = (4, 1, 3, 2, 4)


def furnish_bank(cast: Cast, campaign: Campaign) -> list[GoldItem]:
    """Gold items with reasons, two in a lesson, one retired."""
    gold = [_enter(cast, item) for item in campaign.campaign_items.order_by("-pk")[:GOLD]]
    save_lesson(
        actor=cast.reviewer,
        campaign=campaign,
        lesson=None,
        title="First steps",
        introduction=two_lines("Look at both."),
        examples=gold[:2],
    )
    set_gold_active(actor=cast.reviewer, gold=gold[-1], active=False)
    return gold


def _enter(cast: Cast, item: CampaignItem) -> GoldItem:
    keys = list(item.campaign.rubric.dimensions.values_list("key", flat=True))
    shown = DrawnCandidate.objects.filter(campaign_item=item).values_list("candidate", flat=True)
    reference = {
        (candidate, key): RIGHT[place % len(RIGHT)]
        for place, candidate in enumerate(sorted(shown))
        for key in keys
    }
    reasons = {key: {"": two_lines("The colour is right.")} for key in keys}
    content = GoldContent(reference=reference, explanations=reasons)
    return save_gold_item(actor=cast.reviewer, campaign_item=item, content=content)


def take_the_test(cast: Cast, campaign: Campaign, gold: list[GoldItem]) -> None:
    """One has trained and failed a test, one is in the midst of one, one was let through."""
    first, second, third = cast.raters
    rules = {"qualification_required": True, "attempt_items": 1, "most_attempts": 2}
    set_quality_plan(actor=cast.admin, campaign=campaign, changes=rules)
    training = add_personal_slot(
        campaign_item=gold[0].campaign_item,
        purpose=Purpose.TRAINING,
        design=Design.GOLD,
        annotator=first,
    )
    lease = lease_own_task(annotator=first, task=training, now=moment())
    rate(lease, lambda _place, _key: 2, moment())
    follow_up(lease=lease, now=moment())
    start_attempt(annotator=first, campaign=campaign, now=moment())
    tried = rate_next(campaign, first, lambda place, _key: 5 - RIGHT[place], moment(1))
    assert tried.lease is not None
    follow_up(lease=tried.lease, now=moment(1))
    start_attempt(annotator=second, campaign=campaign, now=moment())
    pass_by_hand(
        actor=cast.admin,
        annotator=third,
        campaign=campaign,
        reason=two_lines("Known to us."),
        now=moment(),
    )


def follow_people(cast: Cast, campaign: Campaign) -> None:
    """A note of every kind, read and unread; a pause of every reason, one of them lifted."""
    first, second, _third = (campaign.memberships.get(user=person) for person in cast.raters)
    for place, kind in enumerate(NoteKind):
        note = write_note(
            actor=cast.reviewer,
            membership=first,
            kind=kind,
            text=two_lines("A word."),
            now=moment(place),
        )
        if place % 2:
            read_note(note=note, now=moment(place + 1))
    paused = campaign.memberships.get(user=cast.paused)
    for place, reason in enumerate(PauseReason):
        if place:
            resume_annotator(actor=cast.reviewer, membership=paused, now=moment(place))
        pause_annotator(
            actor=cast.reviewer if reason == PauseReason.PERSON else None,
            membership=paused,
            reason=reason,
            text=two_lines("Take a rest."),
            now=moment(place + 1),
        )
    for member, lasts in ((first, True), (second, False)):
        release = release_work(
            actor=cast.reviewer,
            membership=member,
            since=timezone.now() - timedelta(hours=71 if lasts else 1000),
            reason=two_lines("Hurried."),
            now=timezone.now(),
        )
        if not lasts:
            undo_release(actor=cast.admin, release=release, now=timezone.now())
