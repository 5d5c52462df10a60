"""One item with its candidates and images, in one transaction."""

from collections.abc import Sequence

from django.db import transaction

from annotation_app.models import Candidate, Collection, Generator, Image, Item
from annotation_app.services.collections.importing.resolving import ResolvedImage
from annotation_app.services.collections.importing.rows import ItemRow
from annotation_app.services.collections.importing.sources import ImportSource
from annotation_app.services.collections.screening import screen_item
from annotation_app.services.images.storing import store_prepared, written_files


def write_item(
    *,
    collection: Collection,
    row: ItemRow,
    images: Sequence[ResolvedImage],
    source: ImportSource,
    by_reference: bool,
) -> int:
    """Write an item whole or not at all, files included.

    Rows that others may insert at the same time (generators, images) come first and in sorted
    order, so that two imports wait for each other and never deadlock.

    Returns:
        How many images were new.

    Raises:
        IntegrityError: if the item was imported by another process in the meantime.
    """
    with written_files() as written, transaction.atomic():
        generators = _generators({candidate.model for candidate in row.candidates})
        stored = _store_images(images, source, written, by_reference=by_reference)
        item = Item.objects.create(
            collection=collection,
            external_id=row.item_id,
            source_image=stored[images[0].pixel_sha256],
            metadata=row.metadata,
            **row.texts,
        )
        Candidate.objects.bulk_create(
            Candidate(
                item=item,
                external_id=candidate.candidate_id,
                generator=generators[candidate.model],
                seed=candidate.seed,
                image=stored[image.pixel_sha256],
                metadata=candidate.metadata,
            )
            for candidate, image in zip(row.candidates, images[1:], strict=True)
        )
        places = (image.prepared.has_gps for image in images if image.prepared is not None)
        screen_item(item=item, has_gps=any(places))
    return len(written) // 2  # a copy and a thumbnail each


def _generators(names: set[str]) -> dict[str, Generator]:
    found = {generator.name: generator for generator in Generator.objects.filter(name__in=names)}
    missing = sorted(names - found.keys())
    if missing:
        Generator.objects.bulk_create(
            [Generator(name=name) for name in missing], ignore_conflicts=True
        )
        fresh = Generator.objects.filter(name__in=missing)
        found |= {generator.name: generator for generator in fresh}
    return found


def _store_images(
    images: Sequence[ResolvedImage],
    source: ImportSource,
    written: list[str],
    *,
    by_reference: bool,
) -> dict[str, Image]:
    stored: dict[str, Image] = {}
    for image in sorted(images, key=lambda image: image.pixel_sha256):
        if image.known is not None:
            stored[image.pixel_sha256] = image.known
        elif image.prepared is not None:
            stored[image.pixel_sha256] = store_prepared(
                prepared=image.prepared,
                name=image.cell.path,
                reference=source.location(image.cell) if by_reference else "",
                written=written,
            )
    return stored
