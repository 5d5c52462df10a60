"""Disputed items as reviewers read them: blind at first, then scores side by side, unnamed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from analytics.sampling import seeded_order
from annotation_app.enums import (
    DATA_PURPOSES,
    Purpose,
    RatingStatus,
    ReviewState,
)
from annotation_app.models import (
    Adjudication,
    Campaign,
    Item,
    Rating,
    ReviewCase,
    Score,
    User,
)
from annotation_app.policies import blind_items
from annotation_app.selectors.rating.blinding import blind_elsewhere
from annotation_app.selectors.rating.history import letter

Cases = QuerySet[ReviewCase]


@dataclass(frozen=True)
class Cell:
    """One candidate on one dimension.

    Attributes:
        name: of the form field.
        own: the reviewer's level, None if they could not judge.
        others: each rater's level or "–", in the anonymous order of `Opinion`.
        chosen: what the form proposes: the level that all agree on, else the reviewer's.
        is_disputed: the others lie two or more apart.
    """

    candidate: int
    dimension: str
    name: str
    own: int | None
    others: list[str]
    chosen: int | None
    is_disputed: bool


@dataclass(frozen=True)
class Row:
    """A candidate by its letter on the reviewer's screen."""

    letter: str
    position: int
    cells: list[Cell]


@dataclass(frozen=True)
class Opinion:
    """An anonymous rater: a number and a note."""

    number: int
    note: str


@dataclass(frozen=True)
class Offer:
    """A case as a reviewer sees it in the queue.

    Attributes:
        is_told: its decision's note may be read, which requires one's own judgement first.
        is_blind_elsewhere: they may still judge the item in another campaign, so cannot take it.
        has_rated: their own rating is among the disputed ones: another must decide.
        in_hand: someone is working on it at the moment.
    """

    case: ReviewCase
    is_told: bool
    is_blind_elsewhere: bool
    has_rated: bool
    in_hand: bool


def shown_cases(cases: Cases, reader: User, campaign: Campaign) -> Cases:
    """Without those of items that the reader may still rate; what they have claimed stays.

    That an item is disputed reveals something about others' scores.
    """
    hidden = blind_items(reader, working_in=campaign).values("item")
    return cases.exclude(~Q(claimed_by=reader), campaign_item__item__in=hidden)


def open_cases(campaign: Campaign) -> QuerySet[ReviewCase]:
    """The queue, the widest disagreement first."""
    return _cases(campaign).filter(state=ReviewState.OPEN)


def decided_cases(campaign: Campaign) -> QuerySet[ReviewCase]:
    """The last decisions."""
    return _cases(campaign).filter(state=ReviewState.DECIDED).order_by("-decided_at")


def offered_cases(cases: Cases, reader: User, campaign: Campaign, now: datetime) -> list[Offer]:
    """Each case with what its reader may do: no button is shown that would be refused."""
    found = list(cases)
    if not found:
        return []
    items = [case.campaign_item.item_id for case in found]
    blind = {*blind_items(reader).filter(item__in=items).values_list("item", flat=True)}
    elsewhere = blind_elsewhere(reader, campaign).filter(item__in=items)
    barred = {*elsewhere.values_list("item", flat=True)}
    rated = {*_rated_by(reader).values_list("campaign_item", flat=True)}
    return [
        Offer(
            case=case,
            is_told=item not in blind,
            is_blind_elsewhere=item in barred,
            has_rated=case.campaign_item_id in rated,
            in_hand=case.claimed_until is not None and case.claimed_until > now,
        )
        for case, item in zip(found, items, strict=True)
    ]


def disputed_items(campaign: Campaign) -> QuerySet[Item]:
    """The items of a campaign that are or were disputed."""
    return Item.objects.filter(pk__in=_cases(campaign).values("campaign_item__item"))


