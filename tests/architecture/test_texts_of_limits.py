"""What users read of a limit is the limit: texts name the numbers of `analytics.limits`."""

import re

import polib
import pytest

from analytics.limits import (
    CONFIDENCE,
    FEWEST_ANNOTATORS,
    FEWEST_FOR_POOL,
    FEWEST_ITEMS,
    GOLD_CERTAINTY,
    GOLD_FLOOR,
)
from tests.architecture.source_tree import CHECKOUT

CATALOGUE = CHECKOUT / "annotation_app/locale/zh_Hans/LC_MESSAGES/django.po"
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ENGLISH = [
    (r"fewer than (\w+) (?:overlapping )?items", WORDS[FEWEST_ITEMS]),
    (r"(?:below|under) (\w+) items", WORDS[FEWEST_ITEMS]),
    (r"fewer than (\w+) groups", WORDS[FEWEST_ITEMS]),
    (r"fewer than (\w+) annotators", WORDS[FEWEST_ANNOTATORS]),
    (r"(?:below|need|takes?) (\w+) annotators", WORDS[FEWEST_FOR_POOL]),
    (r"(\d+) %+ interval", f"{CONFIDENCE:.0%}"[:-1]),
    (r"hidden gold \w+ below (\d+) %", f"{GOLD_FLOOR:.0%}"[:-1]),
    (r"(\d+) % certainty", f"{GOLD_CERTAINTY:.0%}"[:-1]),
]


@pytest.fixture(scope="module")
def messages():
    return [entry.msgid for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]


@pytest.mark.parametrize(("pattern", "limit"), ENGLISH)
def test_every_text_that_names_a_limit_names_its_number(messages, pattern, limit):
    named = {
        message: found
        for message in messages
        for found in re.findall(pattern, message, re.IGNORECASE)
    }
    assert named, f"no text speaks of {pattern!r} any more: adapt the pattern or drop it"
    assert {message: found for message, found in named.items() if found != limit} == {}
