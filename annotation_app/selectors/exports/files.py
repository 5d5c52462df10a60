"""The files of a dataset version that may still be handed out, and what they add up to."""

from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotation_app.models import Candidate, DatasetVersion, Image, Item, SnapshotItem
from annotation_app.selectors.collections.withdrawals import withdrawn_from
from annotation_app.selectors.exports.released_files import MANIFEST, find_file

IMAGES = "images/"
EMBEDDING = ".parquet"  # what images are embedded in


def withheld_files(version: DatasetVersion) -> frozenset[str]:
    """Files of a version that show an item withdrawn since: its image copies, and what embeds them.

    An image that an item still in use shows as well stays.
    """
    files: dict[str, Any] = version.manifest.get("files", {})
    withdrawn = list(withdrawn_from(version.snapshot).values_list("pk", flat=True))
    if not withdrawn:
        return frozenset()
    if version.options.get("images") == "embedded":
        held = {name for name in files if name.endswith(EMBEDDING)}
    else:
        held = set()
    gone = _shown_by(version, withdrawn) - _still_shown(withdrawn)
    return frozenset(held | {name for name in files if _image_of(name) in gone})


def find_version_file(version: DatasetVersion, name: str) -> Path | None:
    """The path of a file that the manifest lists and no withdrawal withholds; None otherwise."""
    found = find_file(folder=version.folder, manifest=version.manifest, name=name)
    return None if found is None or name in withheld_files(version) else found


def handed_out(version: DatasetVersion) -> list[tuple[str, dict[str, Any]]]:
    """Names and facts of everything that goes into a download of the whole version."""
    withheld = withheld_files(version)
    files: dict[str, Any] = version.manifest.get("files", {})
    return [(name, facts) for name, facts in sorted(files.items()) if name not in withheld]


def listed_files(version: DatasetVersion) -> list[tuple[str, dict[str, Any]]]:
    """The files worth listing individually: images are many and are listed in the manifest."""
    files: dict[str, Any] = version.manifest.get("files", {})
    return [(name, facts) for name, facts in sorted(files.items()) if not name.startswith(IMAGES)]


def checksum_lines(version: DatasetVersion) -> str:
    """One line per file as `sha256sum --check` reads it, the manifest first."""
    lines = [f"{version.digest}  {MANIFEST}\n"]
    lines += [f"{facts['sha256']}  {name}\n" for name, facts in handed_out(version)]
    return "".join(lines)


def _image_of(name: str) -> str:
    """The pixel hash that an image copy is named by; empty for other files."""
    return Path(name).stem if name.startswith(IMAGES) else ""


def _shown_by(version: DatasetVersion, items: list[int]) -> set[str]:
    rows = SnapshotItem.objects.filter(snapshot=version.snapshot, campaign_item__item__in=items)
    return {
        image["sha256"]
        for facts in rows.values_list("facts", flat=True)
        for image in (facts["source_image"], *(one["image"] for one in facts["candidates"]))
    }


def _still_shown(withdrawn: list[int]) -> set[str]:
    """Images of these items that an item which is not withdrawn shows too."""
    shown = Image.objects.filter(Q(items__in=withdrawn) | Q(candidates__item__in=withdrawn))
    shared = shown_images(shown)
    return set(shared.values_list("pixel_sha256", flat=True))


def shown_images(images: QuerySet[Image]) -> QuerySet[Image]:
    """Of these images, those that some item shows which is not withdrawn."""
    sources = Item.objects.filter(source_image=OuterRef("pk"), withdrawn_at=None)
    edits = Candidate.objects.filter(image=OuterRef("pk"), item__withdrawn_at=None)
    return images.filter(Exists(sources) | Exists(edits))
