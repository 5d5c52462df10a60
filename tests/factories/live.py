"""What the live figures must equal: the same, computed from a campaign's ratings directly."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from analytics.agreement.comparison.strata import split_by_item, split_by_unit
from analytics.agreement.sums.moments import Moments, RaterMoments
from analytics.overall import OVERALL
from analytics.tables import RatingTable
from annotation_app.enums import ALL_DESIGNS, DATA_PURPOSES, Design, Facet, RatingStatus
from annotation_app.models import Campaign, Candidate, Item, Rating
from annotation_app.selectors.agreement.live.agreement import read_live
from annotation_app.selectors.agreement.live.figures import LiveStratum
from annotation_app.selectors.agreement.tables import campaign_tables
from tests.factories.moments import cross_moments, largest_difference, moments_of

Tables = Mapping[str, RatingTable]
CLOSE = 1e-12


def check_live(campaign: Campaign) -> None:
    """Assert that the live sums of every slice equal those computed from the ratings."""
    for design in (Design.RANDOM.value, Design.CSP.value, ALL_DESIGNS):
        expected = tables_by_slice(campaign, design)
        rated = {
            key for key, tables in expected.items() if any(t.n_ratings for t in tables.values())
        }
        live = read_live(campaign, design=design)
        found = {(facet, one.key): one for facet, strata in live.strata.items() for one in strata}
        assert found.keys() - {(Facet.POOLED, "")} == rated - {(Facet.POOLED, "")}
        for key, stratum in found.items():
            check_stratum(stratum, expected[key], panels=key[0] is Facet.POOLED)


def check_stratum(stratum: LiveStratum, tables: Tables, *, panels: bool) -> None:
    """Assert that a slice's sums equal its tables'."""
    for dimension, table in tables.items():
        moments = moments_of(table)
        if panels and dimension != OVERALL:
            assert stratum.shared_units(dimension) == _shared_units(table)
        else:
            moments = _without_panels(moments)
        assert largest_difference(stratum.moments(dimension), moments) < CLOSE
        assert stratum.n_items(dimension) == moments.overlapping.n
    for (first, second), cross in stratum.crosses.items():
        ours, direct = cross.to_moments(), cross_moments(tables[first], tables[second])
        assert (ours.n_either, ours.n_both) == (direct.n_either, direct.n_both)
        np.testing.assert_allclose(ours.product, direct.product, rtol=CLOSE, atol=CLOSE)


def tables_by_slice(campaign: Campaign, design: str) -> Mapping[tuple[Facet, str], Tables]:
    """Every slice's table per dimension, cut from the counted ratings."""
    designs = None if design == ALL_DESIGNS else frozenset({design})
    ratings = [
        rating
        for rating in Rating.objects.filter(
            campaign=campaign, status=RatingStatus.ACTIVE, purpose__in=DATA_PURPOSES
        ).select_related("campaign_item__item", "task")
        if designs is None or rating.task.design in designs
    ]
    items: dict[Hashable, Item] = {
        rating.campaign_item_id: rating.campaign_item.item for rating in ratings
    }
    days: dict[Hashable, str] = {}
    for rating in ratings:
        day = rating.submitted_at.date().isoformat()
        days[rating.campaign_item_id] = max(days.get(rating.campaign_item_id, ""), day)
    versions: dict[tuple[Hashable, Hashable], str] = {
        (r.campaign_item_id, r.annotator_id): str(r.guideline_id) for r in ratings
    }
    makers: dict[Hashable, int] = dict(Candidate.objects.values_list("pk", "generator_id"))
    found: dict[tuple[Facet, str], dict[str, RatingTable]] = {}
    for dimension, table in campaign_tables(campaign, designs=designs).items():
        named = table.item_labels
        pairs = [
            (named[item], table.rater_labels[rater])
            for item, rater in zip(table.item, table.rater, strict=True)
        ]
        slices: dict[Facet, Mapping[Hashable, RatingTable]] = {
            Facet.POOLED: {"": table},
            Facet.CATEGORY: split_by_item(table, [items[label].category for label in named]),
            Facet.SOURCE: split_by_item(table, [items[label].source_dataset for label in named]),
            Facet.DAY: split_by_item(table, [days[label] for label in named]),
            Facet.GENERATOR: split_by_unit(table, [str(makers[u]) for u in table.unit_labels]),
            Facet.GUIDELINE: _by_rating(table, [versions[pair] for pair in pairs]),
        }
        for facet, parts in slices.items():
            for stratum, part in parts.items():
                found.setdefault((facet, str(stratum)), {})[dimension] = part
    return found


def _shared_units(table: RatingTable) -> Counter[tuple[int, int]]:
    """How many units each pair of raters both rated, the smaller id first."""
    ids = [int(str(label)) for label in table.rater_labels]
    raters: dict[int, list[int]] = {}
    for unit, rater in zip(table.unit.tolist(), table.rater.tolist(), strict=True):
        raters.setdefault(unit, []).append(ids[rater])
    return Counter(pair for several in raters.values() for pair in combinations(sorted(several), 2))


def _without_panels(moments: Moments) -> Moments:
    """The same moments, without the sums that only the pooled slice keeps."""
    empty = RaterMoments.empty(moments.scale)
    return replace(
        moments,
        raters={
            label: replace(sums, versus=empty.versus, influence=empty.influence)
            for label, sums in moments.raters.items()
        },
    )


def _by_rating(table: RatingTable, strata: Sequence[str]) -> Mapping[Hashable, RatingTable]:
    """One table per stratum of ratings, which may cut through units."""
    mine = np.array(strata)
    return {name: table.keep(mine == name) for name in dict.fromkeys(strata)}
