"""Which of a rubric's dimensions a file's word means: its key, its title, or a published name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from analytics.tabular.names import loose_name
from annotation_app.models import Campaign
from annotation_app.selectors.rubrics.guidelines import guideline_versions

# the papers' names of the default rubric's dimensions
PUBLISHED = {
    "instruction_following": "if",
    "visual_quality": "vq",
    "quality_aesthetic": "vq",
}


@dataclass(frozen=True)
class DimensionWords:
    """The words for each dimension of a rubric.

    Attributes:
        keys: in the rubric's order.
        levels: by key, ascending; empty if they are not known.
        words: from a word, ignoring case and blanks, to a key.
    """

    keys: tuple[str, ...]
    levels: Mapping[str, Sequence[int]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def key(self, word: str) -> str | None:
        """The dimension that a word means, if it means one."""
        return self.words.get(loose_name(word))

    @property
    def listed(self) -> str:
        """The keys, for a remedy."""
        return ", ".join(self.keys)


def words_for(
    keys: Sequence[str],
    titles: Iterable[tuple[str, str]] = (),
    levels: Mapping[str, Sequence[int]] | None = None,
) -> DimensionWords:
    """The words for some dimensions.

    Args:
        keys: of the dimensions; a key always means itself.
        titles: (key, title) pairs; a title of two dimensions means neither.
        levels: by key.
    """
    meant: dict[str, set[str]] = {}
    for key, title in (*titles, *((key, word) for word, key in PUBLISHED.items())):
        if key in keys and loose_name(title):
            meant.setdefault(loose_name(title), set()).add(key)
    words = {word: next(iter(found)) for word, found in meant.items() if len(found) == 1}
    words |= {loose_name(key): key for key in keys}
    return DimensionWords(tuple(keys), levels or {}, words)


def campaign_words(campaign: Campaign) -> DimensionWords:
    """The words for a campaign's dimensions: keys, and titles of all its guideline versions."""
    titles = [
        (key, str(words.get("name", "")))
        for version in guideline_versions(campaign)
        for wording in version.wording.values()
        for key, words in wording.items()
    ]
    dimensions = campaign.rubric.dimensions.prefetch_related("levels")
    levels = {row.key: sorted(level.value for level in row.levels.all()) for row in dimensions}
    return words_for(tuple(levels), titles, levels)
