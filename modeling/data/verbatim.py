"""Texts that a model reads letter by letter, blanks and line breaks included; readers of rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modeling.data.lines import checked_text


def verbatim_text(value: Mapping[str, Any], key: str) -> str:
    """A text as :func:`checked_text` takes it, but to the letter: another blank, another score.

    What is neither missing nor blank may begin and end with blanks or line breaks; a library call
    and the published code read those too.
    """
    checked_text(value, key)
    return str(value[key])
