"""Texts that are kept in several languages: picking one."""

from collections.abc import Mapping
from typing import TypeVar

from annotation_app.enums import Language

Text = TypeVar("Text")


def in_language(texts: Mapping[str, Text], language: str | None) -> Text:
    """Return the text in a language, else in English, else in any.

    Raises:
        LookupError: if there is no text at all.
    """
    for code in (language, Language.ENGLISH.value, *texts):
        if code is not None and code in texts:
            return texts[code]
    raise LookupError("there is no text in any language")
