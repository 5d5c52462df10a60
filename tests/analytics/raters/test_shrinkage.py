import numpy as np
import pytest

from analytics.raters.funnel import funnel
from analytics.raters.shrinkage import shrink


def test_equal_errors_shrink_by_the_share_of_noise():
    values = [-2.0, -1.0, 1.0, 2.0]
    found = shrink(values, [1.0] * 4)
    # Variance 10/3 of which 1 is noise: the values keep 7/10 of their distance.
    assert found.spread**2 == pytest.approx(10 / 3 - 1)
    assert found.values == pytest.approx(np.array(values) * 0.7)
    assert found.errors == pytest.approx([np.sqrt(0.7)] * 4)


def test_noise_alone_shrinks_everything_to_the_mean():
    found = shrink([0.1, -0.1, 0.05], [1.0, 1.0, 1.0])
    assert found.spread == 0
    assert found.values == pytest.approx([found.centre] * 3)


def test_two_raters_cannot_tell_spread_from_noise():
    assert shrink([0.0, 100.0], [1.0, 1.0]).spread == 0


def test_a_precise_value_moves_less_than_a_vague_one():
    found = shrink([3.0, 3.0, -3.0, -3.0, 0.0], [0.1, 2.0, 0.1, 2.0, 0.1])
    assert abs(found.values[0]) > abs(found.values[1])


@pytest.mark.parametrize(("values", "errors"), [([], []), ([1.0], [1.0, 2.0]), ([1.0], [0.0])])
def test_bad_input_is_refused(values, errors):
    with pytest.raises(ValueError, match="errors"):
        shrink(values, errors)


def test_honest_raters_leave_the_action_limits_about_two_times_in_a_thousand():
    rng = np.random.default_rng(4)
    outside = total = 0
    for _ in range(60):
        sizes = rng.integers(20, 200, 40)
        errors = 1 / np.sqrt(sizes)
        values = rng.normal(0, np.hypot(errors, 0.1))
        outside += sum(funnel(values, errors, sizes).outside_action)
        total += 40
    assert outside / total < 0.01


def test_a_bad_rater_is_outside_and_does_not_widen_the_limits():
    sizes = [50] * 19 + [50]
    errors = [0.1] * 20
    values = [0.02 * (i - 9) for i in range(19)] + [3.0]
    found = funnel(values, errors, sizes)
    assert found.outside_action == [False] * 19 + [True]
    assert found.curves.shape == (60, 4)
    assert (np.diff(found.curves, axis=1) > 0).all()


def test_a_wide_spread_is_found_beyond_the_first_bracket():
    found = shrink([-50.0, 0.0, 50.0, 40.0], [0.001, 0.001, 0.001, 0.001])
    assert found.spread == pytest.approx(np.std([-50, 0, 50, 40], ddof=1), rel=1e-3)
