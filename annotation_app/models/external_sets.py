"""Image sets outside the campaign that no training data may touch: benchmarks and listed ones."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from annotation_app.models.collections import Collection


class ExternalSet(models.Model):
    """A named list of images by hash; items of the collection that hold one are excluded."""

    collection = models.ForeignKey(
        Collection, on_delete=models.CASCADE, related_name="external_sets"
    )
    name = models.CharField(max_length=200)
    hashes = ArrayField(
        models.CharField(max_length=64), help_text="sha256 of decoded pixels or of whole files"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "name"], name="external_set_once_per_collection"
            )
        ]

    @override
    def __str__(self) -> str:
        return self.name
