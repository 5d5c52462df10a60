"""A guideline version as a form: documents, wording and what changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from annotation_app.enums import Language
from annotation_app.models import Campaign, GuidelineVersion

LONGEST_DOCUMENT = 60_000
LONGEST_WORD, LONGEST_SENTENCE = 100, 500
Path = tuple[str, ...]


class GuidelineForm(forms.Form):
    """Fields for every language; English is needed, another language wholly or not at all."""

    def __init__(self, *args: Any, campaign: Campaign, version: GuidelineVersion | None) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args)
        self.paths: dict[str, Path] = {}
        for language in Language.values:
            self._add_document(language, version)
            for path, label, longest in wording_paths(campaign):
                said = _at((version.wording if version else {}).get(language, {}), path)
                self._add_word(language, (path, label, longest), said)

    def _add_document(self, language: str, version: GuidelineVersion | None) -> None:
        needed = language == Language.ENGLISH.value
        self.fields[f"document-{language}"] = forms.CharField(
            label=_("Guideline (Markdown)"),
            required=needed,
            max_length=LONGEST_DOCUMENT,
            initial=(version.document if version else {}).get(language, ""),
            widget=forms.Textarea(attrs={"rows": 18, "lang": language}),
        )
        self.fields[f"note-{language}"] = forms.CharField(
            label=_("What changed, in one sentence"), required=needed, max_length=LONGEST_SENTENCE
        )

    def _add_word(self, language: str, place: tuple[Path, str, int], said: str) -> None:
        path, label, longest = place
        name = f"word-{language}-" + "-".join(path)
        self.paths[name] = (language, *path)
        self.fields[name] = forms.CharField(
            label=label, required=False, max_length=longest, initial=said
        )

    @override
    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for language in self._used(values):
            for name, path in self.paths.items():
                is_name = path[-1] == "name"
                if path[0] == language and is_name and not values.get(name):
                    self.add_error(
                        name, _("A language must be filled in completely or not at all.")
                    )
        return values

    def languages(self) -> list[tuple[str, str, list[forms.BoundField], list[forms.BoundField]]]:
        """For the page: code, name, document fields, wording fields of each language."""
        return [
            (
                code,
                str(name),
                [self[f"document-{code}"], self[f"note-{code}"]],
                [self[field] for field, path in self.paths.items() if path[0] == code],
            )
            for code, name in Language.choices
        ]

    def content(self) -> dict[str, dict[str, Any]]:
        """Document, wording and change note, by language."""
        values = self.cleaned_data
        wording: dict[str, Any] = {}
        used = self._used(values)
        for name, path in self.paths.items():
            if path[0] in used:
                place = wording
                for step in path[:-1]:
                    place = place.setdefault(step, {})
                place[path[-1]] = values[name]
        return {
            "document": {code: values[f"document-{code}"] for code in used},
            "wording": wording,
            "change_note": {
                code: values[f"note-{code}"] for code in used if values[f"note-{code}"]
            },
        }

    def _used(self, values: dict[str, Any]) -> list[str]:
        return [code for code in Language.values if values.get(f"document-{code}")]


def wording_paths(campaign: Campaign) -> list[tuple[Path, str, int]]:
    """The path, label and greatest length of each text of the wording."""
    found: list[tuple[Path, str, int]] = []
    dimensions = campaign.rubric.dimensions.prefetch_related("levels", "criteria")
    for dimension in dimensions:
        key = dimension.key
        found.append(((key, "name"), f"{key}: {_('name')}", LONGEST_WORD))
        found.append(((key, "summary"), f"{key}: {_('summary')}", LONGEST_SENTENCE))
        for level in sorted(dimension.levels.all(), key=lambda one: -one.value):
            value = str(level.value)
            path = (key, "levels", value)
            found.append(((*path, "name"), f"{key} {value}: {_('name')}", LONGEST_WORD))
            found.append(((*path, "anchor"), f"{key} {value}: {_('anchor')}", LONGEST_SENTENCE))
        for criterion in dimension.criteria.all():
            path = (key, "criteria", criterion.key)
            label = f"{key}, {criterion.key}"
            found.append(((*path, "name"), f"{label}: {_('name')}", LONGEST_WORD))
            said = f"{label}: {_('description')}"
            found.append(((*path, "description"), said, LONGEST_SENTENCE))
    return found


def _at(words: dict[str, Any], path: Path) -> str:
    place: Any = words
    for step in path:
        place = place.get(step, {}) if isinstance(place, dict) else {}
    return place if isinstance(place, str) else ""
