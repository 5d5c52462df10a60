"""Images whose files are gone: found before anything is written, each with its item and field."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Snapshot, SnapshotItem

NAMED = 50  # missing images that the message names
ROWS_AT_ONCE = 500
ASKED_AT_ONCE = 16  # requests to a storage elsewhere


class MissingImage(NamedTuple):
    """An image that has no file: its owner, its field, and the file's name."""

    item_id: str
    field: str
    file: str


def check_images(snapshot: Snapshot, progress: Callable[[int, int, str], None]) -> None:
    """See that every image of a snapshot has its file.

    Raises:
        InvalidInputError: if any has not; it names items, fields and what to do.
    """
    missing = missing_images(_images_of(snapshot, progress))
    if not missing:
        return
    raise InvalidInputError(
        "\n".join(_described(missing)), missing=[one._asdict() for one in missing[:NAMED]]
    )


def _described(missing: Sequence[MissingImage]) -> Iterator[str]:
    """The lines of the message: how many, which, and what to do."""
    count = len(missing)
    yield ngettext(
        "%(count)s image is missing from storage; nothing was written.",
        "%(count)s images are missing from storage; nothing was written.",
        count,
    ) % {"count": f"{count:,}"}
    for one in missing[:NAMED]:
        yield _("Item %(item)s, %(field)s: %(file)s") % {
            "item": one.item_id,
            "field": one.field,
            "file": one.file,
        }
    if count > NAMED:
        yield _("… and %(count)s more.") % {"count": f"{count - NAMED:,}"}
    yield _("Restore these files from a backup, or withdraw the items; then try again.")


def missing_images(images: Iterable[MissingImage]) -> list[MissingImage]:
    """Of these images, those whose file is not there."""
    asked = list(dict.fromkeys(images))
    if isinstance(default_storage, FileSystemStorage):
        there: Iterable[bool] = map(_is_on_disk, asked)
    else:
        with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
            there = list(pool.map(lambda one: default_storage.exists(one.file), asked))
    return [image for image, found in zip(asked, there, strict=True) if not found]


def fields_of(facts: dict[str, Any]) -> Iterator[MissingImage]:
    """Every image of an item by its field."""
    name = facts["item_id"]
    yield MissingImage(name, "source_image", facts["source_image"]["file"])
    for one in facts["candidates"]:
        yield MissingImage(name, f"candidate {one['candidate_id']}", one["image"]["file"])


def _images_of(
    snapshot: Snapshot, progress: Callable[[int, int, str], None]
) -> Iterator[MissingImage]:
    """The images of a snapshot, each file once."""
    seen: set[str] = set()
    rows = SnapshotItem.objects.filter(snapshot=snapshot).order_by("campaign_item")
    facts = rows.values_list("facts", flat=True).iterator(ROWS_AT_ONCE)
    for done, one in enumerate(facts, start=1):
        for image in fields_of(one):
            if image.file not in seen:
                seen.add(image.file)
                yield image
        progress(done, snapshot.item_count, "looking for images")


def _is_on_disk(image: MissingImage) -> bool:
    return Path(default_storage.path(image.file)).is_file()
