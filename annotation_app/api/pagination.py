"""Pages of long lists."""

from rest_framework.pagination import CursorPagination


class StablePagination(CursorPagination):
    """Cursor pages by id: rows that arrive meanwhile never repeat or hide others."""

    ordering = "id"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000
