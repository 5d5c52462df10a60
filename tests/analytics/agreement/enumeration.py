"""Coefficients by enumerating all declared levels, as the definitions say; for tests alone.

Nothing here is shared with `analytics`: units are lists of places among the declared levels, each
with a weight, one unless a test says otherwise.
"""

import numpy as np
from hypothesis import strategies as st

METRICS = ("ordinal", "nominal", "interval", "ratio")


def coincidences(units, weights, n_levels):
    """(V, V) Krippendorff's coincidence matrix."""
    matrix = np.zeros((n_levels, n_levels))
    for ratings, weight in zip(units, weights, strict=True):
        for i, one in enumerate(ratings):
            for j, other in enumerate(ratings):
                if i != j:
                    matrix[one, other] += weight / (len(ratings) - 1)
    return matrix


def alpha(units, values, metric, weights=None):
    """Krippendorff's α over every pair of declared levels, empty ones too."""
    weights = np.ones(len(units)) if weights is None else weights
    matrix = coincidences(units, weights, len(values))
    margins = matrix.sum(axis=1)
    observed = expected = 0.0
    for low in range(len(values)):
        for high in range(low + 1, len(values)):
            if metric == "nominal":
                distance = 1.0
            elif metric == "ordinal":
                inner = margins[low : high + 1].sum()
                distance = (inner - (margins[low] + margins[high]) / 2) ** 2
            elif metric == "interval":
                distance = (values[high] - values[low]) ** 2
            else:
                distance = ((values[high] - values[low]) / (values[high] + values[low])) ** 2
            observed += matrix[low, high] * distance
            expected += margins[low] * margins[high] * distance
    if expected == 0:
        return None
    return 1 - (margins.sum() - 1) * observed / expected


def weight_matrix(name, values):
    """(V, V) agreement weights of the declared levels."""
    places, numbers = np.arange(len(values)), np.asarray(values)
    if name == "identity":
        return np.eye(len(values))
    if name == "within_one":
        return (np.abs(places[:, None] - places) <= 1).astype(float)
    gap = (numbers[:, None] - numbers) / (numbers[-1] - numbers[0])
    return 1 - gap**2 if name == "quadratic" else 1 - np.abs(gap)


def observed(units, matrix, weights=None):
    """Mean share of agreeing pairs over the units with two ratings; None without any."""
    total = number = 0.0
    weights = np.ones(len(units)) if weights is None else weights
    for ratings, weight in zip(units, weights, strict=True):
        m = len(ratings)
        if m < 2:
            continue
        pairs = [(i, j) for i in range(m) for j in range(m) if i != j]
        share = sum(matrix[ratings[i], ratings[j]] for i, j in pairs)
        total += weight * share / (m * (m - 1))
        number += weight
    return total / number if number else None


def shares(units, n_levels, weights=None):
    """(V,) mean level shares of the rated units."""
    weights = np.ones(len(units)) if weights is None else weights
    total, number = np.zeros(n_levels), 0.0
    for ratings, weight in zip(units, weights, strict=True):
        if ratings:
            total += weight * np.bincount(ratings, minlength=n_levels) / len(ratings)
            number += weight
    return total / number


def chance_corrected(units, values, name, weights=None):
    """Value of a weighted coefficient by its name in reports; None where undefined."""
    kind = {"gwet_ac2": "quadratic", "within_one_agreement": "within_one"}.get(name, "identity")
    matrix = weight_matrix(kind, values)
    agreement = observed(units, matrix, weights)
    if agreement is None or name in {"exact_agreement", "within_one_agreement"}:
        return agreement
    n_levels, margins = len(values), shares(units, len(values), weights)
    if name == "fleiss_kappa":
        chance = margins @ matrix @ margins
    elif name == "brennan_prediger":
        chance = matrix.sum() / n_levels**2
    else:
        chance = matrix.sum() / (n_levels * (n_levels - 1)) * (margins * (1 - margins)).sum()
    return None if abs(1 - chance) < 1e-12 else (agreement - chance) / (1 - chance)


def value(units, values, name, weights=None):
    """Value of any coefficient by its name in reports; None where undefined."""
    if name.startswith("krippendorff_alpha_"):
        metric = name.removeprefix("krippendorff_alpha_")
        return alpha(units, values, metric, weights) if any(len(u) > 1 for u in units) else None
    return chance_corrected(units, values, name, weights)


@st.composite
def long_scales(draw):
    """Draw level values of a long scale: whole, gapped, fractional, or with an outlier far off."""
    n_levels = draw(st.integers(13, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["whole", "gapped", "fractional", "outlier"]))
    if kind == "gapped":
        return np.cumsum(rng.integers(1, 6, n_levels)).astype(float).tolist()
    if kind == "fractional":
        return np.cumsum(rng.uniform(0.1, 2, n_levels)).tolist()
    if kind == "outlier":
        return [-999.0, *range(1, n_levels)]
    return [float(level) for level in range(n_levels)]


@st.composite
def long_problems(draw, most_units=20, most_raters=5):
    """Draw (level values, (U, R) places among them with -1 for missing); few or many are used."""
    values = draw(long_scales())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_units = draw(st.integers(1, most_units))
    n_raters = draw(st.integers(2, most_raters))
    used = rng.permutation(len(values))[: draw(st.sampled_from([1, 2, 5, 14, len(values)]))]
    used.sort()
    truth = rng.uniform(0, len(used), n_units)
    noise = rng.normal(0, draw(st.sampled_from([0.3, 2.0, 20.0])), (n_units, n_raters))
    places = used[np.clip(np.floor(truth[:, None] + noise), 0, len(used) - 1).astype(int)]
    places[rng.random(places.shape) < draw(st.sampled_from([0.0, 0.3, 0.6]))] = -1
    return values, places


def units_of(places):
    """Each unit's ratings as a list of places."""
    return [[int(place) for place in row if place >= 0] for row in places]


def rows_of(values, places):
    """The matrix of values, None where missing."""
    return [[None if place < 0 else values[place] for place in row] for row in places]
