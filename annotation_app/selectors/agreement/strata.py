"""A campaign's tables by stratum: category, source dataset or generator."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from analytics.agreement.comparison.strata import split_by_item, split_by_unit
from analytics.agreement.report import AgreementSummary, agreement_summary
from analytics.foreign.levels import FoundScale, Origin
from analytics.foreign.report import StrataReport, scale_record
from analytics.foreign.strata import POOLED
from analytics.tables import RatingTable
from annotation_app.enums import DATA_PURPOSES, Design, RatingStatus
from annotation_app.models import Campaign, CampaignItem, DrawnCandidate, Rating
from annotation_app.selectors.agreement.tables import campaign_tables

Tables = Mapping[str, RatingTable]
HEADLINE_DESIGNS = frozenset({Design.RANDOM.value})


class Stratum(StrEnum):
    """What the ratings of a campaign are split by."""

    CATEGORY = "category"
    SOURCE = "source"
    GENERATOR = "generator"


def split_tables(campaign: Campaign, tables: Tables, by: Stratum) -> dict[str, Tables]:
    """Split every dimension's table; strata in the order of their names, empty ones left out."""
    split = split_by_unit if by is Stratum.GENERATOR else split_by_item
    names = NAMES[by](campaign)
    found: dict[str, dict[str, RatingTable]] = {}
    for dimension, table in tables.items():
        labels = table.unit_labels if by is Stratum.GENERATOR else table.item_labels
        for stratum, part in split(table, [names[label] for label in labels]).items():
            found.setdefault(str(stratum), {})[dimension] = part
    return {stratum: found[stratum] for stratum in sorted(found)}


def summaries_by(
    campaign: Campaign, tables: Tables, by: Stratum
) -> dict[str, dict[str, AgreementSummary]]:
    """Agreement by stratum name, then by dimension."""
    return {
        stratum: {name: agreement_summary(table) for name, table in parts.items()}
        for stratum, parts in split_tables(campaign, tables, by).items()
    }


def campaign_report(campaign: Campaign, *, by: Stratum | None = None) -> StrataReport:
    """Report a campaign's slots of random design, all pooled and by stratum, ready for JSON."""
    tables = campaign_tables(campaign, designs=HEADLINE_DESIGNS)
    found = {POOLED: {name: agreement_summary(table) for name, table in tables.items()}}
    if by is not None:
        found |= summaries_by(campaign, tables, by)
    return StrataReport(
        source=campaign.name,
        scales={
            name: scale_record(FoundScale(table.scale, Origin.DECLARED))
            for name, table in tables.items()
        },
        notes=_outside(campaign),
        strata={
            stratum: {name: summary.as_dict() for name, summary in dimensions.items()}
            for stratum, dimensions in found.items()
        },
    )


def _outside(campaign: Campaign) -> list[str]:
    """How many ratings the headline leaves out because their slots were not random."""
    counted = Rating.objects.filter(
        campaign=campaign, status=RatingStatus.ACTIVE, purpose__in=DATA_PURPOSES
    )
    number = counted.exclude(task__design__in=HEADLINE_DESIGNS).count()
    if not number:
        return []
    return [
        f"{number:,} ratings are left out: figures count slots of random design only. Imported "
        "ratings count if their import declares that items and annotators were drawn at random "
        "(--declared-random)."
    ]


def _by_item(field: str) -> Callable[[Campaign], dict[object, str]]:
    def names(campaign: Campaign) -> dict[object, str]:
        rows = CampaignItem.objects.filter(campaign=campaign).values_list("pk", f"item__{field}")
        return {key: name or "–" for key, name in rows}

    return names


def _generators(campaign: Campaign) -> dict[object, str]:
    rows = DrawnCandidate.objects.filter(campaign_item__campaign=campaign)
    return dict(rows.values_list("candidate_id", "candidate__generator__name"))


NAMES: Mapping[Stratum, Callable[[Campaign], dict[object, str]]] = {
    Stratum.CATEGORY: _by_item("category"),
    Stratum.SOURCE: _by_item("source_dataset"),
    Stratum.GENERATOR: _generators,
}
