"""Put prepared images into storage and database: one row for the same pixels, even in races."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from annotation_app.models import Image, ImageOriginal
from annotation_app.services.images.preparing import PreparedImage, prepare_image

NAME_LENGTH = 500  # characters; the length of ImageOriginal.name


@contextmanager
def written_files() -> Iterator[list[str]]:
    """Collect the storage names written inside; remove those files if the block fails.

    Put it *around* the transaction, so that a failing commit removes them too.
    """
    names: list[str] = []
    try:
        yield names
    except BaseException:
        for name in names:
            default_storage.delete(name)
        raise


def store_image(*, data: bytes, name: str, reference: str = "") -> Image:
    """Decode, re-encode and keep one image file.

    Args:
        data: the file's bytes, from anywhere.
        name: the file's own name; kept for researchers, never shown to raters.
        reference: where the original is, if it stays there.

    Returns:
        The image with these pixels: a new row, or the existing one.

    Raises:
        ImageRefusedError: if the file is refused; it is not stored then.
    """
    prepared = prepare_image(data)
    with written_files() as written, transaction.atomic():
        return store_prepared(prepared=prepared, name=name, reference=reference, written=written)


def store_prepared(
    *, prepared: PreparedImage, name: str, reference: str = "", written: list[str]
) -> Image:
    """Keep a prepared image inside the caller's transaction and `written_files` block.

    Callers that store several images in one transaction do so in the order of their pixel
    hashes: two such transactions then wait for each other instead of deadlocking.
    """
    image = Image.objects.filter(pixel_sha256=prepared.pixel_sha256).first()
    if image is None:
        image = _insert(prepared, written)
    add_original(image=image, file_sha256=prepared.file_sha256, name=name, reference=reference)
    return image


def add_original(*, image: Image, file_sha256: str, name: str, reference: str = "") -> None:
    """Note a file that gave these pixels; a file that is known already stays as it is."""
    ImageOriginal.objects.bulk_create(
        [
            ImageOriginal(
                image=image, file_sha256=file_sha256, name=name[-NAME_LENGTH:], reference=reference
            )
        ],
        ignore_conflicts=True,
    )


def _insert(prepared: PreparedImage, written: list[str]) -> Image:
    token = secrets.token_hex(16)
    file = _write(f"images/{token[:2]}/{token}.webp", prepared.encoded, written)
    thumbnail = _write(f"thumbnails/{token[:2]}/{token}.webp", prepared.thumbnail, written)
    try:
        with transaction.atomic():
            return Image.objects.create(
                pixel_sha256=prepared.pixel_sha256,
                width=prepared.width,
                height=prepared.height,
                has_alpha=prepared.has_alpha,
                perceptual_hash=prepared.perceptual_hash,
                conversion=prepared.conversion,
                file=file,
                thumbnail=thumbnail,
                file_bytes=len(prepared.encoded),
            )
    except IntegrityError:  # another process stored the same pixels in the meantime
        for name in (file, thumbnail):
            default_storage.delete(name)
            written.remove(name)
        return Image.objects.get(pixel_sha256=prepared.pixel_sha256)


def _write(name: str, data: bytes, written: list[str]) -> str:
    stored = default_storage.save(name, ContentFile(data))
    written.append(stored)
    return stored
