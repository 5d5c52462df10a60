"""Names of items, candidates and people: one spelling each, and which differ by little."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

INVISIBLE = "\ufeff\u200b\u200e\u200f"  # byte order and direction marks, zero-width blanks


def normal_name(text: str) -> str:
    r"""A name in composed form (NFC) without surrounding blanks.

    >>> normal_name(" Jose\u0301 ") == "José"
    True
    """
    return unicodedata.normalize("NFC", text).strip().strip(INVISIBLE).strip()


def loose_name(text: str) -> str:
    """What a name is without regard to case, blanks and underscores.

    >>> loose_name("Visual Quality") == loose_name("visual_quality")
    True
    """
    return "".join(normal_name(text).casefold().replace("_", " ").split())


def near_names(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of different names that differ by case or blanks only, in order.

    >>> near_names(["Ann", "bob", "ann", "b ob"])
    [('Ann', 'ann'), ('b ob', 'bob')]
    """
    groups: dict[str, set[str]] = defaultdict(set)
    for name in names:
        groups["".join(normal_name(name).casefold().split())].add(name)
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def describe_near(what: str, names: Iterable[str], shown: int = 5) -> list[str]:
    """A sentence for each group of names that differ by case or blanks only.

    Args:
        what: what the names are, plural: "annotators".
        names: all of them.
        shown: how many groups are named; the rest is counted.
    """
    groups = near_names(names)
    sentences = [
        f"These {what} differ by case or blanks only and are taken as different: "
        f"{', '.join(map(repr, group))}. If they are the same, spell them alike."
        for group in groups[:shown]
    ]
    if len(groups) > shown:
        sentences.append(f"{len(groups) - shown:,} more groups of {what} differ so.")
    return sentences
