"""The charts of a model card, from its facts. Only the card calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from typing import Any

from analytics.overall import OVERALL
from modeling.trainer.charts import Line, Reach, interval_chart, unit_chart

_COLOURS = ("#1b6ca8", "#c8553d", "#3c8d5a", "#8a5aab", "#b58900", "#5b5b5b")
_DASHED = "4 4"
_DASHES = (("", _DASHED), ("12 3", "1 4"), ("12 3 2 3", "2 8"))
_STYLES = [(colour, *dashes) for dashes in _DASHES for colour in _COLOURS]
"""A scale's colour and the dashes of its main and its second curve, alike only from the 19th on."""


def reliability_chart(evaluation: Mapping[str, Any]) -> str:
    """Predicted against observed wins, a curve per scale."""
    lines = [Line("honest", ((0.0, 0.0), (1.0, 1.0)), "#999", _DASHED)]
    scales = zip(cycle(_STYLES), evaluation["reliability"].items(), strict=False)
    for (colour, dash, _), (key, figures) in scales:
        if figures is not None:
            points = [(each["predicted"], each["observed"]) for each in figures["curve"]]
            lines.append(Line(key, points, colour, dash))
    return unit_chart(
        title="Reliability of predicted wins", across="predicted", up="observed", lines=lines
    )


def risk_chart(evaluation: Mapping[str, Any]) -> str:
    """Error among the most confident pairs of the overall."""
    risk = evaluation["risk_coverage"]
    points = [] if risk is None else list(zip(risk["coverage"], risk["risk"], strict=True))
    return unit_chart(
        title="Error among the most confident pairs",
        across="share of pairs kept",
        up="error",
        lines=[Line(OVERALL, points, _COLOURS[0])],
        top=0.5,
    )


def sigma_chart(evaluation: Mapping[str, Any]) -> str:
    """How far off the model is, and how far apart the raters, from the smallest σ to the largest.

    Bins hold equal numbers of candidates; a σ that means something makes the curves rise.
    """
    lines = []
    scales = zip(cycle(_STYLES), evaluation["spread"].items(), strict=False)
    for (colour, dash, second_dash), (key, spread) in scales:
        bins = spread["bins"]
        shares = [(index + 0.5) / len(bins) for index in range(len(bins))]
        errors = [each["error"] for each in bins]
        deviations = [each["human_sd"] for each in bins]
        lines.append(Line(f"{key}: error", list(zip(shares, errors, strict=True)), colour, dash))
        known = [pair for pair in zip(shares, deviations, strict=True) if pair[1] is not None]
        if known:
            lines.append(Line(f"{key}: sd of raters", known, colour, second_dash))
    highest = max((y for line in lines for _, y in line.points), default=1.0)
    return unit_chart(
        title="Does σ predict the error?",
        across="candidates by ascending σ",
        up="levels",
        lines=lines,
        top=max(highest * 1.1, 0.1),
    )


def accuracy_chart(evaluation: Mapping[str, Any]) -> str:
    """Strict accuracy with intervals: each scale, then the overall in every slice."""
    return interval_chart(title="Pairs in the right order", rows=list(_reaches(evaluation)))


def _reaches(evaluation: Mapping[str, Any]) -> Iterator[Reach]:
    for key, scale in evaluation["accuracy"].items():
        yield from _reach(key, scale["strict"])
    for slice_name, labels in evaluation["slices"].items():
        for label, scales in labels.items():
            if OVERALL in scales:
                yield from _reach(f"{slice_name}: {label or '(none)'}", scales[OVERALL])


def _reach(label: str, share: Mapping[str, Any]) -> Iterator[Reach]:
    counts, interval = share["share"], share["interval"]
    if counts["total"]:
        bounds = None if interval is None else (interval["low"], interval["high"])
        yield Reach(label, counts["correct"] / counts["total"], bounds)


CHARTS: dict[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
    "accuracy.svg": ("Accuracy", accuracy_chart),
    "reliability.svg": ("Reliability", reliability_chart),
    "sigma_error.svg": ("σ and error", sigma_chart),
    "risk_coverage.svg": ("Risk and coverage", risk_chart),
}
"""File name to its alternative text and the function that draws it from the evaluation."""
