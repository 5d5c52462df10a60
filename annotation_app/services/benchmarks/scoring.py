"""A judge's score sheet on a benchmark, as JSON, by the protocol of `analytics.benchmark`."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from string import ascii_uppercase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.benchmark.answers import AnsweredGroup, AnswerReport, score_answers
from analytics.benchmark.as_published.editreward_bench import (
    PublishedRow,
    score_answers_as_published,
    score_groups_as_published,
)
from analytics.benchmark.labels import TIES, LabelSpace, PairLabel, mirrored
from analytics.benchmark.position import SwapTrial, swap_report
from analytics.benchmark.report import score_benchmark
from analytics.benchmark.scoring import ScoredGroup, is_hit, pairs_of_groups
from analytics.ranking.accuracy import strict_hits, three_class_hits
from analytics.ranking.clusters import ClusteredShare, clustered_share
from analytics.ranking.labelled import LabelledPairs
from analytics.ranking.tie_threshold import cross_fit
from annotation_app.services.benchmarks.figures import ends, numbers, rows_to_json, share
from annotation_app.services.benchmarks.groups import (
    BENCHMARK,
    CALIBRATION,
    of_part,
    order_from_json,
)

FOLDS = 5
SIGN = {PairLabel.FIRST: 1, PairLabel.SECOND: -1}

Group = dict[str, Any]


def score_sheet(
    groups: Sequence[Group], predictions: Mapping[str, Sequence[float | None]], seed: int
) -> dict[str, Any]:
    """The sheet of a judge that scores candidates.

    The tie threshold comes from the calibration groups if the judge predicted any of them, else it
    is cross-fitted over items.
    """
    scored = _scored(of_part(groups, BENCHMARK), predictions)
    spare = [
        group for group in _scored(of_part(groups, CALIBRATION), predictions) if not group.failed
    ]
    calibration, _items = pairs_of_groups(spare)
    report = score_benchmark(scored, calibration, np.random.default_rng(seed))
    pairs, items = pairs_of_groups(scored)
    strict = clustered_share(strict_hits(pairs), items[~pairs.tied])
    hits = _tie_aware_hits(pairs, items, report.pairs.epsilon if spare else None, seed)
    return {
        "strict_rows": rows_to_json(report.strict_rows),
        "tied_rows": rows_to_json(report.tied_rows),
        "epsilon": numbers(report.pairs.epsilon),
        "epsilon_origin": report.pairs.origin.value,
        "pairs": _clustered(clustered_share(hits, items)),
        "strict_pairs": _clustered(strict),
        "pair_floors": {
            "always_tie": report.pairs.floors.always_tie.value,
            "random_score": float(report.pairs.floors.random_score),
            "random_score_strict": float(report.pairs.floors.random_score_strict),
        },
        "tau_b": {
            "value": report.tau_b.value,
            "cluster": _within_one(ends(report.tau_b.interval)),
            "groups": report.tau_b.observations,
        },
        "failed_groups": sum(group.failed for group in scored),
        "as_published": _published(score_groups_as_published(scored)),
        "right": {g.group_id: is_hit(g) for g in scored if g.order.is_strict},
    }


def answer_sheet(
    groups: Sequence[Group], answers: Mapping[str, Mapping[str, str | None]]
) -> dict[str, Any]:
    """The sheet of a judge that answers pair by pair: 3-class, 4-class and both orders."""
    part = of_part(groups, BENCHMARK)
    given = [_answered(group, answers.get(group["group_id"], {})) for group in part]
    three = score_answers(given, LabelSpace.THREE)
    trials = [
        trial
        for group, answered in zip(part, given, strict=True)
        for trial in _trials(answered, answers.get(group["group_id"], {}))
    ]
    published = score_answers_as_published((one.order, _signs(one)) for one in given)
    return {
        **_answer_figures(three),
        "four_class": _answer_figures(score_answers(given, LabelSpace.FOUR)),
        "swap": _swaps(trials),
        "failed_groups": sum(one.failed for one in given),
        "as_published": _published(published),
        "right": {
            one.group_id: list(one.answers) == list(one.human)
            for one in given
            if one.order.is_strict
        },
    }


def _scored(
    groups: Sequence[Group], predictions: Mapping[str, Sequence[float | None]]
) -> list[ScoredGroup]:
    scored = []
    for group in groups:
        nothing: list[float | None] = [None] * len(group["candidates"])
        given = predictions.get(group["group_id"], nothing)
        scores = tuple(float("nan") if one is None else float(one) for one in given)
        order = order_from_json(group)
        scored.append(ScoredGroup(group["group_id"], group["item_id"], order, scores))
    return scored


def _tie_aware_hits(
    pairs: LabelledPairs,
    items: NDArray[np.int64],
    epsilon: tuple[float, ...] | None,
    seed: int,
) -> NDArray[np.bool_]:
    if epsilon is not None:
        return three_class_hits(pairs, epsilon[0])
    return cross_fit(pairs, items, FOLDS, np.random.default_rng(seed)).hits


def _answered(group: Group, answers: Mapping[str, str | None]) -> AnsweredGroup:
    """The judge's label per pair, read from either order in which it was shown."""
    labels = tuple(_label(answers, i, j) for i, j in combinations(range(len(group["ranks"])), 2))
    return AnsweredGroup(group["group_id"], group["item_id"], order_from_json(group), labels)


