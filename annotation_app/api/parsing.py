"""JSON bodies that the database can hold; everything else is refused before anyone reads it."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from typing_extensions import override


class TooLargeError(APIException):
    """A body larger than any request of the site."""

    status_code = 413
    default_detail = "The JSON is too large."
    default_code = "too_large"


class StorableJSONParser(JSONParser):
    """Refuses what is too large or too deep, or holds NUL, lone surrogates or infinite numbers."""

    @override
    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {}).get("request")
        length = int(request.META.get("CONTENT_LENGTH") or 0) if request is not None else 0
        if length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLargeError
        try:
            data = super().parse(stream, media_type, parser_context)
            written = json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error
        except ValueError as error:  # infinite numbers, lone surrogates
            raise ParseError("The JSON holds a value that cannot be stored.") from error
        if b"\\u0000" in written:
            raise ParseError("The JSON holds a NUL character.")
        return data
