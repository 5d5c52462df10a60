"""What is said about items in the loop: flags, questions, disputes and their decisions."""

from django.utils import timezone

from annotation_app.enums import DisputeReason, FlagKind, FlagOutcome, WithdrawalGround
from annotation_app.models import Campaign, DrawnCandidate, ReviewCase
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.collections.withdrawal import restore_item, withdraw_item
from annotation_app.services.quality.bank import gold_from_decision
from annotation_app.services.queue.leases import skip_task
from annotation_app.services.rating.flags import flag_item
from annotation_app.services.reviewing.adjudication import decide_case, reopen_case
from annotation_app.services.reviewing.claims import claim_case
from annotation_app.services.reviewing.disputes import open_case
from annotation_app.services.reviewing.flags import settle_flag
from annotation_app.services.reviewing.threads import answer_thread, say_as_annotator, settle_thread
from tests.factories.loop.opening import moment
from tests.factories.loop.people import Cast
from tests.factories.loop.rating import rate
from tests.factories.loop.words import two_lines


def ask_and_flag(cast: Cast, campaign: Campaign) -> None:
    """The newcomer asks about an item in hand and flags it; another item is skipped."""
    lease = lease_next_task(annotator=cast.newcomer, campaign=campaign, now=moment())
    skip_task(lease=lease, reason=two_lines("Too large."), now=moment())
    lease = lease_next_task(annotator=cast.newcomer, campaign=campaign, now=moment(1))
    criterion = campaign.rubric.dimensions.order_by("ordinal")[0].criteria.first()
    said = say_as_annotator(
        lease=lease, text=two_lines("All of it?"), now=moment(2), criterion=criterion
    )
    thread = said.thread
    for to, text in ((lease, "Yes."), (None, "For all: yes.")):
        answer_thread(
            actor=cast.reviewer, thread=thread, text=two_lines(text), lease=to, now=moment(3)
        )
    settle_thread(actor=cast.reviewer, thread=thread, now=moment(4))
    _flag(cast, campaign)


def _flag(cast: Cast, campaign: Campaign) -> None:
    """A flag of every kind; three are settled in the three ways, one waits."""
    lease = lease_next_task(annotator=cast.newcomer, campaign=campaign, now=moment(5))
    outcomes = [*FlagOutcome]
    for kind in FlagKind:
        flag = flag_item(lease=lease, kind=kind, note=two_lines(f"It is {kind.value}."))
        if not outcomes:
            continue
        settle_flag(
            actor=cast.admin,
            campaign=campaign,
            flag=flag,
            outcome=outcomes.pop(),
            text=two_lines("We have looked."),
            now=moment(6),
        )
    assert not outcomes


def review_disputes(cast: Cast, campaign: Campaign) -> None:
    """One dispute is open, one in the reviewer's hands, one decided, one opened again."""
    rated = campaign.campaign_items.filter(ratings__isnull=False, item__withdrawn_at=None)
    rated = rated.filter(gold_item__isnull=True)
    pks = sorted(set(rated.values_list("pk", flat=True)))[:4]
    waiting, held, decided, again = (
        open_case(campaign, pk, [*DisputeReason], now=moment(), size=2.0) for pk in pks
    )
    assert waiting is not None
    assert held is not None
    claim_case(reviewer=cast.reviewer, case=held, now=moment(1))
    for case in (decided, again):
        assert case is not None
        _decide(cast, case)
    assert again is not None
    reopen_case(reviewer=cast.reviewer, case=again, now=timezone.now())
    assert decided is not None
    gold_from_decision(actor=cast.reviewer, campaign_item=decided.campaign_item)


def _decide(cast: Cast, case: ReviewCase) -> None:
    lease = claim_case(reviewer=cast.reviewer, case=case, now=moment(2))
    assert lease is not None
    rate(lease, lambda _place, _key: 3, moment(3), two_lines("My own view."))
    case.refresh_from_db()
    drawn = DrawnCandidate.objects.filter(campaign_item=case.campaign_item_id)
    keys = case.campaign_item.campaign.rubric.dimensions.values_list("key", flat=True)
    levels = {(pk, key): 2 for pk in drawn.values_list("candidate", flat=True) for key in keys}
    decide_case(
        reviewer=cast.reviewer,
        case=case,
        levels=levels,
        note=two_lines("Both saw it."),
        now=timezone.now(),
    )


def withdraw_items(cast: Cast, campaign: Campaign) -> None:
    """One item withdrawn after its release, one withdrawn and restored."""
    gone, back = campaign.collection.items.filter(withdrawn_at=None).order_by("pk")[:2]
    for item in (gone, back):
        withdraw_item(
            item=item,
            ground=WithdrawalGround.PRIVACY,
            reason=two_lines("Somebody asked."),
            actor=cast.admin,
            now=moment(),
            campaign=campaign,
        )
    restore_item(item=back, actor=cast.admin, now=moment(1))
