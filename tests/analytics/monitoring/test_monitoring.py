import numpy as np
import pytest

from analytics.estimates import Estimate, Interval, Reason
from analytics.monitoring.gates import GateStatus, gate_status
from analytics.tables import RatingTable
from tests.analytics.raters.campaigns import FOUR, campaign


def worsening(n_items=240, from_item=150, seed=1):
    """Ratings that turn random from one item on."""
    table = campaign(n_items=n_items, seed=seed).table
    rng = np.random.default_rng(seed)
    late = (table.item >= from_item) & (rng.random(table.n_ratings) < 0.7)
    level = table.level.copy()
    level[late] = rng.integers(0, 4, int(late.sum()))
    return RatingTable.from_indices(
        unit=table.unit, rater=table.rater, level=level, scale=FOUR, unit_item=table.unit_item
    )


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (0.70, 0.80, GateStatus.PASSED),
        (0.60, 0.75, GateStatus.OPEN),
        (0.50, 0.66, GateStatus.FAILED),
    ],
)
def test_a_gate_looks_at_the_bounds(low, high, status):
    interval = Interval(low, high, "test")
    assert gate_status(Estimate(0.68), interval, 0.667).status is status


def test_a_gate_without_an_interval_is_unknown():
    interval = Interval.undefined("test", Reason.FEW_ITEMS)
    assert gate_status(Estimate(0.9), interval, 0.667).status is GateStatus.UNKNOWN
