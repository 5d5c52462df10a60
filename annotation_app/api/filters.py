"""Allow-listed filters: no other part of a query string reaches the database."""

from typing import ClassVar

import django_filters

from annotation_app.models import Score


class ScoreFilter(django_filters.FilterSet):
    """Scores by dimension, item, annotator pseudonym and time."""

    dimension = django_filters.CharFilter(field_name="dimension__key")
    item = django_filters.CharFilter(
        field_name="revision__rating__campaign_item__item__external_id"
    )
    annotator = django_filters.CharFilter(field_name="revision__rating__annotator__pseudonym")
    after = django_filters.IsoDateTimeFilter(
        field_name="revision__rating__submitted_at", lookup_expr="gte"
    )
    before = django_filters.IsoDateTimeFilter(
        field_name="revision__rating__submitted_at", lookup_expr="lt"
    )

    class Meta:
        model = Score
        fields: ClassVar[list[str]] = []
