"""A dataset card as a page shows it: its YAML head apart from its text."""

from dataclasses import dataclass

from annotation_app.web.markdown import render_document

FENCE = "---\n"


@dataclass(frozen=True)
class Card:
    """The head for programs, as written, and the text as safe HTML."""

    head: str
    body: str


def read_card(text: str) -> Card:
    """Split a card into its two parts; one without a head is all text."""
    if not text.startswith(FENCE):
        return Card("", render_document(text))
    head, _, body = text.removeprefix(FENCE).partition(f"\n{FENCE}")
    return Card(head, render_document(body))
