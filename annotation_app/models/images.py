"""Images by the pixels they hold, and the files they came from."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from typing_extensions import override


class Image(models.Model):
    """A picture: its identity is the sha256 of its decoded pixels, mode and size.

    `file` is the served copy: lossless WebP without metadata, under a random name.
    """

    token = models.UUIDField(
        default=uuid.uuid4,
        db_default=RandomUUID(),
        unique=True,
        editable=False,
        help_text="names the image in the addresses of those who may see its collection",
    )
    pixel_sha256 = models.CharField(max_length=64, unique=True)
    width = models.PositiveIntegerField(help_text="pixels, upright")
    height = models.PositiveIntegerField(help_text="pixels, upright")
    has_alpha = models.BooleanField(default=False)
    perceptual_hash = models.BigIntegerField(
        db_index=True, help_text="64-bit difference hash as a signed integer"
    )
    file = models.CharField(max_length=200, help_text="storage name of the served copy")
    thumbnail = models.CharField(max_length=200, help_text="storage name of the thumbnail")
    file_bytes = models.PositiveBigIntegerField(help_text="size of the served copy")
    conversion = models.CharField(
        max_length=100,
        blank=True,
        help_text="how the pixels differ from the plain decode, e.g. a profile converted to sRGB",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="image_size_positive"
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.pixel_sha256[:12]} {self.width}×{self.height}"


class ImageOriginal(models.Model):
    """A file whose decode gave an image; several files may hold the same pixels."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="originals")
    file_sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=500, help_text="name in the import; never shown to raters")
    reference = models.CharField(
        max_length=1000, blank=True, help_text="where the original lies, if registered by reference"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "file_sha256"], name="original_once_per_image")
        ]
        indexes = [models.Index(fields=["file_sha256"], name="original_by_file")]

    @override
    def __str__(self) -> str:
        return self.name
