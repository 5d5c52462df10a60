import json

import numpy as np
import pytest

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.report import agreement_summary
from analytics.estimates import Estimate, Interval, Reason
from analytics.scales import Scale
from analytics.tables import RatingTable

FOUR = Scale.of([1, 2, 3, 4])


def simulated(n_items: int = 30, n_raters: int = 6, seed: int = 1) -> RatingTable:
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=n_items).repeat(2) + rng.normal(size=2 * n_items)
    units = np.arange(2 * n_items).repeat(3)
    raters = np.argsort(rng.random((n_items, n_raters)), axis=1)[:, :3].repeat(2, axis=0).ravel()
    noisy = truth[units] + rng.normal(size=len(units))
    return RatingTable.from_indices(
        unit=units,
        rater=raters,
        level=np.digitize(noisy, [-1, 0, 1]),
        scale=FOUR,
        unit_item=np.arange(n_items).repeat(2),
    )


def test_counts_tell_units_overlap_items_and_raters():
    table = RatingTable.from_long(
        units=["a", "a", "b", "c"],
        raters=["x", "y", "x", "z"],
        values=[1, 2, 3, 4],
        items=["i", "i", "i", "j"],
        scale=FOUR,
    )
    summary = agreement_summary(table)
    assert (summary.n_units, summary.n_pairable, summary.n_items) == (3, 1, 1)
    assert (summary.n_raters, summary.n_ratings) == (3, 4)
    assert summary.share_single_rated == pytest.approx(2 / 3)


def test_an_empty_table_reports_no_overlap_everywhere():
    table = RatingTable.from_long(units=[], raters=[], values=[], scale=FOUR)
    report = agreement_summary(table).as_dict()
    assert report["n_units"] == 0
    assert report["share_single_rated"] is None
    assert report["krippendorff_alpha_ordinal"] is None
    assert report["reason"] == "no_overlap"


def test_under_five_items_there_is_a_value_but_no_interval():
    table = RatingTable.from_unit_rows([[1, 1], [2, 2], [3, 4], [4, 4]], FOUR)
    line = agreement_summary(table).headline
    assert line.estimate.value is not None
    assert line.items.reason is Reason.FEW_ITEMS
    assert line.annotators.reason is Reason.FEW_ITEMS


def test_perfect_agreement_has_no_interval_because_nothing_is_known_of_the_spread():
    table = RatingTable.from_unit_rows([[level, level] for level in (1, 2, 3, 4, 1, 2)], FOUR)
    line = agreement_summary(table).headline
    assert line.estimate.value == 1
    assert line.items.reason is Reason.NO_DISAGREEMENT


def test_two_annotators_are_too_few_for_the_second_interval():
    table = RatingTable.from_unit_rows([[1, 2], [2, 2], [3, 4], [4, 4], [1, 1], [2, 3]], FOUR)
    line = agreement_summary(table).headline
    assert line.items.bounds is not None
    assert line.annotators.reason is Reason.FEW_RATERS


def test_every_interval_holds_its_value_and_the_second_is_no_narrower():
    for coefficient, line in agreement_summary(simulated()).lines.items():
        low, high = line.items.bounds
        assert low < line.estimate.value < high, coefficient
        assert line.annotators.width >= line.items.width * 0.99, coefficient


def test_the_item_interval_is_the_delete_one_item_jackknife():
    table = simulated(n_items=12)
    values = []
    for item in range(12):
        kept = table.item != item
        rest = RatingTable.from_long(
            units=table.unit[kept].tolist(),
            raters=table.rater[kept].tolist(),
            values=table.values[kept].tolist(),
            items=table.item[kept].tolist(),
            scale=FOUR,
        )
        values.append(agreement_summary(rest).headline.estimate.value)
    scaled = np.arctanh(values)
    error = np.sqrt(11 / 12 * np.sum((scaled - scaled.mean()) ** 2))
    line = agreement_summary(table).headline
    centre = np.arctanh(line.estimate.value)
    student_11 = 2.200985
    assert line.items.bounds == pytest.approx(
        (np.tanh(centre - student_11 * error), np.tanh(centre + student_11 * error)), abs=1e-6
    )


def test_one_deciding_item_leaves_a_linearised_interval():
    rows = [[1, 1], [1, 1], [1, 1], [1, 1], [1, 1], [1, 4], [2, 2]]
    line = agreement_summary(RatingTable.from_unit_rows(rows, FOUR)).headline
    assert line.items.bounds is not None
    assert line.items.method.startswith("linearised")


def test_the_dictionary_is_json_with_null_and_a_reason_for_what_is_undefined():
    table = RatingTable.from_unit_rows([[2, 2]] * 6, FOUR)
    text = json.dumps(agreement_summary(table).as_dict(), allow_nan=False)
    report = json.loads(text)
    assert report["krippendorff_alpha_ordinal"] is None
    assert report["reason"] == "no_variation"
    assert report["reasons"]["fleiss_kappa"] == "no_variation"
    assert report["exact_agreement"] == 1
    assert {name.value for name in Coefficient} <= report.keys()


def test_complete_disagreement_has_no_interval_for_the_shares():
    rows = [[1, 4], [4, 1], [1, 4], [4, 1], [2, 4], [4, 2]]
    lines = agreement_summary(RatingTable.from_unit_rows(rows, FOUR)).lines
    assert lines[Coefficient.EXACT].estimate.value == 0
    assert lines[Coefficient.EXACT].items.reason is Reason.NO_AGREEMENT
    assert lines[Coefficient.ALPHA_ORDINAL].items.bounds is not None


def test_an_annotator_who_holds_all_overlap_leaves_the_second_interval_undefined():
    rows = [[1, 2, None], [2, None, 2], [3, 4, None], [4, None, 4], [1, 1, None], [2, None, 3]]
    line = agreement_summary(RatingTable.from_unit_rows(rows, FOUR)).headline
    assert line.items.bounds is not None
    assert line.annotators.reason is Reason.NOT_CONNECTED


def test_an_estimate_is_a_finite_value_or_a_reason():
    with pytest.raises(ValueError, match="either a value or a reason"):
        Estimate(None)
    with pytest.raises(ValueError, match="finite"):
        Estimate(float("inf"))
    assert Interval.undefined("m", Reason.FEW_ITEMS).width is None
