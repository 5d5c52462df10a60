"""Pages of long lists, by cursor: rows that arrive meanwhile never repeat or hide others."""

from rest_framework.pagination import CursorPagination


class StablePagination(CursorPagination):
    """By id."""

    ordering = "id"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000


class NumberPagination(StablePagination):
    """Versions by their number."""

    ordering = "number"


class CandidatePagination(StablePagination):
    """Predictions by their candidate."""

    ordering = "candidate_id"
