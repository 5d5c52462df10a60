"""Names of items, candidates and people: one spelling each, and which differ by little."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

NUMBER = re.compile(r"0*(\d+?)(?:\.0*)?")
INVISIBLE = "\ufeff\u200b\u200e\u200f\u202a\u202c"  # marks without width


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


def alike(name: str) -> str:
    """What names that look alike share: no case, blanks, widths, marks, zeros before or after.

    >>> alike("007") == alike("7.0") == alike(" 7") and alike("Ann") == alike("an n")
    True
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    text = "".join(sign for sign in text if unicodedata.category(sign)[0] not in "ZC")
    number = NUMBER.fullmatch(text)
    return number[1] if number else text


def near_names(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of different names that look alike, in order.

    >>> near_names(["Ann", "bob", "ann", "b ob"])
    [('Ann', 'ann'), ('b ob', 'bob')]
    """
    groups: dict[str, set[str]] = defaultdict(set)
    for name in names:
        groups[alike(name)].add(name)
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


def _difference(group: tuple[str, ...]) -> str:
    plain = {"".join(normal_name(name).casefold().split()) for name in group}
    return "case or blanks" if len(plain) == 1 else "zeros, widths or hidden characters"


def describe_near(what: str, names: Iterable[str], shown: int = 5) -> list[str]:
    """A sentence for each group of names that look alike.

    Args:
        what: what the names are, plural: "annotators".
        names: all of them.
        shown: how many groups are named; the rest is counted.
    """
    groups = near_names(names)
    sentences = [
        f"These {what} differ by {_difference(group)} only and are treated as different: "
        f"{', '.join(map(repr, group))}. If they are the same, spell them the same way."
        for group in groups[:shown]
    ]
    if len(groups) > shown:
        sentences.append(f"{len(groups) - shown:,} more groups of {what} differ in this way.")
    return sentences
