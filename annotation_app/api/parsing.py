"""JSON bodies that the database can hold; everything else is refused before anyone reads it."""

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from typing_extensions import override


class StorableJSONParser(JSONParser):
    """Refuses JSON that is nested too deeply or has NUL, lone surrogates or infinite numbers."""

    @override
    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
            written = json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply.") from error
        except ValueError as error:  # infinite numbers, lone surrogates
            raise ParseError("The JSON contains a value that cannot be stored.") from error
        if b"\\u0000" in written:
            raise ParseError("The JSON contains a NUL character.")
        return data