def _label(answers: Mapping[str, str | None], i: int, j: int) -> PairLabel | None:
    shown = _shown(answers, i, j)
    return shown if _key(i, j) in answers else mirrored(_shown(answers, j, i))


def _shown(answers: Mapping[str, str | None], i: int, j: int) -> PairLabel | None:
    text = answers.get(_key(i, j))
    return PairLabel(text) if text else None


def _key(i: int, j: int) -> str:
    return f"{ascii_uppercase[i]},{ascii_uppercase[j]}"


def _trials(answered: AnsweredGroup, answers: Mapping[str, str | None]) -> list[SwapTrial]:
    """The pairs that the judge saw in both orders."""
    pairs = combinations(range(answered.order.k), 2)
    return [
        SwapTrial(human, _shown(answers, i, j), _shown(answers, j, i))
        for human, (i, j) in zip(answered.human, pairs, strict=True)
        if _key(i, j) in answers and _key(j, i) in answers
    ]


def _signs(group: AnsweredGroup) -> list[int | None]:
    return [None if label is None else SIGN.get(label, 0) for label in group.answers]


def _answer_figures(report: AnswerReport) -> dict[str, Any]:
    return {
        "strict_rows": rows_to_json(report.strict_rows),
        "tied_rows": rows_to_json(report.tied_rows),
        "pairs": _clustered(report.pairs),
        "strict_pairs": _clustered(report.strict_pairs),
    }


def _swaps(trials: list[SwapTrial]) -> dict[str, Any] | None:
    if not trials:
        return None
    report = swap_report(trials, LabelSpace.THREE)
    names = ("consistent", "consistent_accuracy", "better_left", "better_right", "picks_left")
    decided = sum(trial.human not in TIES for trial in trials)
    return {
        "pairs": report.pairs,
        "strict_pairs": decided,
        "gap": report.gap,
        **{name: share(getattr(report, name)) for name in names},
    }


def _clustered(found: ClusteredShare) -> dict[str, Any]:
    return share(found.share) | {"cluster": ends(found.interval), "items": found.clusters}


def _within_one(interval: list[float] | None) -> list[float] | None:
    """A correlation's interval, clipped to the range from -1 to 1."""
    return None if interval is None else [max(interval[0], -1.0), min(interval[1], 1.0)]


def _published(rows: Sequence[PublishedRow]) -> list[dict[str, Any]]:
    return [{"k": row.k, **share(row.accuracy)} for row in rows]
