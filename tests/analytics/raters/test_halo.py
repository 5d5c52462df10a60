import numpy as np
import pytest

from analytics.estimates import Reason
from analytics.raters.halo import halo
from analytics.tables import RatingTable
from tests.analytics.raters.campaigns import FOUR, campaign


def test_a_rater_who_copies_one_dimension_into_the_other_stands_out():
    first = campaign(n_items=200, seed=1).table
    second = campaign(n_items=200, seed=2).table
    label = first.rater_labels[0]
    level = second.level.copy()
    raters = np.array(first.rater_labels)[first.rater]
    level = np.random.default_rng(0).integers(0, 4, len(first.level))
    level[raters == label] = first.level[raters == label]
    other = RatingTable.from_long(
        units=first.unit.tolist(),
        raters=raters.tolist(),
        values=(level + 1).tolist(),
        items=first.item.tolist(),
        scale=FOUR,
    )
    found = halo(first, other)
    assert found[label].estimate.value == pytest.approx(1, abs=0.1)
    assert found[label].interval.low > 0.8
    for honest in first.rater_labels[1:]:
        low, high = found[honest].interval.bounds
        assert low < found[honest].estimate.value < high
        assert found[honest].estimate.value < 0.2


def test_constant_or_absent_ratings_have_a_reason():
    first = RatingTable.from_unit_rows([[1, 2], [2, 3], [3, 1]], FOUR)
    second = RatingTable.from_unit_rows([[2, 2], [2, 3], [2, 1]], FOUR)
    found = halo(first, second)
    assert found[0].estimate.reason is Reason.NO_VARIATION
    lonely = halo(first, RatingTable.from_unit_rows([[2, None], [2, None]], FOUR))
    assert lonely[1].estimate.reason is Reason.NO_OVERLAP


def test_few_items_give_a_value_without_an_interval():
    first = RatingTable.from_unit_rows([[1, 2], [2, 3], [3, 1]], FOUR)
    second = RatingTable.from_unit_rows([[2, 2], [3, 3], [4, 1]], FOUR)
    figure = halo(first, second)[0]
    assert figure.estimate.value == pytest.approx(1 - 1)
    assert figure.interval.reason is Reason.FEW_ITEMS
