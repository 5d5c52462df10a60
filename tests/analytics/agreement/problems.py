"""Random ragged rating problems for property tests."""

import numpy as np
from hypothesis import strategies as st

MISSING = -1


@st.composite
def ragged_matrices(draw, max_units=12, max_raters=6, max_levels=6):
    """Draw (U × R matrix of level indices with -1 for missing, number of levels)."""
    n_levels = draw(st.integers(2, max_levels))
    n_units = draw(st.integers(1, max_units))
    n_raters = draw(st.integers(2, max_raters))
    seed = draw(st.integers(0, 2**32 - 1))
    missing = draw(st.sampled_from([0.0, 0.2, 0.5, 0.8]))
    noise = draw(st.sampled_from([0.0, 0.5, 2.0, 10.0]))
    rng = np.random.default_rng(seed)
    truth = rng.uniform(0, n_levels, n_units)
    noisy = truth[:, None] + rng.normal(0, noise, (n_units, n_raters))
    matrix = np.clip(np.floor(noisy), 0, n_levels - 1).astype(int)
    matrix[rng.random(matrix.shape) < missing] = MISSING
    return matrix, n_levels


def as_rows(matrix: np.ndarray) -> list[list[int | None]]:
    """The matrix with None for missing ratings."""
    return [[None if value == MISSING else int(value) for value in row] for row in matrix]
