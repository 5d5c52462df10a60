"""Screening items at import: personal data in texts, GPS positions in files, listed words.

A pattern only finds candidates for review: every hit is a flag, and no item is refused.
"""

import re
from collections.abc import Iterable

from django.conf import settings

from annotation_app.enums import FlagKind, FlagSource
from annotation_app.models import Flag, Item

PATTERNS = {
    "email address": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    # at least nine digits, as numbers of telephones have them
    "telephone number": re.compile(r"(?<![\w.])\+?\d(?:[\s().-]{0,2}\d){8,14}(?![\w.])"),
    "social security number": re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"),
    "Chinese identity number": re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])"),
    "bank account": re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b"),
}


def personal_data_in(text: str) -> list[str]:
    """Kinds of personal data that a text seems to hold.

    >>> personal_data_in("Write anna@example.org on the sign")
    ['email address']
    >>> personal_data_in("Add 12 birds at 10:30")
    []
    """
    return [name for name, pattern in PATTERNS.items() if pattern.search(text)]


def screened_words_in(text: str, words: Iterable[str]) -> list[str]:
    """Words of the operator's list that occur in a text as whole words, ignoring case.

    >>> screened_words_in("Add a Gun to the gunwale", ["gun"])
    ['gun']
    """
    return [
        word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
    ]


def screen_item(*, item: Item, has_gps: bool = False) -> list[Flag]:
    """Flag a newly imported item for what was found in it."""
    found = personal_data_in(item.instruction)
    if has_gps:
        found.append("GPS place in an image file")
    words = screened_words_in(item.instruction, settings.SCREENED_WORDS)
    flags = []
    if found:
        flags.append((FlagKind.PERSONAL_DATA, ", ".join(found)))
    if words:
        flags.append((FlagKind.UNSAFE, ", ".join(words)))
    return Flag.objects.bulk_create(
        Flag(item=item, kind=kind, source=FlagSource.IMPORT, note=note[:1000])
        for kind, note in flags
    )
