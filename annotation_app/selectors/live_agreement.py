"""A campaign's live agreement: folded sums plus the unfolded tail, in milliseconds at any size.

`read_live(campaign)` returns everything that a dashboard shows; figures are computed when asked
for. They equal those computed from the ratings, except that the item interval is the linearised
form of the jackknife (within 0.3 % of its width).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from analytics.agreement.exact.crossing import ExactCross
from analytics.agreement.exact.sums import ExactSums
from annotation_app.enums import Design, Facet
from annotation_app.models import (
    Campaign,
    CampaignItemChange,
    Generator,
    GuidelineVersion,
    LiveStore,
)
from annotation_app.selectors.live_counting import Counted, count_changes
from annotation_app.selectors.live_figures import LiveAgreement, LiveStratum
from annotation_app.selectors.live_shape import LiveShape, live_shape
from annotation_app.selectors.live_states import current_states, folded_states
from annotation_app.selectors.live_stored import added, stored_sums
from annotation_app.selectors.live_strata import Slices

ALL_FACETS = frozenset(Facet)
# A fold that ends between two of a reader's statements is noticed, and the reading begins anew.
TRIES = 5
# Advisory locks of folders: this number and the campaign's id.
LOCK_SPACE = 7_203_012


def read_live(
    campaign: Campaign,
    *,
    design: str = Design.RANDOM.value,
    facets: Collection[Facet] = ALL_FACETS,
) -> LiveAgreement:
    """Read the live figures of one design.

    Args:
        campaign: whose.
        design: the headline uses `random`; `all` (`enums.ALL_DESIGNS`) counts every rating.
        facets: the slices wanted; the pooled one is always read.
    """
    wanted = frozenset(facets) | {Facet.POOLED}
    shape = live_shape(campaign.rubric)
    reading = _Reading(campaign, shape, design, wanted)
    found, pending = reading.at_rest()
    return LiveAgreement(
        design=design,
        dimensions=list(shape.scales),
        strata={facet: _strata(found, shape, facet) for facet in Facet if facet in wanted},
        pending=pending,
    )


def pending_items(campaign: Campaign) -> list[int]:
    """Campaign items that changed since the last fold."""
    changes = CampaignItemChange.objects.filter(campaign=campaign)
    return sorted(set(changes.values_list("campaign_item_id", flat=True)))


@dataclass(frozen=True)
class _Reading:
    """One design's stored sums with the tail, read so that no fold falls in between."""

    campaign: Campaign
    shape: LiveShape
    design: str
    facets: frozenset[Facet]

    def at_rest(self) -> tuple[Counted, int]:
        for _ in range(TRIES):
            before = self._version()
            found = self._read()
            if self._version() == before:
                return found
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCK_SPACE, self.campaign.pk]
            )
            return self._read()

    def _version(self) -> int:
        stores = LiveStore.objects.filter(campaign=self.campaign)
        return stores.values_list("version", flat=True).first() or 0

    def _read(self) -> tuple[Counted, int]:
        items = pending_items(self.campaign)
        stored = stored_sums(self.campaign, self.shape, design=self.design, facet__in=self.facets)
        if not items:
            return stored, 0
        slices = Slices(frozenset({self.design}), frozenset(f.value for f in self.facets))
        before = folded_states(self.campaign, items)
        after = current_states(self.campaign, items)
        tail = count_changes(before, after, self.shape, slices)
        return added(stored, tail), len(items)


def _strata(found: Counted, shape: LiveShape, facet: Facet) -> list[LiveStratum]:
    keys = {name.stratum for name, _ in found.sums if name.facet == facet}
    if facet is Facet.POOLED:
        keys = {""}
    labels = _labels(facet, keys)
    by_stratum: dict[str, dict[str, ExactSums]] = {key: {} for key in keys}
    crosses: dict[str, dict[tuple[str, str], ExactCross]] = {key: {} for key in keys}
    for (name, dimension), sums in found.sums.items():
        if name.facet == facet:
            by_stratum[name.stratum][dimension] = sums
    for (name, first, second), cross in found.crosses.items():
        if name.facet == facet:
            crosses[name.stratum][first, second] = cross
    strata = [
        LiveStratum(
            key, labels[key], _filled(by_stratum[key], shape), _crossed(crosses[key], shape)
        )
        for key in keys
    ]
    return sorted(strata, key=lambda stratum: (stratum.label, stratum.key))


def _filled(sums: Mapping[str, ExactSums], shape: LiveShape) -> dict[str, ExactSums]:
    return {key: sums.get(key) or ExactSums.empty(scale) for key, scale in shape.scales.items()}


def _crossed(
    crosses: Mapping[tuple[str, str], ExactCross], shape: LiveShape
) -> dict[tuple[str, str], ExactCross]:
    empty = {
        (first, second): ExactCross.empty((len(shape.scales[first]), len(shape.scales[second])))
        for first, second in shape.pairs
    }
    return empty | dict(crosses)


def _labels(facet: Facet, keys: Iterable[str]) -> dict[str, str]:
    labels = {key: key or "–" for key in keys}
    if facet is Facet.GENERATOR:
        rows = Generator.objects.filter(pk__in=labels).values_list("pk", "name")
        return labels | {str(pk): name for pk, name in rows}
    if facet is Facet.GUIDELINE:
        versions = GuidelineVersion.objects.filter(pk__in=labels).values_list("pk", "number")
        return labels | {str(pk): f"v{number}" for pk, number in versions}
    return labels
