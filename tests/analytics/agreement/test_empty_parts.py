"""What holds no rating, or none that meets another, changes no figure that does not count it."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.coefficients.conger import conger_kappa
from analytics.agreement.coefficients.distances import Metric
from analytics.agreement.coefficients.equal_share import equal_share
from analytics.agreement.coefficients.krippendorff import krippendorff_alpha
from analytics.agreement.coefficients.two_raters import table_kappa
from analytics.agreement.coefficients.weights import Weighting
from analytics.agreement.comparison.differences import bootstrap_difference, jackknife_difference
from analytics.agreement.inference.bootstrap import bootstrap_interval
from analytics.agreement.inference.evidence import gather
from analytics.agreement.report import agreement_summary
from analytics.agreement.sums.cluster_rows import item_rows
from analytics.agreement.sums.present_levels import on_present_levels
from analytics.planning.components import components_of
from analytics.scales import Scale
from analytics.tables import RatingTable

PAIRED = tuple(name for name in Coefficient if not name.uses_single_ratings)


@st.composite
def tables(draw):
    """Draw a ragged table of twelve items of two units, on a short or on a long scale."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_levels = draw(st.sampled_from([2, 4, 30]))
    n_raters = draw(st.integers(3, 5))
    truth = rng.uniform(0, n_levels, 24)
    noisy = truth[:, None] + rng.normal(0, n_levels / 6, (24, n_raters))
    level = np.clip(noisy, 0, n_levels - 1).astype(int)
    unit, rater = np.nonzero(rng.random((24, n_raters)) > draw(st.sampled_from([0.0, 0.4])))
    return RatingTable.from_indices(
        unit=unit,
        rater=rater,
        level=level[unit, rater],
        scale=Scale.of(range(n_levels)),
        unit_item=np.arange(24) // 2,
    )


def with_empty(table, rng):
    """The same ratings among units, items and raters that have none, in between and behind."""
    units = np.sort(rng.choice(table.n_units + 5, table.n_units, replace=False))
    items = np.sort(rng.choice(table.n_items + 4, table.n_items, replace=False))
    raters = np.sort(rng.choice(table.n_raters + 3, table.n_raters, replace=False))
    unit_item = rng.integers(0, table.n_items + 4, table.n_units + 5)
    unit_item[units] = items[table.unit_item]
    return replace(
        table,
        unit=units[table.unit],
        rater=raters[table.rater],
        level=table.level.copy(),
        unit_item=unit_item,
        unit_labels=range(table.n_units + 5),
        rater_labels=range(table.n_raters + 3),
        item_labels=range(table.n_items + 4),
    )


def with_singles(table):
    """The same ratings, and items of one rating each: they meet no other."""
    new = np.arange(4)
    return RatingTable.from_indices(
        unit=np.concatenate([table.unit, table.n_units + new]),
        rater=np.concatenate([table.rater, new % 2]),
        level=np.concatenate([table.level, new % len(table.scale)]),
        scale=table.scale,
        unit_item=np.concatenate([table.unit_item, table.n_items + new]),
    )


def close(value):
    return value if value is None else pytest.approx(value, abs=1e-10)


def bounds_of(interval):
    return (interval.method, interval.reason, interval.low, interval.high)


def same_interval(found, expected):
    one, other = bounds_of(found), bounds_of(expected)
    assert one[:2] == other[:2]
    assert one[2:] == (close(other[2]), close(other[3]))


def resampled(name, table):
    few = on_present_levels(table)
    rng = np.random.default_rng(3)
    return bootstrap_interval(name, item_rows(few), few.scale, rng, n_replicates=60)


@settings(max_examples=60, deadline=None)
@given(table=tables(), seed=st.integers(0, 2**32 - 1))
def test_units_items_and_raters_without_ratings_change_no_figure(table, seed):
    padded = with_empty(table, np.random.default_rng(seed))
    one, other = agreement_summary(table), agreement_summary(padded)
    assert (one.n_units, one.n_items, one.n_raters) == (
        other.n_units,
        other.n_items,
        other.n_raters,
    )
    for name in Coefficient:
        assert other.lines[name].estimate.value == close(one.lines[name].estimate.value)
        same_interval(other.lines[name].items, one.lines[name].items)
        same_interval(other.lines[name].annotators, one.lines[name].annotators)
        same_interval(resampled(name, padded), resampled(name, table))
    for weighting in Weighting:
        expected, found = conger_kappa(table, weighting), conger_kappa(padded, weighting)
        assert found.estimate.value == close(expected.estimate.value)
        assert found.standard_error == close(expected.standard_error)
    assert planned(padded) == planned(table)
    assert equal_share(padded) == close(equal_share(table))


