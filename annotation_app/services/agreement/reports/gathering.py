"""What a report freezes, read in one view of the database and then computed.

Figures come from the live store's exact sums, so that a million ratings cost as little as a
thousand; the bootstrap and the check of the store come from the ratings of the shared items.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from analytics.agreement.report import AgreementSummary
from analytics.agreement.verifiable import verification_problem
from analytics.foreign.strata import POOLED
from annotation_app.enums import Design, Facet
from annotation_app.models import Campaign
from annotation_app.selectors.agreement.live.agreement import read_live
from annotation_app.selectors.agreement.live.figures import LiveAgreement, LiveStratum
from annotation_app.selectors.agreement.overlap_tables import OverlapRows, overlap_rows

DESIGN = Design.RANDOM
KINDS = (Facet.SOURCE, Facet.CATEGORY, Facet.GENERATOR, Facet.GUIDELINE)
Figures = dict[str, dict[str, object]]


@dataclass(frozen=True)
class ReportData:
    """One moment of a campaign.

    Attributes:
        live: the live figures of random design.
        rows: scores of the shared items.
    """

    live: LiveAgreement
    rows: Mapping[str, OverlapRows]


@dataclass(frozen=True)
class Gathered:
    """Figures and what another process needs to recompute them.

    Attributes:
        pooled: summaries by dimension, in rubric order, the overall last.
        problems: by dimension.
        strata: by kind and name: figures by dimension.
        strata_problems: by kind and name: problems by dimension.
    """

    pooled: Mapping[str, AgreementSummary]
    problems: dict[str, Any]
    strata: dict[str, dict[str, Figures]]
    strata_problems: dict[str, dict[str, dict[str, Any]]]

    @property
    def figures(self) -> dict[str, Figures]:
        """The pooled figures as a report stores them."""
        return {POOLED: {name: summary.as_dict() for name, summary in self.pooled.items()}}


def read_campaign(campaign: Campaign) -> ReportData:
    """Read figures and ratings of the same moment, however busy the campaign is."""
    with _one_view():
        live = read_live(campaign, design=DESIGN.value, facets=KINDS)
        return ReportData(live, overlap_rows(campaign, designs=frozenset({DESIGN.value})))


def gather_figures(reading: ReportData) -> Gathered:
    """Compute every coefficient with both intervals, pooled and by stratum."""
    names = reading.live.dimensions
    pooled = {name: reading.live.pooled.summary(name) for name in names}
    problems = {name: _problem(reading.live.pooled, name) for name in names}
    strata, strata_problems = {}, {}
    for kind in KINDS:
        found = {one.label: one for one in reading.live.strata[kind]}
        strata[kind.value] = {
            label: {name: one.summary(name).as_dict() for name in reading.live.dimensions}
            for label, one in found.items()
        }
        strata_problems[kind.value] = {
            label: {name: _problem(one, name) for name in reading.live.dimensions}
            for label, one in found.items()
        }
    return Gathered(pooled, problems, strata, strata_problems)


def _problem(stratum: LiveStratum, dimension: str) -> dict[str, Any]:
    return dict(verification_problem(stratum.evidence(dimension)))


@contextmanager
def _one_view() -> Iterator[None]:
    """Everything inside sees one moment, unless the caller's own transaction has begun already."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
