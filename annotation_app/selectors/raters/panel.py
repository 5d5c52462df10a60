"""Every annotator against the others, with the funnel that shows outliers."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analytics.limits import FEWEST_FOR_POOL
from analytics.raters.funnel import Funnel, funnel
from analytics.raters.panel import RaterLine, rater_panel
from analytics.raters.rest_of_raters import VersusStatistic
from analytics.raters.signals import Signal, panel_signals
from annotation_app.models import User
from annotation_app.selectors.agreement.live.cache import MOST_READINGS
from annotation_app.selectors.agreement.live.figures import LiveAgreement

ALPHA = VersusStatistic.ALPHA


@dataclass(frozen=True, eq=False)
class RaterRow:
    """An annotator on one dimension.

    Attributes:
        user: the annotator.
        line: figures with intervals.
        signals: the figures in which they are outliers, the strongest first.
    """

    user: User
    line: RaterLine
    signals: Sequence[Signal]


def rater_rows(live: LiveAgreement, dimension: str, users: Mapping[int, User]) -> list[RaterRow]:
    """Report each annotator with ratings, lowest upper bound of α first.

    Args:
        live: the reading; annotators are compared over the whole campaign.
        dimension: not the overall, which keeps no annotators' sums.
        users: people by id.
    """
    panel, signals = _panel(live, dimension)
    rows = [
        RaterRow(users[key], line, signals.get(key, []))
        for key, line in panel.items()
        if isinstance(key, int) and key in users
    ]
    return sorted(rows, key=_surely_worst)


def annotator_ids(live: LiveAgreement) -> list[int]:
    """User ids of everyone with ratings."""
    found = {one for key in live.dimensions for one in live.pooled.annotators(key)}
    return sorted(found)


def rater_funnel(rows: Sequence[RaterRow]) -> Funnel | None:
    """The funnel of α against the others; None with fewer than five annotators with intervals."""
    known = [
        (figure.estimate.value, figure.interval.standard_error, figure.n_items)
        for figure in (row.line.against[ALPHA] for row in rows)
        if figure.estimate.value is not None and figure.interval.standard_error
    ]
    if len(known) < FEWEST_FOR_POOL:
        return None
    return funnel([one[0] for one in known], [one[1] for one in known], [one[2] for one in known])


@lru_cache(maxsize=4 * MOST_READINGS)
def _panel(
    live: LiveAgreement, dimension: str
) -> tuple[Mapping[Hashable, RaterLine], Mapping[Hashable, Sequence[Signal]]]:
    if live.pooled.keeps_ratings(dimension):
        return {}, {}
    panel = rater_panel(live.pooled.moments(dimension))
    return panel, panel_signals(panel)


def _surely_worst(row: RaterRow) -> tuple[bool, float, str]:
    figure = row.line.against[ALPHA]
    if figure.estimate.value is None:
        return True, 0.0, row.user.username
    bounds = figure.interval.bounds
    return False, bounds[1] if bounds else figure.estimate.value, row.user.username
