"""Finding what scores speak of in a campaign, and everything that does not fit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from analytics.tabular.names import normal_name
from analytics.tabular.rows import RowProblem
from annotation_app.enums import RatingStatus
from annotation_app.models import (
    Campaign,
    Candidate,
    DrawnCandidate,
    ImportedAnnotator,
    Level,
    Rating,
)
from annotation_app.services.collections.importing.problems import ProblemCode
from annotation_app.services.collections.rating_imports.naming import hashed_name
from annotation_app.services.collections.rating_imports.records import (
    RatingsSummary,
    ResolvedRating,
    ScoreRow,
)

Found = dict[tuple[int, str], ResolvedRating]


@dataclass(frozen=True, slots=True)
class _World:
    """What the campaign knows: items, drawn and other candidates, dimensions, levels."""

    items: dict[str, int]
    drawn: dict[tuple[int, str], int]
    pool: frozenset[tuple[int, str]]
    dimensions: dict[str, int]
    levels: dict[str, frozenset[int]]
    rated: frozenset[tuple[int, str]]


class Resolver:
    """Takes score rows one by one and gathers them by annotator and item.

    Args:
        campaign: where the ratings go.
        summary: gets the problems and counts.
        drops_undrawn: count scores of candidates that the campaign does not show, instead of
            reporting each.
    """

    def __init__(
        self, campaign: Campaign, summary: RatingsSummary, *, drops_undrawn: bool = False
    ) -> None:
        self._campaign = campaign
        self._world = _load(campaign)
        self._summary = summary
        self._drops_undrawn = drops_undrawn
        self._found: Found = {}
        self._hashes: dict[str, str] = {}
        self._last: RowProblem | None = None
        self._first: dict[tuple[int, str, int, int], tuple[str, int]] = {}

    def take(self, row: ScoreRow | RowProblem) -> None:
        """Resolve a row, or note what is wrong with it."""
        self._summary.rows += 1
        if isinstance(row, RowProblem):
            self._summary.add_problems([row])
            return
        problem = self._resolve(row)
        # A wide row's problem with its item is one, however many dimensions it has.
        if problem is not None and problem != self._last:
            self._summary.add_problems([problem])
        self._last = problem

    def take_all(self, rows: Iterable[ScoreRow | RowProblem]) -> None:
        """Resolve rows one by one."""
        for row in rows:
            self.take(row)

    def expect(self, rows: Iterable[ScoreRow]) -> None:
        """Take items and candidates that are not there yet as if they had been imported and drawn.

        For a dry run; ids of things to come are negative.
        """
        world = self._world
        for row in rows:
            item = world.items.setdefault(row.item, -len(world.items) - 1)
            if (item, row.candidate) not in world.pool:
                world.drawn.setdefault((item, row.candidate), -len(world.drawn) - 1)

    def ratings(self) -> list[ResolvedRating]:
        """Everything that was resolved, in the order of the rows."""
        found = list(self._found.values())
        summary = self._summary
        summary.ratings = len(found)
        summary.scores = sum(len(rating.scores) for rating in found)
        summary.annotators = len({rating.annotator for rating in found})
        summary.items = len({rating.campaign_item for rating in found})
        return found

    def _resolve(self, row: ScoreRow) -> RowProblem | None:
        world = self._world
        item = world.items.get(row.item)
        if item is None:
            return row.problem(
                "item",
                ProblemCode.CONFLICT,
                f"The campaign has no item “{row.item}”.",
                "Import the item and plan the campaign first, or correct the id.",
            )
        candidate = world.drawn.get((item, row.candidate))
        if candidate is None:
            return self._not_drawn(row, item)
        return self._bad_level(row) or self._keep(row, item, candidate)

    def _not_drawn(self, row: ScoreRow, item: int) -> RowProblem | None:
        if (item, row.candidate) not in self._world.pool:
            return row.problem(
                "candidate",
                ProblemCode.CONFLICT,
                f"The item has no candidate “{row.candidate}”.",
                "Correct the id.",
            )
        if self._drops_undrawn:
            self._summary.not_drawn += 1
            return None
        return row.problem(
            "candidate",
            ProblemCode.CONFLICT,
            "The campaign does not show this candidate: it was not drawn.",
            "Use a campaign that shows every candidate of the item, or leave the row out.",
        )

    def _bad_level(self, row: ScoreRow) -> RowProblem | None:
        known = self._world.levels[row.dimension]
        if row.level is None or row.level in known:
            return None
        return row.problem(
            "level",
            ProblemCode.WRONG_TYPE,
            f"{row.level} is outside the rubric's levels of {row.dimension}.",
            f"Use one of: {', '.join(map(str, sorted(known)))}.",
        )

    def _hashed(self, name: str) -> str:
        if name not in self._hashes:
            self._hashes[name] = hashed_name(self._campaign, name)
        return self._hashes[name]

    def _keep(self, row: ScoreRow, item: int, candidate: int) -> RowProblem | None:
        if (item, self._hashed(row.annotator)) in self._world.rated:
            return row.problem(
                "annotator",
                ProblemCode.CONFLICT,
                "An earlier import already contains this annotator's rating of this item.",
                "Release that import first, or leave the row out.",
            )
        dimension = self._world.dimensions[row.dimension]
        key = (item, row.annotator, candidate, dimension)
        before = self._first.setdefault(key, (row.file, row.line))
        if before != (row.file, row.line):
            return row.problem(
                "dimension",
                ProblemCode.DUPLICATE,
                f"The same score is already in line {before[1]}.",
                "Keep one row for each annotator, candidate and dimension.",
            )
        rating = self._found.setdefault(
            (item, row.annotator), ResolvedRating(item, row.annotator, {}, {})
        )
        rating.scores[candidate, dimension] = (row.level, row.missing_reason)
        rating.seconds = max(rating.seconds, row.seconds)
        rating.order[candidate] = row.order if row.order is not None else len(rating.order)
        return None


def _load(campaign: Campaign) -> _World:
    items = {
        normal_name(name): pk
        for name, pk in campaign.campaign_items.values_list("item__external_id", "pk")
    }
    drawn = DrawnCandidate.objects.filter(campaign_item__campaign=campaign).values_list(
        "campaign_item_id", "candidate__external_id", "candidate_id"
    )
    pool = Candidate.objects.filter(item__campaign_items__campaign=campaign).values_list(
        "item__external_id", "external_id"
    )
    levels: dict[str, set[int]] = defaultdict(set)
    for key, value in Level.objects.filter(dimension__rubric=campaign.rubric_id).values_list(
        "dimension__key", "value"
    ):
        levels[key].add(value)
    return _World(
        items=items,
        drawn={(item, normal_name(name)): pk for item, name, pk in drawn.iterator(chunk_size=5000)},
        pool=frozenset(
            (items[normal_name(item)], normal_name(name))
            for item, name in pool.iterator(chunk_size=5000)
        ),
        dimensions=dict(campaign.rubric.dimensions.values_list("key", "pk")),
        levels={key: frozenset(values) for key, values in levels.items()},
        rated=frozenset(_rated(campaign)),
    )


def _rated(campaign: Campaign) -> Iterable[tuple[int, str]]:
    """(Campaign item, hashed name) of imported ratings that count."""
    names = dict(
        ImportedAnnotator.objects.filter(campaign=campaign).values_list("user_id", "name_hmac")
    )
    rows = Rating.objects.filter(
        campaign=campaign, status=RatingStatus.ACTIVE, annotator__in=list(names)
    )
    for item, user in rows.values_list("campaign_item_id", "annotator_id"):
        yield item, names[user]
