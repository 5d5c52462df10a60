"""The facet model on ratings drawn from it, with and without raters who ignore quality."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import spearmanr

from analytics.facet.errors import RaterErrors, severities
from analytics.facet.fit import Z, fit_facets
from analytics.facet.information import (
    cell_scores,
    observed_information,
    rating_scores,
    summed_scores,
)
from analytics.facet.likelihood import Design, Priors, Quadrature, curves, objective, posterior
from analytics.facet.parameters import (
    FacetParameters,
    average_rater,
    pack,
    recentred,
    start_values,
    unpack,
)
from analytics.facet.search import FacetOptions
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.raters.campaigns import FOUR

THRESHOLDS = np.array([-2.0, 0.0, 2.0])
SPAM = {"spammers": (0, 1), "always": {2: 1, 3: 3}}


def graded(n_items=500, candidates=4, n_raters=20, seed=3, spammers=(), always=()):
    """Ratings drawn from the model itself, with the truth: severity around the average rater's.

    `spammers` answer at random, uniformly; each rater of `always` has one level for everything.
    """
    rng = np.random.default_rng(seed)
    location = rng.normal(0, 0.8, n_raters)
    sharpness = 2.0 * np.exp(rng.normal(0, 0.25, n_raters))
    n_units = n_items * candidates
    quality = rng.normal(size=n_units)
    order = rng.random((n_items, n_raters)).argsort(axis=1)
    raters = order[:, :3].repeat(candidates, axis=0).reshape(-1)
    units = np.arange(n_units).repeat(3)
    logit = sharpness[raters] * quality[units] - location[raters]
    above = 1 / (1 + np.exp(THRESHOLDS - logit[:, None]))
    level = (rng.random(len(units))[:, None] < above).sum(axis=1)
    for rater, constant in (*((one, None) for one in spammers), *dict(always).items()):
        mine = raters == rater
        level[mine] = rng.integers(0, 4, mine.sum()) if constant is None else constant
        sharpness[rater] = 0.0
    table = RatingTable.from_indices(
        unit=units,
        rater=raters,
        level=level,
        scale=FOUR,
        unit_item=np.arange(n_items).repeat(candidates),
    )
    weights = np.bincount(raters) * sharpness
    location -= weights @ location / weights.sum()
    with np.errstate(divide="ignore"):
        return table, location / sharpness, sharpness, quality


@pytest.fixture(scope="module")
def fitted():
    table, severity, sharpness, quality = graded()
    return table, severity, sharpness, quality, fit_facets(table)


def test_severities_and_discriminations_are_recovered(fitted):
    _, severity, sharpness, _, found = fitted
    assert found.converged
    assert np.corrcoef(found.severity, severity)[0, 1] > 0.97
    assert np.corrcoef(np.log(found.discrimination), np.log(sharpness))[0, 1] > 0.85
    assert np.diff(found.thresholds) == pytest.approx([2.0, 2.0], abs=0.15)
    assert not found.is_aside.any()


def test_facet_scores_order_candidates_better_than_their_means(fitted):
    table, _, _, quality, found = fitted
    mean = np.bincount(table.unit, weights=table.values) / 3
    assert (
        spearmanr(found.score_thousandths, quality).statistic
        > spearmanr(mean, quality).statistic + 0.01
    )
    assert found.score_thousandths.dtype == np.int64
    assert found.score_thousandths.min() >= 1000
    assert found.score_thousandths.max() <= 4000
    assert found.level_entropy.min() >= 0
    assert found.level_entropy.max() <= 2


def test_random_and_constant_raters_are_set_aside_and_have_no_severity():
    table, *_ = graded(**SPAM)
    found = fit_facets(table)
    assert np.flatnonzero(found.is_aside).tolist() == [0, 1, 2, 3]
    assert np.abs(found.discrimination[:2]).max() < 0.25
    assert np.isinf(found.severity_error[:4]).all()
    assert (found.severity_low[:4] == -np.inf).all()
    assert (found.severity_high[:4] == np.inf).all()
    # one level says nothing of what other levels would depend on
    assert np.isinf(found.discrimination_error).tolist() == [False] * 2 + [True] * 2 + [False] * 16
    assert np.isfinite(found.severity_error[4:]).all()


def test_random_and_constant_raters_do_not_bend_the_others_figures():
    table, _, _, quality = graded(**SPAM)
    honest = table.keep(table.rater > 3)
    both, alone = fit_facets(table), fit_facets(honest)
    for name in ("severity", "discrimination"):
        assert getattr(both, name)[4:] == pytest.approx(getattr(alone, name)[4:], abs=5e-3)
    assert (
        np.abs(both.score_thousandths - alone.score_thousandths)[alone.quality_sd < 0.9].max() < 6
    )
    assert spearmanr(both.quality, quality).statistic > 0.8


def test_raters_without_quality_at_all_are_fitted_without_an_error():
    rng = np.random.default_rng(5)
    table = RatingTable.from_unit_rows(rng.integers(1, 5, (150, 6)).tolist(), FOUR)
    found = fit_facets(table)
    assert np.isfinite(found.discrimination).all()
    assert np.isfinite(found.quality).all()


def test_a_rater_who_reads_the_scale_backwards_has_a_negative_discrimination():
    table, *_ = graded()
    level = np.where(table.rater == 7, 3 - table.level, table.level)
    found = fit_facets(replace(table, level=level))
    assert found.discrimination[7] + 3 * found.discrimination_error[7] < 0
    assert np.delete(found.discrimination, 7).min() > 0


def test_intervals_of_95_percent_hold_the_truth_about_that_often():
    severity, discrimination, random = [], [], []
    for seed in range(60):
        table, truth, sharpness, _ = graded(150, 4, 12, seed=seed, **SPAM)
        found = fit_facets(table)
        severity.append((found.severity_low <= truth) & (truth <= found.severity_high))
        near = np.abs(found.discrimination - sharpness) <= Z * found.discrimination_error
        discrimination.append(near[4:])
        random.append(near[:2])
    # 480 intervals of eight honest raters, 120 of two random ones: three standard errors
    assert 0.91 < np.mean([held[4:] for held in severity]) < 0.98
    assert 0.91 < np.mean(discrimination) < 0.98
    assert np.mean(random) > 0.88


def test_severities_have_mean_zero_weighted_by_ratings_and_squared_discrimination(fitted):
    table, *_, found = fitted
    weights = np.bincount(table.rater) * np.square(found.discrimination)
    assert weights @ found.severity == pytest.approx(0, abs=1e-6 * weights.sum())


def test_the_same_table_gives_the_same_fit():
    table, *_ = graded(n_items=60)
    one, other = fit_facets(table), fit_facets(table)
    assert (one.score_thousandths == other.score_thousandths).all()


@pytest.mark.parametrize("n_levels", [2, 3, 6])
def test_the_gradient_is_the_numerical_one(n_levels):
    rng = np.random.default_rng(n_levels)
    rows = rng.integers(0, n_levels, (12, 4)).astype(object)
    rows[rng.random(rows.shape) < 0.3] = None
    table = RatingTable.from_unit_rows(rows.tolist(), Scale.of(range(n_levels)))
    design, quadrature = Design.of(table), Quadrature.normal(9)
    vector = rng.normal(0, 0.3, 2 * 4 + n_levels - 1)
    vector[:4] += 1.0

    def value(x):
        return objective(x, design, quadrature, Priors())[0]

    analytic = objective(vector, design, quadrature, Priors())[1]
    step = 1e-6 * np.eye(len(vector))
    numeric = [(value(vector + one) - value(vector - one)) / 2e-6 for one in step]
    assert analytic == pytest.approx(numeric, abs=1e-6)


def test_moving_locations_into_the_thresholds_leaves_the_posterior():
    table, *_ = graded(n_items=30)
    design, quadrature = Design.of(table), Quadrature.normal(9)
    start = start_values(20, np.bincount(table.level).astype(float))
    shifted = FacetParameters(start.discrimination, start.location + 0.7, start.thresholds - 0.7)
    back = recentred(shifted, np.ones(20))
    values = [objective(pack(p), design, quadrature, Priors())[0] for p in (start, shifted, back)]
    assert values == pytest.approx([values[0]] * 3, rel=1e-9)
    assert back.location == pytest.approx(start.location, abs=1e-12)


def test_packing_and_unpacking_are_inverse():
    start = FacetParameters(np.array([0.2, -0.3]), np.array([0.1, -0.1]), THRESHOLDS)
    again = unpack(pack(start), 2)
    assert again.thresholds == pytest.approx(THRESHOLDS)
    assert again.location == pytest.approx(start.location)
    assert again.discrimination == pytest.approx(start.discrimination)


def test_the_average_rater_has_no_part_of_who_does_not_discriminate():
    raters = FacetParameters(np.array([2.0, 1.0, 0.0]), np.array([1.0, -2.0, 9.0]), THRESHOLDS)
    average = average_rater(raters, np.array([10.0, 10.0, 80.0]))
    # weights 2/3 and 1/3
    assert average.discrimination == pytest.approx([5 / 3])
    assert average.location == pytest.approx([0.0])


def test_the_observed_information_is_minus_the_derivative_of_the_gradient():
    table, *_ = graded(n_items=40, n_raters=6)
    design, quadrature = Design.of(table), Quadrature.normal(15)
    rng = np.random.default_rng(1)
    point = np.concatenate([rng.normal(1.5, 0.4, 6), rng.normal(0, 0.5, 6), THRESHOLDS])

    def score(vector):
        found = curves(FacetParameters(vector[:6], vector[6:12], vector[12:]), quadrature.nodes)
        weights, _ = posterior(design, found, quadrature)
        rows = rating_scores(table, cell_scores(found, quadrature.nodes), weights)
        units = summed_scores(table.unit, table.n_units, table.rater, rows, 6)
        return found, weights, units

    found, weights, by_unit = score(point)
    information = observed_information(design, found, weights, quadrature, by_unit)
    step = 1e-5 * np.eye(15)
    numeric = [
        (score(point - one)[2].sum(axis=0) - score(point + one)[2].sum(axis=0)) / 2e-5
        for one in step
    ]
    assert information == pytest.approx(np.array(numeric), abs=1e-5)


def test_fieller_bounds_are_those_of_the_ratio_and_open_where_the_slope_is_not_sure():
    raters = FacetParameters(np.array([2.0, 0.3]), np.array([1.0, 0.3]), THRESHOLDS)
    errors = RaterErrors(np.full(2, 0.04), np.full(2, 0.01), np.zeros(2))
    found = severities(raters, errors, np.ones(2, dtype=bool), 2.0)
    # (1 - 2b)² = 4 (0.01 + 0.04 b²): 3.84 b² - 4 b + 0.96 = 0
    assert found.low[0] == pytest.approx((4 - np.sqrt(16 - 4 * 3.84 * 0.96)) / (2 * 3.84))
    assert found.high[0] == pytest.approx((4 + np.sqrt(16 - 4 * 3.84 * 0.96)) / (2 * 3.84))
    assert found.error[0] == pytest.approx(np.sqrt(0.01 + 0.25 * 0.04) / 2)
    # 0.3 is less than two errors of 0.2 from zero
    assert (found.value[1], found.error[1]) == (0.0, np.inf)


def test_unrated_units_have_no_score_and_one_rater_is_too_few():
    rows = [[1, 2], [None, None], [4, 3], [2, 2]]
    found = fit_facets(RatingTable.from_unit_rows(rows, FOUR), FacetOptions(n_nodes=9))
    assert found.score_thousandths[1] == -1
    assert (found.score_thousandths[[0, 2, 3]] >= 1000).all()
    with pytest.raises(ValueError, match="at least two raters"):
        fit_facets(RatingTable.from_unit_rows([[1], [2]], FOUR))
