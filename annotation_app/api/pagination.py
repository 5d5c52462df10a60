"""Pages of long lists, by cursor: rows that arrive meanwhile never repeat or hide others."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from typing_extensions import override

from annotation_app.services.numbers import read_whole


class StablePagination(CursorPagination):
    """By id."""

    ordering = "id"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000

    @override
    def decode_cursor(self, request: Any) -> Any:
        """Refuse a position that is not a whole number: the database would fail on it."""
        cursor = super().decode_cursor(request)
        position = getattr(cursor, "position", None)
        if position is not None and read_whole(position) is None:
            raise NotFound(self.invalid_cursor_message)
        return cursor

    @override
    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The same shape in the words of OpenAPI 3.1, where null is a type."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }


class NumberPagination(StablePagination):
    """Versions by their number."""

    ordering = "number"


class CandidatePagination(StablePagination):
    """Predictions by their candidate."""

    ordering = "candidate_id"
