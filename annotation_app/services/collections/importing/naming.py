"""Names that an import brings: which of them differ by case or blanks only."""

from collections.abc import Iterable

from analytics.tabular.names import describe_near
from annotation_app.models import Collection, Generator, Item
from annotation_app.services.collections.importing.rows import ItemRow


class NamesSeen:
    """Collects the names of items and models of one import."""

    def __init__(self) -> None:
        self._items: set[str] = set()
        self._models: set[str] = set()

    def add(self, rows: Iterable[ItemRow]) -> None:
        """Take in the names of some items and their candidates' models."""
        for row in rows:
            self._items.add(row.item_id)
            self._models.update(candidate.model for candidate in row.candidates)

    def notices(self, collection: Collection | None) -> list[str]:
        """A sentence for each group of names that differ by little, those there before included."""
        items, models = set(self._items), set(self._models)
        if items and collection is not None:
            known = Item.objects.filter(collection=collection)
            items |= set(known.values_list("external_id", flat=True).iterator())
        if models:
            models |= set(Generator.objects.values_list("name", flat=True).iterator())
        return [
            *_touching("items", items, self._items),
            *_touching("models", models, self._models),
        ]


def _touching(what: str, names: set[str], brought: set[str]) -> list[str]:
    """What `describe_near` says of the groups to which the import brings a name."""
    loose = {"".join(name.casefold().split()) for name in brought}
    near = {name for name in names if "".join(name.casefold().split()) in loose}
    return describe_near(what, near)
