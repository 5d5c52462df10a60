"""What one look at the annotators reads: the live figures, the last study, the people."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analytics.overall import OVERALL
from annotation_app.models import Campaign, RaterStudy, User
from annotation_app.selectors.agreement.live.agreement import read_live
from annotation_app.selectors.agreement.live.figures import LiveAgreement
from annotation_app.selectors.raters.panel import RaterRow, annotator_ids, rater_rows
from annotation_app.web.campaigns.setup.names import dimension_names


@dataclass(frozen=True, eq=False)
class RaterData:
    """A campaign's annotators over slots of random design; the study looks at every design."""

    campaign: Campaign

    @cached_property
    def names(self) -> dict[str, str]:
        """Dimension keys to names in the reader's language."""
        return dimension_names(self.campaign)

    @cached_property
    def live(self) -> LiveAgreement:
        return read_live(self.campaign, facets=())

    @cached_property
    def users(self) -> dict[int, User]:
        return User.objects.in_bulk(annotator_ids(self.live))

    @cached_property
    def rows(self) -> dict[str, Sequence[RaterRow]]:
        """Every annotator's row by dimension, lowest upper bound of α first."""
        return {
            key: rater_rows(self.live, key, self.users)
            for key in self.live.dimensions
            if key != OVERALL
        }

    @cached_property
    def study(self) -> RaterStudy | None:
        """The last study."""
        return RaterStudy.objects.filter(campaign=self.campaign).first()

    @property
    def studied(self) -> dict[str, Any]:
        """The study's figures by dimension; empty without one."""
        found: dict[str, Any] = self.study.figures["dimensions"] if self.study else {}
        return found

    @property
    def halos(self) -> list[dict[str, Any]]:
        """The study's halo by pair of dimensions; empty without one."""
        found: list[dict[str, Any]] = self.study.figures["halo"] if self.study else []
        return found
