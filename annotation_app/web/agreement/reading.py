"""Everything that one look at the dashboard reads, once: the live figures and the people."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from analytics.overall import OVERALL
from annotation_app.enums import ALL_DESIGNS, Design, Facet
from annotation_app.models import Campaign, LiveSums, User
from annotation_app.selectors.agreement.dashboard.periods import time_slice
from annotation_app.selectors.agreement.dashboard.slices import strata_of
from annotation_app.selectors.agreement.level_bands import Bands, bands_of
from annotation_app.selectors.agreement.live.agreement import read_live
from annotation_app.selectors.agreement.live.figures import LiveAgreement, LiveStratum
from annotation_app.selectors.collections.imported_ratings import count_outside_headline
from annotation_app.selectors.raters.panel import RaterRow, annotator_ids, rater_rows
from annotation_app.web.agreement.query import Query
from annotation_app.web.campaigns.setup.names import dimension_names


@dataclass(frozen=True, eq=False)
class DashboardData:
    """A campaign's figures as one address asks for them."""

    campaign: Campaign
    query: Query

    @cached_property
    def live(self) -> LiveAgreement:
        return read_live(self.campaign, design=self.query.design)

    @cached_property
    def stratum(self) -> LiveStratum:
        """The slice that the page is narrowed to, or all items."""
        return self._slice or self.live.pooled

    @property
    def is_narrowed(self) -> bool:
        return self._slice is not None

    @property
    def is_lost(self) -> bool:
        """Whether the address names a slice that has no ratings."""
        return bool(self.query.value) and self._slice is None

    @cached_property
    def _slice(self) -> LiveStratum | None:
        key = self.query.value
        if not key:
            return None
        if self.query.by is Facet.DAY:
            return time_slice(self.live, key)
        return next((one for one in strata_of(self.live, self.query.by) if one.key == key), None)

    @cached_property
    def names(self) -> dict[str, str]:
        """Dimension keys to names in the reader's language, the overall last."""
        return dimension_names(self.campaign) | {OVERALL: gettext("Overall")}

    @cached_property
    def dimension(self) -> str:
        """The dimension in focus."""
        keys = self.live.dimensions
        return self.query.dimension if self.query.dimension in keys else keys[0]

    @property
    def dimension_choices(self) -> list[tuple[str, str]]:
        """Dimensions to choose from, and their names."""
        return [(key, self.names[key]) for key in self.live.dimensions]

    @cached_property
    def rater_dimension(self) -> str:
        """The dimension that annotators are compared on: the overall keeps no such sums."""
        return self.live.dimensions[0] if self.dimension == OVERALL else self.dimension

    @cached_property
    def users(self) -> dict[int, User]:
        return User.objects.in_bulk(annotator_ids(self.live))

    @cached_property
    def raters(self) -> list[RaterRow]:
        return rater_rows(self.live, self.rater_dimension, self.users)

    @cached_property
    def bands(self) -> Bands:
        """The focus dimension's levels, lowest first; of a long scale bands of these."""
        return bands_of(self.stratum.sums[self.dimension].scale)

    @cached_property
    def imported(self) -> int:
        """Imported ratings that the headline leaves out; asked for only where there may be some."""
        known = {design for design, _ in self.designs}
        may_be = Design.IMPORTED.value in known or self.live.pending
        return count_outside_headline(self.campaign) if may_be else 0

    @cached_property
    def designs(self) -> list[tuple[str, str]]:
        """Designs to choose from: those with ratings, and all together."""
        stored = LiveSums.objects.filter(campaign=self.campaign, facet=Facet.POOLED)
        found = {*stored.values_list("design", flat=True), Design.RANDOM.value, self.query.design}
        known = [(one.value, str(one.label)) for one in Design if one.value in found]
        return [*known, (ALL_DESIGNS, gettext("All designs together"))]
