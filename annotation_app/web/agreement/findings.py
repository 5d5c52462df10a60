"""What stands out on any dimension: slices and annotators, in words, with where they lead."""

from dataclasses import dataclass

from django.utils.translation import gettext

from analytics.overall import OVERALL
from annotation_app.enums import Facet
from annotation_app.models import User
from annotation_app.selectors.agreement.dashboard.slices import StandOut, standing_out
from annotation_app.selectors.raters.panel import ALPHA, RaterRow, rater_rows
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.agreement.words import number, span

MOST_SLICES = 6
# Days that stand out are the business of the search for changes.
SEARCHED = (Facet.CATEGORY, Facet.SOURCE, Facet.GENERATOR, Facet.GUIDELINE)


@dataclass(frozen=True)
class Finding:
    """One thing that stands out.

    Attributes:
        kind: what it is: a facet's name, or annotator.
        name: of the slice or annotator.
        words: how it stands out.
        link: the page narrowed to it; empty for annotators, whose page `user` names.
        user: the annotator.
        by: the facet, for the explorer of disagreements.
        value: the slice's key.
        dimension: where it stands out.
    """

    kind: str
    name: str
    words: str
    link: str = ""
    user: User | None = None
    by: str = ""
    value: str = ""
    dimension: str = ""


def findings(reading: DashboardData) -> list[Finding]:
    """Annotators beyond the funnel's limits, then slices that agree less than the others."""
    slices = standing_out(reading.live, SEARCHED)
    return [*_annotators(reading), *_slices(reading, slices)]


def _slices(reading: DashboardData, found: list[StandOut]) -> list[Finding]:
    """Each slice once, on the dimension where it is farthest from the rest."""
    first: dict[tuple[Facet, str], StandOut] = {}
    for one in found:
        if one.row.stratum.key:
            first.setdefault((one.facet, one.row.stratum.key), one)
    return [_slice(reading, one) for one in list(first.values())[:MOST_SLICES]]


def _slice(reading: DashboardData, found: StandOut) -> Finding:
    row, key = found.row, found.row.stratum.key
    rest = row.rest
    words = gettext(
        "%(dimension)s: α %(alpha)s; difference from all others %(less)s (95 %% "
        "interval %(interval)s)."
    ) % {
        "dimension": reading.names[found.dimension],
        "alpha": number(row.line.estimate.value, 2),
        "less": number(rest.estimate.value if rest else None, 2),
        "interval": span(rest.interval, 2, sign=True) if rest else "",
    }
    return Finding(
        kind=str(found.facet.label),
        name=row.stratum.label,
        words=words,
        link=reading.query.with_(by=found.facet, value=key, dimension=found.dimension),
        by=found.facet.value,
        value=key,
        dimension=found.dimension,
    )


def _annotators(reading: DashboardData) -> list[Finding]:
    """Each annotator once, with what was found on which dimensions."""
    found: dict[int, list[tuple[str, RaterRow]]] = {}
    for dimension in reading.live.dimensions:
        if dimension == OVERALL:
            continue
        for row in rater_rows(reading.live, dimension, reading.users):
            if row.signals:
                found.setdefault(row.user.pk, []).append((dimension, row))
    return [
        Finding(
            kind=gettext("Annotator"),
            name=rows[0][1].user.username,
            words=_words(reading, rows),
            user=rows[0][1].user,
            dimension=rows[0][0],
        )
        for rows in found.values()
    ]


def _words(reading: DashboardData, rows: list[tuple[str, RaterRow]]) -> str:
    """Each sentence once, after the dimensions that it applies to; then α there."""
    where: dict[str, list[str]] = {}
    for dimension, row in rows:
        for signal in row.signals:
            where.setdefault(gettext(signal.sentence), []).append(reading.names[dimension])
    said: dict[str, list[str]] = {}
    for sentence, names in where.items():
        said.setdefault(", ".join(names), []).append(sentence)
    sentences = [f"{names}: {' '.join(found)}" for names, found in said.items()]
    alphas = [
        f"{reading.names[dimension]} {number(row.line.against[ALPHA].estimate.value, 2)}"
        for dimension, row in rows
    ]
    against = gettext("α against the others: %(alphas)s.") % {"alphas": ", ".join(alphas)}
    return " ".join([*sentences, against])
