"""Addresses of things that people name: free, and never the word of a fixed page."""

import secrets
from collections.abc import Callable

from django.utils.text import slugify

# Words that some address has in the place of a name, as in collections/new/; a test walks all
# addresses and finds those that are missing here.
RESERVED = frozenset({"new"})
TAIL_LENGTH = 10  # characters that `free_slug` may add


def free_slug(name: str, *, fallback: str, longest: int, is_taken: Callable[[str], bool]) -> str:
    """A short name for addresses, with a random suffix if the plain one is not available.

    Args:
        name: the name that the person gave.
        fallback: the noun, for names without a Latin letter or digit.
        longest: the field's greatest length in characters.
        is_taken: whether another object has this address.
    """
    slug = slugify(name)[: longest - TAIL_LENGTH]
    if slug and slug not in RESERVED and not is_taken(slug):
        return slug
    return f"{slug or fallback}-{secrets.token_hex(4)}"
