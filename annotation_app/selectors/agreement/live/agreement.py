"""A campaign's live agreement: folded sums plus the unfolded tail, in milliseconds at any size.

`read_live(campaign)` returns everything that a dashboard shows; figures are computed when asked
for. They equal those computed from the ratings, except that the item interval is the linearised
form of the jackknife (within 0.3 % of its width).
"""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from annotation_app.enums import ALL_DESIGNS, Design, Facet
from annotation_app.models import (
    Campaign,
    CampaignItemChange,
    Generator,
    GuidelineVersion,
    LiveStore,
)
from annotation_app.selectors.agreement.live.cache import MOST_READINGS, MOST_STRATA, VersionedCache
from annotation_app.selectors.agreement.live.counting import Counted, count_changes
from annotation_app.selectors.agreement.live.figures import LiveAgreement, LiveStratum
from annotation_app.selectors.agreement.live.shape import LiveShape, live_shape
from annotation_app.selectors.agreement.live.states import current_states, folded_states
from annotation_app.selectors.agreement.live.stored import (
    Signature,
    added,
    as_design,
    signatures,
    sums_of_rows,
)
from annotation_app.selectors.agreement.live.strata import Slices, StratumName

ALL_FACETS = frozenset(Facet)
# A fold that ends between two of a reader's statements is noticed, and the reader restarts.
TRIES = 5
# Advisory locks of folders: this number and the campaign's id.
LOCK_SPACE = 7_203_012
NOTHING = Counted({}, {})

_readings: VersionedCache[LiveAgreement] = VersionedCache(MOST_READINGS)
_folded: VersionedCache[LiveStratum] = VersionedCache(MOST_STRATA)


def read_live(
    campaign: Campaign,
    *,
    design: str = Design.RANDOM.value,
    facets: Collection[Facet] = ALL_FACETS,
) -> LiveAgreement:
    """Read the live figures of one design.

    Args:
        campaign: the campaign to read.
        design: the headline uses `random`; `all` (`enums.ALL_DESIGNS`) counts every rating.
        facets: the slices wanted; the pooled one is always read.
    """
    return _Reading(campaign, design, frozenset(facets) | {Facet.POOLED}).at_rest()


def pending_items(campaign: Campaign) -> list[int]:
    """Campaign items that changed since the last fold."""
    return sorted({item for _, item in _pending(campaign)})


