"""One item with everyone's scores side by side, for those who may see who gave which."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.pairs.final_scores import final_score
from annotation_app.enums import DATA_PURPOSES, MissingReason, Provenance, RatingStatus
from annotation_app.models import (
    Adjudication,
    Campaign,
    CampaignItem,
    Candidate,
    Flag,
    Rating,
    ReviewCase,
    Score,
    Thread,
)

FAR_APART = 2


@dataclass(frozen=True)
class GivenScore:
    """A rater's score: a level, or why there is none (in words); neither if they gave none."""

    level: int | None
    reason: str


@dataclass(frozen=True)
class ScoreLine:
    """One candidate on one dimension.

    Attributes:
        dimension: its key.
        scores: in the order of the item's raters.
        width: largest minus smallest level; None with fewer than two.
        final: the score that exports would use now; None if there is none.
        provenance: where that comes from, in words.
        raters: levels behind it.
    """

    dimension: str
    scores: Sequence[GivenScore]
    width: int | None
    final: float | None
    provenance: str
    raters: int

    @property
    def is_far_apart(self) -> bool:
        return self.width is not None and self.width >= FAR_APART


@dataclass(frozen=True)
class CandidateScores:
    """A candidate with its lines, in the rubric's order."""

    candidate: Candidate
    lines: Sequence[ScoreLine]


@dataclass(frozen=True)
class ItemRatings:
    """An item of a campaign with all its ratings and discussion.

    Attributes:
        campaign_item: with its item and source image.
        ratings: counted ones, in the order of submit.
        candidates: the drawn ones, the widest disagreement first.
        flags: on the item.
        thread: the discussion of it.
        cases: its disputes, newest first.
    """

    campaign_item: CampaignItem
    ratings: Sequence[Rating]
    candidates: Sequence[CandidateScores]
    flags: Sequence[Flag]
    thread: Thread | None
    cases: Sequence[ReviewCase]


def read_item(campaign: Campaign, campaign_item: CampaignItem) -> ItemRatings:
    """Read an item's counted ratings; a fixed number of statements."""
    ratings = list(
        Rating.objects.filter(
            campaign_item=campaign_item, status=RatingStatus.ACTIVE, purpose__in=DATA_PURPOSES
        )
        .select_related("annotator", "current_revision", "guideline", "task")
        .order_by("submitted_at", "pk")
    )
    candidates = [
        row.candidate
        for row in campaign_item.drawn.select_related("candidate__image", "candidate__generator")
    ]
    keys = list(campaign.rubric.dimensions.order_by("ordinal").values_list("key", flat=True))
    lines = _lines(campaign_item, ratings, candidates, keys)
    shown = [CandidateScores(candidate, lines[candidate.pk]) for candidate in candidates]
    return ItemRatings(
        campaign_item=campaign_item,
        ratings=ratings,
        candidates=sorted(shown, key=_widest, reverse=True),
        flags=list(Flag.objects.filter(item=campaign_item.item_id).select_related("annotator")),
        thread=Thread.objects.filter(campaign_item=campaign_item).first(),
        cases=list(campaign_item.review_cases.select_related("decided_by").order_by("-opened_at")),
    )


def _widest(shown: CandidateScores) -> int:
    return max((line.width or 0 for line in shown.lines), default=0)


def _lines(
    campaign_item: CampaignItem,
    ratings: Sequence[Rating],
    candidates: Sequence[Candidate],
    keys: Sequence[str],
) -> Mapping[int, list[ScoreLine]]:
    given: dict[tuple[int, int, str], GivenScore] = {}
    rows = Score.objects.filter(revision__in=[rating.current_revision_id for rating in ratings])
    for revision, judged, key, level, reason in rows.values_list(
        "revision_id", "candidate_id", "dimension__key", "level", "missing_reason"
    ):
        words = str(MissingReason(reason).label) if reason else ""
        given[revision, judged, key] = GivenScore(level, words)
    decided = {
        (judged, key): level
        for judged, key, level in Adjudication.objects.filter(
            campaign_item=campaign_item
        ).values_list("candidate_id", "dimension__key", "level")
    }
    nothing = GivenScore(None, "")
    found: dict[int, list[ScoreLine]] = defaultdict(list)
    for candidate in candidates:
        for key in keys:
            scores = [
                given.get((rating.current_revision_id or 0, candidate.pk, key), nothing)
                for rating in ratings
            ]
            found[candidate.pk].append(_line(key, scores, decided.get((candidate.pk, key))))
    return found


def _line(key: str, scores: list[GivenScore], adjudicated: int | None) -> ScoreLine:
    levels = [score.level for score in scores if score.level is not None]
    final = final_score(levels, adjudicated=adjudicated)
    known = final.provenance.value in Provenance.values
    return ScoreLine(
        dimension=key,
        scores=scores,
        width=max(levels) - min(levels) if len(levels) > 1 else None,
        final=None if final.value is None else float(final.value),
        provenance=str(Provenance(final.provenance.value).label) if known else "",
        raters=final.raters,
    )
