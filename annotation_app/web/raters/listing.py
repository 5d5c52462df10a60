"""The list of annotators: one line each with what matters most."""

from collections.abc import Iterator
from dataclasses import dataclass

from analytics.raters.rest_of_raters import VersusStatistic
from annotation_app.models import User
from annotation_app.selectors.raters.panel import RaterRow
from annotation_app.selectors.raters.records import campaign_raters
from annotation_app.web.agreement.chart_raters import signal_words
from annotation_app.web.agreement.words import NOTHING, number, reason_text, span
from annotation_app.web.raters.reading import RaterData
from annotation_app.web.raters.words import drift_words, own_row


@dataclass(frozen=True)
class ListCell:
    """α and severity on one dimension; texts."""

    alpha: str
    interval: str
    severity: str
    n_items: int


@dataclass(frozen=True)
class ListRow:
    """An annotator; `words` describe the outlying figures, and may be empty."""

    user: User
    cells: list[ListCell]
    n_ratings: int
    words: str


def list_rows(reading: RaterData) -> list[ListRow]:
    """Every annotator, outliers first, then by name."""
    people = campaign_raters(reading.campaign)
    rows = [_row(reading, person) for person in people]
    return sorted(rows, key=lambda row: (not row.words, row.user.username))


def _row(reading: RaterData, person: User) -> ListRow:
    own = [own_row(person.pk, rows) for rows in reading.rows.values()]
    return ListRow(
        person,
        [_cell(row) for row in own],
        max((row.line.n_ratings for row in own if row is not None), default=0),
        " ".join(_words(reading, person)),
    )


def _cell(row: RaterRow | None) -> ListCell:
    if row is None:
        return ListCell(NOTHING, "", NOTHING, 0)
    alpha = row.line.against[VersusStatistic.ALPHA]
    severity = row.line.against[VersusStatistic.SEVERITY].estimate.value
    if alpha.estimate.value is None:
        return ListCell(NOTHING, reason_text(alpha.estimate.reason), NOTHING, alpha.n_items)
    return ListCell(
        number(alpha.estimate.value, 2),
        span(alpha.interval, 2),
        number(severity, 2, sign=True),
        alpha.n_items,
    )


def _words(reading: RaterData, person: User) -> Iterator[str]:
    for key, rows in reading.rows.items():
        row = own_row(person.pk, rows)
        if row is not None and row.signals:
            yield f"{reading.names[key]}: {signal_words(row.signals)}"
    for key, found in reading.studied.items():
        drift = found["drift"].get(str(person.pk), {})
        if drift.get("since"):
            yield drift_words(reading.names.get(key, key), drift)