@dataclass(frozen=True)
class _Reading:
    """One design's stored sums with the tail, read so that no fold falls in between."""

    campaign: Campaign
    design: str
    facets: frozenset[Facet]

    @property
    def designs(self) -> frozenset[str]:
        """The stored designs that add up to the one that was asked for."""
        random = {Design.RANDOM.value} if self.design == ALL_DESIGNS else set()
        return frozenset({self.design} | random)

    def at_rest(self) -> LiveAgreement:
        for _ in range(TRIES):
            before = self._version()
            found = self._read(before)
            if self._version() == before:
                return found
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCK_SPACE, self.campaign.pk]
            )
            return self._read(self._version())

    def _version(self) -> int:
        stores = LiveStore.objects.filter(campaign=self.campaign)
        return stores.values_list("version", flat=True).first() or 0

    def _read(self, version: int) -> LiveAgreement:
        """Read again only what changed: the same notes on the same sums are the same figures."""
        pending = _pending(self.campaign)
        key = (self.campaign.pk, self.design, self.facets)
        signature: Hashable = (version, tuple(pending))
        known = _readings.get(key, signature)
        if known is not None:
            return known
        shape = live_shape(self.campaign.rubric)
        items = sorted({item for _, item in pending})
        tail = self._tail(items, shape)
        strata = self._strata(shape, tail)
        found = LiveAgreement(self.design, list(shape.scales), strata, len(items))
        _readings.put(key, signature, found)
        return found

    def _tail(self, items: list[int], shape: LiveShape) -> Counted:
        if not items:
            return NOTHING
        slices = Slices(self.designs, frozenset(facet.value for facet in self.facets))
        before = folded_states(self.campaign, items)
        after = current_states(self.campaign, items)
        return as_design(count_changes(before, after, shape, slices), self.design)

    def _strata(self, shape: LiveShape, tail: Counted) -> dict[Facet, list[LiveStratum]]:
        folded = self._folded_strata(shape)
        changed = tail.names
        names = folded.keys() | changed | {StratumName(self.design, Facet.POOLED.value, "")}
        found: dict[Facet, list[LiveStratum]] = {
            facet: [] for facet in Facet if facet in self.facets
        }
        for name in names:
            stratum = folded.get(name)
            if stratum is None or name in changed:
                base = NOTHING if stratum is None else _counted(name, stratum)
                stratum = _stratum(name, added(base, _of(tail, name)), shape)
            if name.facet == Facet.POOLED or any(sums.raters for sums in stratum.sums.values()):
                found[Facet(name.facet)].append(stratum)
        for facet, strata in found.items():
            _label(facet, strata)
            strata.sort(key=lambda stratum: (stratum.label, stratum.key))
        return found

    def _folded_strata(self, shape: LiveShape) -> dict[StratumName, LiveStratum]:
        """Strata without the tail; those whose rows are the same as before are not read again."""
        rows = signatures(self.campaign, design__in=self.designs, facet__in=self.facets)
        found: dict[StratumName, LiveStratum] = {}
        missing: dict[StratumName, Signature] = {}
        for (facet, stratum), signature in rows.items():
            name = StratumName(self.design, facet, stratum)
            known = _folded.get((self.campaign.pk, name), signature)
            if known is None:
                missing[name] = signature
            else:
                found[name] = known
        read = as_design(sums_of_rows(missing.values(), shape), self.design) if missing else NOTHING
        for name, signature in missing.items():
            found[name] = _stratum(name, _of(read, name), shape)
            _folded.put((self.campaign.pk, name), signature, found[name])
        return found


def _pending(campaign: Campaign) -> list[tuple[int, int]]:
    """(id of the note, campaign item) of every change since the last fold."""
    notes = CampaignItemChange.objects.filter(campaign=campaign).order_by("pk")
    return list(notes.values_list("pk", "campaign_item_id"))


def _of(counted: Counted, name: StratumName) -> Counted:
    return Counted(
        {key: sums for key, sums in counted.sums.items() if key[0] == name},
        {key: cross for key, cross in counted.crosses.items() if key[0] == name},
    )


def _counted(name: StratumName, stratum: LiveStratum) -> Counted:
    return Counted(
        {(name, dimension): sums for dimension, sums in stratum.sums.items()},
        {(name, *pair): cross for pair, cross in stratum.crosses.items()},
    )


def _stratum(name: StratumName, counted: Counted, shape: LiveShape) -> LiveStratum:
    sums = {dimension: sums for (_, dimension), sums in counted.sums.items()}
    crosses = {(first, second): cross for (_, first, second), cross in counted.crosses.items()}
    return LiveStratum(
        key=name.stratum,
        label=name.stratum,
        sums={key: sums.get(key) or shape.nothing[key] for key in shape.scales},
        crosses={pair: crosses.get(pair) or shape.no_cross[pair] for pair in shape.pairs},
    )


def _label(facet: Facet, strata: Iterable[LiveStratum]) -> None:
    names: dict[str, str] = {}
    keys = [stratum.key for stratum in strata]
    if facet is Facet.GENERATOR:
        rows = Generator.objects.filter(pk__in=keys).values_list("pk", "name")
        names = {str(pk): name for pk, name in rows}
    if facet is Facet.GUIDELINE:
        versions = GuidelineVersion.objects.filter(pk__in=keys).values_list("pk", "number")
        names = {str(pk): f"v{number}" for pk, number in versions}
    for stratum in strata:
        stratum.label = names.get(stratum.key, stratum.key) or "–"
