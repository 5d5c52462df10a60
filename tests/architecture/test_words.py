"""What users read is plain English: none of the words that no native speaker would use there.

Docstrings and docs have none either.
"""

from collections.abc import Callable, Iterator

import pytest

from tests.architecture.words import (
    ALLOWED,
    MARKERS,
    docstrings,
    documents,
    markers_in,
    translated_texts,
    untranslated_texts,
)

MOST_IN_DOCSTRINGS = 0
MOST_IN_DOCUMENTS = 0


def found(texts: Callable[[], Iterator[tuple[str, str]]]) -> list[str]:
    return [
        f"{word.place}: “{' '.join(word.text.split())[:120]}” ({word.marker}): "
        f"write {MARKERS[word.marker]}"
        for place, text in texts()
        for word in markers_in(place, text)
    ]


@pytest.mark.parametrize("texts", [translated_texts, untranslated_texts])
def test_no_text_that_users_read_has_a_word_of_our_own_dialect(texts):
    assert found(texts) == []


@pytest.mark.parametrize(
    ("texts", "most"), [(docstrings, MOST_IN_DOCSTRINGS), (documents, MOST_IN_DOCUMENTS)]
)
def test_docstrings_and_docs_get_no_more_of_them(texts, most):
    words = found(texts)
    assert len(words) <= most, "\n".join(words)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It is no number.", 1),
        ("It is no longer a number.", 0),
        ("There is no such item.", 0),
        ("What stands out", 0),
        ("The key stands in the header.", 1),
        ("The standard layout of a release", 0),
        ("Nothing was written.", 0),
        ("Nobody has rated it, so nothing lies there.", 3),
        ("in a process of its own", 1),
    ],
)
def test_markers_are_found_as_whole_words_and_not_in_allowed_phrases(text, count):
    assert len(list(markers_in("here", text))) == count


def test_every_allowed_phrase_is_needed_and_has_a_reason():
    texts = [
        " ".join(text.lower().split())
        for source in (translated_texts, untranslated_texts, documents)
        for _, text in source()
    ]
    unused = [phrase for phrase in ALLOWED if not any(phrase in text for text in texts)]
    assert unused == []
    assert all(ALLOWED.values())
