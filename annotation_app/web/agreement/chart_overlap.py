"""The matrix of candidates that each two annotators both rated."""

from django.utils.translation import gettext, ngettext

from annotation_app.selectors.agreement.dashboard.overlap import Overlap, annotator_overlap
from annotation_app.web.agreement.chart import Cell, Chart, Column, Table
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.agreement.words import NOTHING, number


def overlap_chart(reading: DashboardData) -> Chart:
    """Shared candidates of each pair of annotators; the page's table sums them up by annotator."""
    found = annotator_overlap(reading.live, reading.rater_dimension)
    names = {one: reading.users[one].username for one in found.annotators if one in reading.users}
    people = sorted(names, key=names.__getitem__)
    rows = [
        [Cell(names[one], ""), Cell(names[other], ""), Cell(shared, "")]
        for one in people
        for other in people
        for shared in [None if one == other else found.between(one, other)]
    ]
    return Chart(
        key="overlap",
        kind="matrix",
        title=gettext("Who rated the same candidates"),
        sentence=_sentence(found, names),
        columns=[
            Column("row", gettext("Annotator"), is_number=False),
            Column("column", gettext("with"), is_number=False),
            Column("share", gettext("Candidates that both rated")),
        ],
        rows=rows if len(people) > 1 else [],
        axis=gettext("candidates that both rated"),
        table=_by_annotator(found, names, people),
    )


def _by_annotator(found: Overlap, names: dict[int, str], people: list[int]) -> Table:
    rows = []
    for one in people:
        counts = {other: found.between(one, other) for other in people if other != one}
        partners = [other for other, count in counts.items() if count]
        most = max(partners, key=counts.__getitem__, default=None)
        words = f"{names[most]} ({number(counts[most], 0)})" if most is not None else NOTHING
        rows.append(
            [
                Cell(names[one], names[one]),
                Cell(len(partners), f"{number(len(partners), 0)} / {number(len(counts), 0)}"),
                Cell(words, words),
            ]
        )
    return Table(
        columns=[
            Column("label", gettext("Annotator"), is_number=False),
            Column("partners", gettext("Shares candidates with")),
            Column("most", gettext("Shares most with")),
        ],
        rows=rows,
    )


def part_names(found: Overlap, names: dict[int, str]) -> list[list[str]]:
    """The annotators of each part that cannot be compared with the others, by name."""
    return [[names.get(one, str(one)) for one in part] for part in found.parts]


def _sentence(found: Overlap, names: dict[int, str]) -> str:
    if not found.annotators:
        return gettext("No ratings yet.")
    count = len(found.shared)
    pairs = ngettext(
        "%(count)s pair of annotators shares candidates.",
        "%(count)s pairs of annotators share candidates.",
        count,
    ) % {"count": number(count, 0)}
    if found.is_connected:
        return f"{pairs} {gettext('All annotators are linked: they can be compared.')}"
    parts = "; ".join(", ".join(part) for part in part_names(found, names))
    words = gettext("The annotators form groups without common candidates: %(parts)s.")
    return f"{pairs} {words % {'parts': parts}}"
