"""Which strata the ratings of item states fall into."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analytics.validation import Indices
from annotation_app.enums import Facet
from annotation_app.selectors.agreement.live.states import ItemState, StateRating


class StratumName(NamedTuple):
    """One slice: a design or `all`, a facet, and the stratum's name in it.

    Names: category and source dataset as written, generator and guideline by id, the day as ISO
    date; empty in the pooled slice.
    """

    design: str
    facet: str
    stratum: str


@dataclass(frozen=True, eq=False)
class Membership:
    """Strata of the M ratings of a batch.

    Attributes:
        codes: code of each stratum, 0 … S - 1.
        rating: (E,) a rating, once for each stratum that takes it whole.
        stratum: (E,) that stratum's code.
        generator_rating: (F,) a rating, once for each design, to be cut by generator.
        generator_design: (F,) row of that design in `generators`.
        generators: (D, C) code of each (design, generator).
        generator_ids: (C,) generator ids, in order.
    """

    codes: dict[StratumName, int]
    rating: Indices
    stratum: Indices
    generator_rating: Indices
    generator_design: Indices
    generators: Indices
    generator_ids: Indices

    def generator_codes(self, designs: Indices, generators: Indices) -> Indices:
        """Return the stratum code of each (design row, generator id)."""
        if not len(generators):
            return generators
        return np.asarray(self.generators[designs, np.searchsorted(self.generator_ids, generators)])


@dataclass(frozen=True)
class Slices:
    """Which slices to count; None for all.

    Attributes:
        designs: designs, `all` among them.
        facets: facets.
    """

    designs: frozenset[str] | None = None
    facets: frozenset[str] | None = None

    def has(self, design: str, facet: str) -> bool:
        """Whether a slice is wanted."""
        return (self.designs is None or design in self.designs) and (
            self.facets is None or facet in self.facets
        )


EVERYTHING = Slices()


def memberships(states: Sequence[ItemState], slices: Slices = EVERYTHING) -> Membership:
    """Sort the ratings of a batch into strata."""
    codes: dict[StratumName, int] = {}
    designs: dict[str, int] = {}
    whole: list[tuple[int, int]] = []
    apart: list[tuple[int, int]] = []
    number = 0
    for state in states:
        days = _last_days(state)
        for one in state.ratings:
            names = _whole_strata(state, one, days)
            whole += [
                (number, codes.setdefault(name, len(codes)))
                for name in names
                if slices.has(name.design, name.facet)
            ]
            if slices.has(one.design, Facet.GENERATOR):
                apart.append((number, designs.setdefault(one.design, len(designs))))
            number += 1
    ids = sorted({generator for state in states for generator in state.generators.values()})
    generators = [
        [_code(codes, design, Facet.GENERATOR, str(generator)) for generator in ids]
        for design in designs
    ]
    rating, stratum = _columns(whole)
    generator_rating, generator_design = _columns(apart)
    return Membership(
        codes,
        rating,
        stratum,
        generator_rating,
        generator_design,
        np.asarray(generators, dtype=np.int64).reshape(len(designs), len(ids)),
        np.asarray(ids, dtype=np.int64),
    )


def _whole_strata(
    state: ItemState, rating: StateRating, days: Mapping[str, str]
) -> Iterator[StratumName]:
    design = rating.design
    yield StratumName(design, Facet.POOLED.value, "")
    yield StratumName(design, Facet.CATEGORY.value, state.category)
    yield StratumName(design, Facet.SOURCE.value, state.source)
    yield StratumName(design, Facet.GUIDELINE.value, str(rating.guideline))
    yield StratumName(design, Facet.DAY.value, days[design])


def _code(codes: dict[StratumName, int], design: str, facet: Facet, stratum: str) -> int:
    return codes.setdefault(StratumName(design, facet.value, stratum), len(codes))


def _columns(pairs: list[tuple[int, int]]) -> tuple[Indices, Indices]:
    first, second = np.asarray(pairs, dtype=np.int64).reshape(-1, 2).T
    return first, second


def _last_days(state: ItemState) -> dict[str, str]:
    """Day of the last rating of each design."""
    days: dict[str, str] = {}
    for rating in state.ratings:
        days[rating.design] = max(days.get(rating.design, ""), rating.day)
    return days
