"""Small scored items shared by the pair tests."""

from fractions import Fraction

from hypothesis import strategies as st

from analytics.pairs.dimensions import Dimensions
from analytics.pairs.records import ScoredCandidate, ScoredItem


def equal_weights(*names):
    """Dimensions of weight 1 each, as the paper sums them."""
    return Dimensions(names, (Fraction(1),) * len(names))


IF_VQ = equal_weights("if", "vq")


def item_of(*scores, item_id="i", generators=None, pixels=None):
    """Candidates a, b, c, ... with the given score tuples."""
    names = "abcdefghij"[: len(scores)]
    return ScoredItem(
        item_id,
        tuple(
            ScoredCandidate(
                name,
                generators[index] if generators else f"g{index}",
                pixels[index] if pixels else f"px-{item_id}-{name}",
                tuple(score),
            )
            for index, (name, score) in enumerate(zip(names, scores, strict=True))
        ),
    )


levels = st.one_of(
    st.none(), st.integers(1, 4), st.fractions(min_value=1, max_value=4, max_denominator=6)
)


def items(dimensions):
    rows = st.lists(st.tuples(*[levels] * dimensions), min_size=0, max_size=7)
    return rows.map(lambda scores: item_of(*scores))


def brute_force_rows(item, weights, names):
    """The rules of ties spelled out with rationals, independent of the product's integers."""
    rows = set()
    for index, one in enumerate(item.candidates):
        for two in item.candidates[index + 1 :]:
            if None in one.scores or None in two.scores:
                continue
            gap = [Fraction(a) - Fraction(b) for a, b in zip(one.scores, two.scores, strict=True)]
            overall = sum(w * g for w, g in zip(weights, gap, strict=True))
            named = [("overall", overall)] if overall else list(zip(names, gap, strict=True))
            for name, difference in named:
                if difference > 0:
                    rows.add((name, one.candidate_id, two.candidate_id, difference))
                if difference < 0:
                    rows.add((name, two.candidate_id, one.candidate_id, -difference))
    return rows
