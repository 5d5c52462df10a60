"""The HTTP API: the same services and policies as the pages, in JSON."""
