"""Links that choose one of several: dimension, facet, order."""

from dataclasses import dataclass

from django.utils.translation import gettext

from annotation_app.selectors.agreement.dashboard.slices import FACETS
from annotation_app.web.agreement.query import SORTS, Query
from annotation_app.web.agreement.reading import DashboardData


@dataclass(frozen=True)
class Tab:
    """One choice."""

    label: str
    link: str
    is_current: bool


def dimension_tabs(reading: DashboardData) -> list[Tab]:
    """The dimension in focus."""
    return [
        Tab(reading.names[key], reading.query.with_(dimension=key), key == reading.dimension)
        for key in reading.live.dimensions
    ]


def facet_tabs(query: Query) -> list[Tab]:
    """The facet whose slices are shown; choosing one shows all items again."""
    return [Tab(str(one.label), query.with_(by=one, value=""), one is query.by) for one in FACETS]


def sort_tabs(query: Query) -> list[Tab]:
    """The order of the slices."""
    labels = (gettext("clearly worst first"), gettext("most overlap first"), gettext("by name"))
    return [
        Tab(label, query.with_(sort=sort), sort == query.sort)
        for sort, label in zip(SORTS, labels, strict=True)
    ]
