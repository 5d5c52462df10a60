"""How good each generator's edits are: exact mean scores and Bradley–Terry abilities."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from analytics.estimates import Interval
from analytics.pairs.dimensions import Dimensions
from analytics.pairs.exact import exact_scores
from analytics.pairs.records import ScoredItem
from analytics.ranking.bradley_terry.comparisons import Comparison
from analytics.ranking.bradley_terry.existence import NoFit
from analytics.ranking.bradley_terry.fit import Ability, BradleyTerry, fit_bradley_terry
from analytics.ranking.bradley_terry.likelihood import TieModel
from analytics.ranking.clusters import ClusteredMean, clustered_mean


@dataclass(frozen=True, slots=True)
class GeneratorRow:
    """One generator: mean scores (item-cluster intervals) and ability, best ability first.

    ``rank_best`` and ``rank_worst`` are the places that the intervals allow: a generator is
    certainly behind another only if its whole interval is below the other's.
    """

    generator: str
    candidates: int
    means: dict[str, ClusteredMean]
    overall: ClusteredMean
    ability: Ability | None
    rank_best: int
    rank_worst: int


@dataclass(frozen=True, slots=True)
class GeneratorBoard:
    """The rows of all generators (best first) over some items, and why abilities may lack."""

    items: int
    rows: tuple[GeneratorRow, ...]
    tie_model: TieModel | None
    no_abilities: NoFit | None


def generator_board(
    items: Iterable[ScoredItem], dimensions: Dimensions, model: TieModel = TieModel.DAVIDSON
) -> GeneratorBoard:
    """Return the leaderboard over the items' fully scored candidates."""
    listed = list(items)
    scores = _scores_by_generator(listed, dimensions)
    fit = _fit(listed, dimensions, model)
    found = {ability.player: ability for ability in fit.abilities} if fit else {}
    unranked = [_row(name, scores[name], dimensions, found.get(name)) for name in sorted(scores)]
    rows = sorted(_ranked(unranked), key=_best_first)
    return GeneratorBoard(
        len(listed), tuple(rows), fit.model if fit else None, fit.reason if fit else None
    )


def generator_boards_by_category(
    items: Iterable[ScoredItem],
    category_of: Mapping[str, str],
    dimensions: Dimensions,
    model: TieModel = TieModel.DAVIDSON,
) -> dict[str, GeneratorBoard]:
    """Return one leaderboard per category of items, sorted by name.

    Raises:
        KeyError: if an item has no category.
    """
    groups: defaultdict[str, list[ScoredItem]] = defaultdict(list)
    for item in items:
        groups[category_of[item.item_id]].append(item)
    return {name: generator_board(groups[name], dimensions, model) for name in sorted(groups)}


def comparisons_of_items(items: Iterable[ScoredItem], dimensions: Dimensions) -> list[Comparison]:
    """Return every comparison of two generators within an item by exact overall score.

    Pairs of one generator and pairs with a missing score are ignored; each item is a cluster.
    """
    comparisons = []
    for item in items:
        exact = exact_scores(item, dimensions)
        known = [
            (candidate.generator, overall)
            for candidate, row, overall in zip(
                item.candidates, exact.dimensions, exact.overall, strict=True
            )
            if row is not None
        ]
        comparisons += [
            Comparison(one, two, (a > b) - (a < b), cluster=item.item_id)
            for (one, a), (two, b) in combinations(known, 2)
            if one != two
        ]
    return comparisons


_Scores = list[tuple[int, tuple[float, ...]]]
"""Item number and the scores: every dimension, then the overall."""


def _scores_by_generator(items: Sequence[ScoredItem], dimensions: Dimensions) -> dict[str, _Scores]:
    scores: defaultdict[str, _Scores] = defaultdict(list)
    for number, item in enumerate(items):
        exact = exact_scores(item, dimensions)
        for candidate, row, overall in zip(
            item.candidates, exact.dimensions, exact.overall, strict=True
        ):
            if row is not None:
                levels = [n / exact.denominator for n in row]
                values = (*levels, overall / exact.overall_denominator)
                scores[candidate.generator].append((number, values))
    return dict(scores)


def _fit(
    items: Sequence[ScoredItem], dimensions: Dimensions, model: TieModel
) -> BradleyTerry | None:
    comparisons = comparisons_of_items(items, dimensions)
    return fit_bradley_terry(comparisons, model=model) if comparisons else None


def _row(
    generator: str, scores: _Scores, dimensions: Dimensions, ability: Ability | None
) -> GeneratorRow:
    cluster = np.array([number for number, _ in scores], dtype=np.int64)
    columns = [
        clustered_mean(column, cluster) for column in zip(*(v for _, v in scores), strict=True)
    ]
    means = dict(zip(dimensions.names, columns, strict=False))
    return GeneratorRow(generator, len(scores), means, columns[-1], ability, 0, 0)


def _ranked(rows: Sequence[GeneratorRow]) -> list[GeneratorRow]:
    spans = {row.generator: _span(row) for row in rows}
    return [
        GeneratorRow(
            row.generator,
            row.candidates,
            row.means,
            row.overall,
            row.ability,
            1 + sum(_below(spans[row.generator], spans[other.generator]) for other in rows),
            len(rows) - sum(_below(spans[other.generator], spans[row.generator]) for other in rows),
        )
        for row in rows
    ]


def _span(row: GeneratorRow) -> Interval | None:
    return row.ability.interval if row.ability else row.overall.interval


def _below(one: Interval | None, two: Interval | None) -> bool:
    if one is None or one.high is None or two is None or two.low is None:
        return False
    return one.high < two.low


def _best_first(row: GeneratorRow) -> tuple[float, float, str]:
    ability = row.ability.log_ability if row.ability else 0.0
    return -ability, -(row.overall.value or 0.0), row.generator
