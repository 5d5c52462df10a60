"""How long a rule on answers in a row takes to speak."""

import math

import numpy as np
import pytest

from analytics.raters.run_lengths import expected_until_run


def test_two_heads_in_a_row_take_six_tosses():
    assert expected_until_run(0.5, 2) == 6
    assert expected_until_run(0.5, 1) == 2
    assert expected_until_run(0.0, 3) == math.inf
    assert expected_until_run(1.0, 7) == 7
    assert expected_until_run(1 - 1e-12, 7) == pytest.approx(7)


def test_the_formula_is_the_mean_of_simulated_waits():
    rng = np.random.default_rng(4)
    waits = []
    for _ in range(3000):
        run = answers = 0
        while run < 3:
            answers += 1
            run = run + 1 if rng.random() < 0.6 else 0
        waits.append(answers)
    assert np.mean(waits) == pytest.approx(expected_until_run(0.6, 3), rel=0.05)


@pytest.mark.parametrize("wrong", [(-0.1, 2), (1.1, 2), (0.5, 0)])
def test_a_run_needs_a_probability_and_a_length(wrong):
    with pytest.raises(ValueError, match="no run"):
        expected_until_run(*wrong)
