"""Reads of images."""

from collections.abc import Iterable

from annotation_app.models import Image, ImageOriginal


def images_by_file(digests: Iterable[str]) -> dict[str, Image]:
    """The images that files with these sha256 decoded to, by the file's sha256."""
    originals = ImageOriginal.objects.filter(file_sha256__in=set(digests)).select_related("image")
    return {original.file_sha256: original.image for original in originals.order_by("id")}


def image_files(images: Iterable[Image]) -> dict[int, list[ImageOriginal]]:
    """The files that each image came from, by the image's primary key."""
    files: dict[int, list[ImageOriginal]] = {}
    for original in ImageOriginal.objects.filter(image__in=list(images)).order_by("id"):
        files.setdefault(original.image_id, []).append(original)
    return files