def planned(table):
    found = components_of(gather(table))
    return found if found is None else (close(found.per_item), close(found.per_annotator))


@settings(max_examples=40, deadline=None)
@given(table=tables(), seed=st.integers(0, 2**32 - 1))
def test_nor_do_they_change_differences(table, seed):
    half = table.keep(table.item % 2 == 0)
    first = jackknife_difference(Coefficient.ALPHA_ORDINAL, table, half)
    second = jackknife_difference(
        Coefficient.ALPHA_ORDINAL, table, with_empty(half, np.random.default_rng(seed))
    )
    assert second.estimate.value == close(first.estimate.value)


@settings(max_examples=60, deadline=None)
@given(table=tables())
def test_units_of_one_rating_change_nothing_that_rests_on_pairs(table):
    padded = with_singles(table)
    one, other = agreement_summary(table), agreement_summary(padded)
    assert (one.n_pairable, one.n_items) == (other.n_pairable, other.n_items)
    for name in PAIRED:
        assert other.lines[name].estimate.value == close(one.lines[name].estimate.value)
        same_interval(other.lines[name].items, one.lines[name].items)
        same_interval(resampled(name, padded), resampled(name, table))
    for metric in (Metric.ORDINAL, Metric.NOMINAL, Metric.INTERVAL, Metric.RATIO):
        expected = krippendorff_alpha(table, metric).value
        assert krippendorff_alpha(padded, metric).value == close(expected)
    kappa = table_kappa(table, 0, 1, Weighting.QUADRATIC)
    found = table_kappa(padded, 0, 1, Weighting.QUADRATIC)
    assert found.estimate.value == close(kappa.estimate.value)
    assert found.standard_error == close(kappa.standard_error)
    for draw in (jackknife_difference, drawn_difference):
        found = draw(Coefficient.ALPHA_ORDINAL, padded, padded)
        assert found.n_items == draw(Coefficient.ALPHA_ORDINAL, table, table).n_items


def drawn_difference(name, first, second):
    return bootstrap_difference(name, first, second, np.random.default_rng(1), n_replicates=20)


def test_but_they_count_in_what_gwet_makes_of_all_rated_units():
    # pa = 2/3 of three pairs; the margins of four units are 5/8 and 3/8: pe = 34/64.
    rows = [[1, 1], [1, 2], [2, 2], [1, None]]
    summary = agreement_summary(RatingTable.from_unit_rows(rows, Scale.of([1, 2])))
    found = summary.lines[Coefficient.FLEISS].estimate.value
    assert found == pytest.approx((2 / 3 - 34 / 64) / (1 - 34 / 64))


def test_congers_standard_error_is_that_of_the_rated_units_by_hand():
    # 4 of 6 agree; margins 2/3, 1/3 and 1/3, 2/3: pe = 4/9, κ = 2/5. A unit's own chance is 1/2
    # where it agrees, else 1/3: terms 1 - 1.2 · 0.1 and -0.8 + 1.2 · 0.2, squares 2.7648 about 0.4.
    rows = [[1, 1], [1, 1], [2, 2], [2, 2], [1, 2], [1, 2]]
    two = Scale.of([1, 2])
    bare = conger_kappa(RatingTable.from_unit_rows(rows, two), Weighting.IDENTITY)
    more = [*rows, [None, None], [None, None], [None, None]]
    padded = conger_kappa(RatingTable.from_unit_rows(more, two), Weighting.IDENTITY)
    assert bare.estimate.value == padded.estimate.value == pytest.approx(2 / 5)
    assert bare.standard_error == pytest.approx(math.sqrt(2.7648 / (6 * 5)))
    assert padded.standard_error == bare.standard_error
