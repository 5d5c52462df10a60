"""Writes down what an independent process needs to check a report: patterns and our figures."""

from collections.abc import Mapping
from itertools import pairwise
from typing import NotRequired, TypedDict

import numpy as np

from analytics.agreement.coefficients.catalogue import Coefficient, point
from analytics.agreement.inference.evidence import DenseEvidence, Evidence, SparseEvidence
from analytics.agreement.sums.layout import PAIR
from analytics.agreement.sums.parted_sums import AnySums, PartedSums

CHECKED_ALPHAS = (
    Coefficient.ALPHA_NOMINAL,
    Coefficient.ALPHA_ORDINAL,
    Coefficient.ALPHA_INTERVAL,
)
# Units times levels of a matrix that a reference package is given; more is left to α alone.
MOST_CELLS = 1 << 25


class VerificationProblem(TypedDict):
    """One table for `python -m analytics.verification`.

    `patterns` are rows of level counts followed by the number of units; on many levels `units`
    contains instead, for each unit, the place and count of each of its levels. `levels` are those
    present, out of `n_levels` declared. `fleiss_by_raters` and `randolph_by_raters` are our values
    over the units of exactly m ratings, because the oracle does not accept ragged data.
    """

    levels: list[float]
    n_levels: NotRequired[int]
    patterns: list[list[int]]
    units: NotRequired[list[list[int]]]
    alphas: dict[str, float | None]
    fleiss_by_raters: dict[str, float | None]
    randolph_by_raters: dict[str, float | None]


def verification_problem(evidence: Evidence) -> VerificationProblem:
    """Write down one report's evidence and the figures that the oracles can recompute."""
    by_raters = _by_raters(evidence)
    problem = VerificationProblem(
        levels=list(evidence.scale.values),
        patterns=[],
        alphas={
            name.value: point(name, evidence.total, evidence.scale).value for name in CHECKED_ALPHAS
        },
        fleiss_by_raters=_values(Coefficient.FLEISS, by_raters, evidence),
        randolph_by_raters=_values(Coefficient.BRENNAN_PREDIGER, by_raters, evidence),
    )
    if isinstance(evidence, DenseEvidence):
        rows = np.column_stack([evidence.counts, evidence.multiplicity])
        problem["patterns"] = rows.tolist()
    elif isinstance(evidence, SparseEvidence):
        problem["units"] = _units(evidence)
    if len(evidence.scale.whole) > len(evidence.scale):
        problem["n_levels"] = len(evidence.scale.whole)
    return problem


def _values(
    coefficient: Coefficient, by_raters: Mapping[str, AnySums], evidence: Evidence
) -> dict[str, float | None]:
    return {m: point(coefficient, sums, evidence.scale).value for m, sums in by_raters.items()}


def _by_raters(evidence: Evidence) -> dict[str, AnySums]:
    """Sums over the units of exactly m ratings, where the oracle can hold their matrix."""
    numbers = evidence.ratings_per_unit
    found: dict[str, AnySums] = {}
    for m in np.unique(numbers[numbers >= PAIR]).tolist():
        mine = numbers == m
        n_units = int(evidence.multiplicity[mine].sum())
        if isinstance(evidence, DenseEvidence):
            vectors = evidence.layout.vectors(evidence.counts[mine])
            found[str(m)] = evidence.multiplicity[mine] @ vectors
        elif (
            isinstance(evidence, SparseEvidence)
            and n_units * len(evidence.scale.whole) <= MOST_CELLS
        ):
            layout = evidence.units.layout
            found[str(m)] = PartedSums(layout, evidence.units[mine].total())
    return found


def _units(evidence: SparseEvidence) -> list[list[int]]:
    """By unit: place and count of each level, one after the other."""
    margins, numbers = evidence.units.margins, evidence.ratings_per_unit
    owner = np.repeat(np.arange(len(numbers)), np.diff(margins.indptr))
    counts = np.rint(margins.data * numbers[owner]).astype(np.int64)
    pairs = np.column_stack([margins.indices, counts]).tolist()
    ends = margins.indptr.tolist()
    return [
        [number for pair in pairs[start:end] for number in pair] for start, end in pairwise(ends)
    ]
