"""Warnings where figures cannot be compared for want of common annotators."""

from django.utils.translation import gettext

from annotation_app.enums import Facet
from annotation_app.selectors.agreement.dashboard.overlap import annotator_overlap, apart_strata
from annotation_app.web.agreement.chart_overlap import part_names
from annotation_app.web.agreement.reading import DashboardData

FACETS = (Facet.CATEGORY, Facet.SOURCE, Facet.GENERATOR, Facet.GUIDELINE)


def overlap_warnings(reading: DashboardData) -> list[str]:
    """A sentence for the annotators and for each facet that fall into parts."""
    found = []
    graph = annotator_overlap(reading.live, reading.rater_dimension)
    if not graph.is_connected:
        names = {key: user.username for key, user in reading.users.items()}
        parts = "; ".join(", ".join(part) for part in part_names(graph, names))
        found.append(
            gettext(
                "Annotators in different groups share no candidate, not even through "
                "others: their severities and agreement cannot be compared. Groups: "
                "%(parts)s."
            )
            % {"parts": parts}
        )
    for facet in FACETS:
        strata = apart_strata(reading.live, facet, reading.rater_dimension)
        if strata:
            parts = "; ".join(", ".join(part) for part in strata)
            found.append(
                gettext(
                    "%(facet)s: no annotator links these groups, so differences "
                    "between them may be differences between annotators: %(parts)s."
                )
                % {"facet": facet.label, "parts": parts}
            )
    return found