def next_case(campaign: Campaign, reviewer: User, now: datetime) -> ReviewCase | None:
    """The first open case that this reviewer may take."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_by=reviewer)
    return (
        open_cases(campaign)
        .filter(free)
        .exclude(campaign_item__in=_rated_by(reviewer).values("campaign_item"))
        .exclude(campaign_item__item__in=blind_elsewhere(reviewer, campaign).values("item"))
        .first()
    )


def side_by_side(case: ReviewCase, own: Rating) -> tuple[list[Row], list[Opinion]]:
    """The reviewer's scores next to the others', candidates as the reviewer saw them."""
    ratings = {str(rating.pk): rating for rating in _disputed(case)}
    order = seeded_order(ratings, "review", case.pk)
    others = [ratings[name] for name in order]
    said = _levels([own, *others])
    keys = list(case.campaign.rubric.dimensions.order_by("ordinal").values_list("key", flat=True))
    rows = [
        Row(
            letter(position),
            position,
            [_cell(candidate, key, said, own, others) for key in keys],
        )
        for position, candidate in enumerate(own.candidate_order, start=1)
    ]
    opinions = [
        Opinion(number, rating.current_revision.note if rating.current_revision else "")
        for number, rating in enumerate(others, start=1)
    ]
    return rows, opinions


def own_outcomes(campaign: Campaign, annotator: User) -> list[tuple[Rating, list[Row]]]:
    """Decided items that the annotator rated, with the decision and their own levels."""
    decided = ReviewCase.objects.filter(campaign=campaign, state=ReviewState.DECIDED)
    ratings = (
        Rating.objects.filter(
            campaign_item__in=decided.values("campaign_item"),
            annotator=annotator,
            purpose__in=DATA_PURPOSES,
            status=RatingStatus.ACTIVE,
        )
        .exclude(campaign_item__item__in=blind_elsewhere(annotator, campaign).values("item"))
        .select_related("campaign_item__item", "current_revision")
        .order_by("-submitted_at")
    )
    return [(rating, _outcome(rating, campaign)) for rating in ratings[:OUTCOMES]]


OUTCOMES = 50
APART = 2


def _cases(campaign: Campaign) -> QuerySet[ReviewCase]:
    return ReviewCase.objects.filter(
        campaign=campaign, campaign_item__item__withdrawn_at__isnull=True
    ).select_related("campaign_item__item", "claimed_by", "decided_by", "campaign")


def _rated_by(person: User) -> QuerySet[Rating]:
    """What a person has rated other than as its reviewer: of those items they decide none."""
    ratings = Rating.objects.filter(annotator=person).exclude(purpose=Purpose.REVIEW)
    return ratings.exclude(status=RatingStatus.RELEASED)


def _disputed(case: ReviewCase) -> QuerySet[Rating]:
    return Rating.objects.filter(
        campaign_item=case.campaign_item_id,
        status=RatingStatus.ACTIVE,
        purpose__in=DATA_PURPOSES,
    ).select_related("current_revision")


def _levels(ratings: Iterable[Rating]) -> dict[tuple[int, int, str], int | None]:
    rows = Score.objects.filter(
        revision__in=[rating.current_revision_id for rating in ratings]
    ).values_list("revision_id", "candidate_id", "dimension__key", "level")
    return {(revision, candidate, key): level for revision, candidate, key, level in rows}


def _cell(
    candidate: int,
    key: str,
    said: dict[tuple[int, int, str], int | None],
    own: Rating,
    others: list[Rating],
) -> Cell:
    mine = said.get((own.current_revision_id or 0, candidate, key))
    theirs = [said.get((one.current_revision_id or 0, candidate, key)) for one in others]
    levels = [level for level in theirs if level is not None]
    agreed = set(levels)
    return Cell(
        candidate=candidate,
        dimension=key,
        name=f"level-{candidate}-{key}",
        own=mine,
        others=["–" if level is None else str(level) for level in theirs],
        chosen=levels[0] if len(agreed) == 1 and mine is None else mine,
        is_disputed=bool(levels) and max(levels) - min(levels) >= APART,
    )


def _outcome(rating: Rating, campaign: Campaign) -> list[Row]:
    said = _levels([rating])
    decided = {
        (candidate, key): level
        for candidate, key, level in Adjudication.objects.filter(
            campaign_item=rating.campaign_item_id
        ).values_list("candidate", "dimension__key", "level")
    }
    keys = list(campaign.rubric.dimensions.order_by("ordinal").values_list("key", flat=True))
    revision = rating.current_revision_id or 0
    return [
        Row(
            letter(position),
            position,
            [
                Cell(
                    candidate, key, "", said.get((revision, candidate, key)), [],
                    decided.get((candidate, key)),
                    is_disputed=said.get((revision, candidate, key))
                    != decided.get((candidate, key)),
                )
                for key in keys
            ],
        )
        for position, candidate in enumerate(rating.candidate_order, start=1)
    ]  # fmt: skip


def rated_by(person: User, case: ReviewCase) -> bool:
    """Whether a person's own rating is among the disputed ones."""
    ratings = Rating.objects.filter(campaign_item=case.campaign_item_id, annotator=person)
    return ratings.exclude(purpose=Purpose.REVIEW).exclude(status=RatingStatus.RELEASED).exists()
