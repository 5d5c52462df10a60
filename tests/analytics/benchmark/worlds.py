"""Cross-checked items for the benchmark tests."""

import numpy as np

from analytics.benchmark.groups import CheckedCandidate, CheckedItem


def checked_item(name, *candidates, category="c", random_design=True):
    """Candidates as lists of rater rows: [(if, vq), (if, vq), (if, vq)]."""
    return CheckedItem(
        name,
        category,
        random_design,
        tuple(
            CheckedCandidate(f"{name}-{number}", f"g{number}", f"px-{name}-{number}", tuple(rows))
            for number, rows in enumerate(candidates)
        ),
    )


def unanimous(*levels):
    """A candidate on which three raters agree."""
    return [levels] * 3


def checked_world(count, rng, candidates=7, categories=("add", "remove", "style")):
    scores = rng.integers(1, 5, size=(count, candidates, 3, 2)).tolist()
    return [
        checked_item(
            f"i{number}",
            *[[tuple(rater) for rater in raters] for raters in rows],
            category=categories[number % len(categories)],
        )
        for number, rows in enumerate(scores)
    ]


def rng_of(seed):
    return np.random.default_rng(seed)
