"""Which annotators share candidates, and what cannot be compared for lack of common ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.raters.connectivity import linked_parts
from annotation_app.enums import Facet
from annotation_app.selectors.agreement.dashboard.slices import strata_of
from annotation_app.selectors.agreement.live.figures import LiveAgreement


@dataclass(frozen=True)
class Overlap:
    """The graph of annotators who share candidates.

    Attributes:
        annotators: user ids with ratings, in order.
        shared: candidates that two annotators both rated, the smaller id first.
        parts: annotators who are linked, directly or through others, the largest part first.
    """

    annotators: Sequence[int]
    shared: Mapping[tuple[int, int], int]
    parts: Sequence[Sequence[int]]

    @property
    def is_connected(self) -> bool:
        """Whether all annotators can be compared."""
        return len(self.parts) <= 1

    def between(self, one: int, other: int) -> int:
        """Candidates that both rated."""
        return self.shared.get((min(one, other), max(one, other)), 0)


def annotator_overlap(live: LiveAgreement, dimension: str) -> Overlap:
    """Find which annotators share candidates on a dimension; the overall keeps no such counts."""
    people = live.pooled.annotators(dimension)
    shared = live.pooled.shared_units(dimension)
    links: dict[object, list[object]] = {one: [one] for one in people}
    for pair in shared:
        for one in pair:
            links[one].append(pair)
    parts = [[one for one in part if isinstance(one, int)] for part in linked_parts(links)]
    return Overlap(people, shared, parts)


def apart_strata(live: LiveAgreement, facet: Facet, dimension: str) -> list[list[str]]:
    """Labels of slices that no annotator links with the others; empty if all are linked."""
    strata = strata_of(live, facet)
    parts = linked_parts({one.key: one.annotators(dimension) for one in strata})
    labels = {one.key: one.label for one in strata}
    named = [[labels[str(key)] for key in part] for part in parts]
    return named if len(named) > 1 else []
