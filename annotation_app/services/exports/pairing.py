"""An export item's pairs by the options of its version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from analytics.pairs.build import ItemPairs, build_item_pairs
from analytics.pairs.dimensions import Dimensions
from analytics.pairs.final_scores import FinalScoreRule, final_score
from analytics.pairs.options import PairOptions
from analytics.pairs.records import ScoredCandidate, ScoredItem
from annotation_app.enums import Provenance
from annotation_app.selectors.exports.items import ExportItem, Where
from annotation_app.selectors.exports.ratings import RaterRating

Scores = Mapping[Where, Fraction]


class ScoreBasis(StrEnum):
    """Which scores the pairs are built from."""

    FINAL = "final"
    MAJORITY = "majority"
    FACET = "facet"
    RATER = "rater"


@dataclass(frozen=True, slots=True)
class PairChoice:
    """Which scores, and the rules of ties and filters."""

    basis: ScoreBasis
    rules: PairOptions


@dataclass(frozen=True, slots=True)
class ScoredPairs:
    """Scores and the pairs that they make."""

    scores: Scores
    pairs: ItemPairs


def scored_pairs(
    item: ExportItem, dimensions: Dimensions, choice: PairChoice
) -> Iterator[ScoredPairs]:
    """The item's pairs, exact, with counts that reconcile; one view per rater where so chosen.

    Without any rating an item still gives one empty view, so that its pairs are counted.
    """
    if choice.basis is ScoreBasis.RATER and item.ratings:
        for rating in item.ratings:
            scores = {
                where: Fraction(score.level)
                for where, score in rating.scores.items()
                if score.level is not None
            }
            yield _view(item, scores, dimensions, choice.rules, rating)
    elif choice.basis is ScoreBasis.FACET:
        yield _view(item, item.facets, dimensions, choice.rules)
    elif choice.basis is ScoreBasis.MAJORITY:
        yield _view(item, majority_scores(item), dimensions, choice.rules)
    else:
        yield _view(item, item.scores, dimensions, choice.rules)


def majority_scores(item: ExportItem) -> dict[Where, Fraction]:
    """The paper's rule: an adjudicated score, else the most frequent level; a tie gives none."""
    scores = {}
    for where, final in item.scores.items():
        if item.provenance[where] == Provenance.ADJUDICATED:
            scores[where] = final
            continue
        levels = [level for _, level in item.raters[where]]
        found = final_score(levels, rule=FinalScoreRule.MAJORITY).value
        if found is not None:
            scores[where] = found
    return scores


def _view(
    item: ExportItem,
    scores: Scores,
    dimensions: Dimensions,
    rules: PairOptions,
    rating: RaterRating | None = None,
) -> ScoredPairs:
    """All candidates of the item, or those that a rater saw."""
    seen = None if rating is None else {candidate for candidate, _ in rating.scores}
    scored = ScoredItem(
        item_id=item.facts["item_id"],
        candidates=tuple(
            ScoredCandidate(
                candidate["candidate_id"],
                candidate["generator"],
                candidate["image"]["sha256"],
                tuple(scores.get((candidate["id"], key)) for key in dimensions.names),
            )
            for candidate in item.facts["candidates"]
            if seen is None or candidate["id"] in seen
        ),
        source=item.facts["source_dataset"],
        split=item.split,
        rater="" if rating is None else rating.annotator,
    )
    return ScoredPairs(scores, build_item_pairs(scored, dimensions, rules))
