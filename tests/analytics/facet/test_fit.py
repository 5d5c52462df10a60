import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.stats import spearmanr

from analytics.facet.fit import FacetOptions, fit_facets
from analytics.facet.likelihood import Design, Priors, Quadrature, objective
from analytics.facet.parameters import FacetParameters, pack, recentred, start_values, unpack
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.raters.campaigns import FOUR

THRESHOLDS = np.array([-1.0, 0.0, 1.0])


def graded(n_items=500, candidates=4, n_raters=20, seed=3, spammers=()):
    """Ratings drawn from the model itself, with the truth."""
    rng = np.random.default_rng(seed)
    severity = rng.normal(0, 0.4, n_raters)
    sharpness = 2.0 * np.exp(rng.normal(0, 0.25, n_raters))
    sharpness[list(spammers)] = 0.0
    n_units = n_items * candidates
    quality = rng.normal(size=n_units)
    order = rng.random((n_items, n_raters)).argsort(axis=1)
    raters = order[:, :3].repeat(candidates, axis=0).reshape(-1)
    units = np.arange(n_units).repeat(3)
    gap = quality[units, None] - severity[raters, None] - THRESHOLDS
    above = 1 / (1 + np.exp(-sharpness[raters, None] * gap))
    level = (rng.random(len(units))[:, None] < above).sum(axis=1)
    table = RatingTable.from_indices(
        unit=units,
        rater=raters,
        level=level,
        scale=FOUR,
        unit_item=np.arange(n_items).repeat(candidates),
    )
    return table, severity, sharpness, quality


@pytest.fixture(scope="module")
def fitted():
    table, severity, sharpness, quality = graded()
    return table, severity, sharpness, quality, fit_facets(table)


def test_severities_and_discriminations_are_recovered(fitted):
    _, severity, sharpness, _, found = fitted
    assert found.converged
    assert np.corrcoef(found.severity, severity)[0, 1] > 0.97
    assert np.corrcoef(np.log(found.discrimination), np.log(sharpness))[0, 1] > 0.85
    assert found.thresholds == pytest.approx(THRESHOLDS + severity.mean(), abs=0.15)


def test_standard_errors_are_as_large_as_the_errors(fitted):
    _, severity, _, _, found = fitted
    errors = (found.severity - (severity - severity.mean())) / found.severity_error
    assert 0.6 < np.std(errors) < 1.5


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


def test_spammers_have_no_discrimination():
    table, *_ = graded(spammers=(0, 1))
    found = fit_facets(table)
    assert found.discrimination[:2].max() < 0.5 * found.discrimination[2:].min()


def test_severities_have_mean_zero_weighted_by_ratings(fitted):
    table, *_, found = fitted
    assert np.bincount(table.rater) @ found.severity == pytest.approx(0, abs=1e-6)


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

    def value(x):
        return objective(x, design, quadrature, Priors())[0]

    analytic = objective(vector, design, quadrature, Priors())[1]
    assert analytic == pytest.approx(approx_fprime(vector, value, 1e-6), abs=1e-3)


def test_moving_severities_into_the_thresholds_leaves_the_likelihood():
    table, *_ = graded(n_items=30)
    design, quadrature = Design.of(table), Quadrature.normal(9)
    flat = Priors(severity_sd=1e9)
    start = start_values(20, np.bincount(table.level).astype(float))
    shifted = FacetParameters(
        start.severity + 0.7, start.log_discrimination, start.thresholds - 0.7
    )
    back = recentred(shifted, np.ones(20))
    values = [objective(pack(p), design, quadrature, flat)[0] for p in (start, shifted, back)]
    assert values == pytest.approx([values[0]] * 3, rel=1e-9)


def test_packing_and_unpacking_are_inverse():
    start = FacetParameters(np.array([0.1, -0.1]), np.array([0.2, 0.3]), THRESHOLDS)
    again = unpack(pack(start), 2)
    assert again.thresholds == pytest.approx(THRESHOLDS)
    assert again.severity == pytest.approx(start.severity)


def test_unrated_units_have_no_score_and_one_rater_is_too_few():
    rows = [[1, 2], [None, None], [4, 3], [2, 2]]
    found = fit_facets(RatingTable.from_unit_rows(rows, FOUR), FacetOptions(n_nodes=9))
    assert found.score_thousandths[1] == -1
    assert (found.score_thousandths[[0, 2, 3]] >= 1000).all()
    with pytest.raises(ValueError, match="at least two raters"):
        fit_facets(RatingTable.from_unit_rows([[1], [2]], FOUR))
