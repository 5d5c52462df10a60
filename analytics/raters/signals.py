"""Signals from the panel: which annotators are outliers, how certainly, in one plain sentence."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from analytics.limits import FEWEST_FOR_POOL
from analytics.raters.funnel import funnel
from analytics.raters.panel import RaterLine
from analytics.raters.rest_of_raters import VersusStatistic


@dataclass(frozen=True)
class Signal:
    """One annotator beyond the action limits of one figure.

    Attributes:
        statistic: which figure.
        value: the annotator's.
        centre: the pool's.
        score: deviation in standard errors, the pool's own spread included.
        n_items: items that the figure is based on.
        sentence: what it means, in plain words.
    """

    statistic: VersusStatistic
    value: float
    centre: float
    score: float
    n_items: int
    sentence: str


Sentence = Callable[[float], str]
SENTENCES: Mapping[VersusStatistic, tuple[bool, bool, Sentence]] = {
    VersusStatistic.ALPHA: (
        True,
        False,
        lambda _: "Agrees with others less than most annotators do.",
    ),
    VersusStatistic.REST_CORRELATION: (
        True,
        False,
        lambda _: "Distinguishes good and bad edits less well than most annotators do.",
    ),
    VersusStatistic.SEVERITY: (
        True,
        True,
        lambda score: (
            f"Rates {'lower' if score > 0 else 'higher'} than the others on the same edits."
        ),
    ),
}


def panel_signals(panel: Mapping[Hashable, RaterLine]) -> dict[Hashable, list[Signal]]:
    """Find the annotators beyond the 99.8 % funnel limits, the strongest signal first.

    Empty with fewer than five annotators with intervals: outliers can only be defined against a
    pool.
    """
    found: dict[Hashable, list[Signal]] = {}
    for statistic in SENTENCES:
        for label, signal in _signals(statistic, panel):
            found.setdefault(label, []).append(signal)
    for signals in found.values():
        signals.sort(key=lambda signal: -abs(signal.score))
    return found


def _signals(
    statistic: VersusStatistic, panel: Mapping[Hashable, RaterLine]
) -> list[tuple[Hashable, Signal]]:
    low, high, sentence = SENTENCES[statistic]
    rows = [
        (label, figure.estimate.value, figure.interval.standard_error, figure.n_items)
        for label, figure in ((label, line.against[statistic]) for label, line in panel.items())
        if figure.estimate.value is not None and figure.interval.standard_error
    ]
    if len(rows) < FEWEST_FOR_POOL:
        return []
    made = funnel([r[1] for r in rows], [r[2] or 0.0 for r in rows], [r[3] for r in rows])
    return [
        (label, Signal(statistic, value, made.centre, float(score), n_items, sentence(score)))
        for (label, value, _, n_items), score, outside in zip(
            rows, made.scores.tolist(), made.outside_action, strict=True
        )
        if outside and ((low and score < 0) or (high and score > 0))
    ]
