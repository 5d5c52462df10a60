"""Collections of items and their candidates: owned once, used by many campaigns."""

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.enums import Split
from annotation_app.models.images import Image


class Collection(models.Model):
    """A body of items with their candidates and images."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=200, unique=True)
    description = models.TextField(blank=True)
    licence = models.CharField(max_length=200, blank=True)
    is_simulated = models.BooleanField(
        default=False, help_text="Made by the simulation; labelled as such everywhere."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="collections"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    @override
    def __str__(self) -> str:
        return self.name


class Generator(models.Model):
    """A model that makes candidate edits; its name is hidden from annotators."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    @override
    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """An instruction on a source image."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    external_id = models.CharField(max_length=200)
    instruction = models.TextField()
    instruction_language = models.CharField(max_length=20, blank=True, help_text="BCP 47")
    category = models.CharField(max_length=100, blank=True)
    source_dataset = models.CharField(max_length=200, blank=True)
    source_image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="items")
    licence = models.CharField(max_length=200, blank=True)
    metadata = models.JSONField(default=dict, blank=True, help_text="unknown columns of the import")
    split = models.CharField(
        max_length=12, choices=Split, blank=True, help_text="recorded at first release"
    )
    split_component = models.CharField(max_length=64, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "external_id"], name="item_once_per_collection"
            ),
            models.CheckConstraint(
                condition=~models.Q(instruction=""), name="item_has_instruction"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True) | ~models.Q(withdrawal_reason=""),
                name="withdrawal_has_reason",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.external_id


class Candidate(models.Model):
    """An edited image of an item, made by a generator with a seed."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="candidates")
    external_id = models.CharField(max_length=200)
    generator = models.ForeignKey(Generator, on_delete=models.PROTECT, related_name="candidates")
    seed = models.BigIntegerField(null=True, blank=True)
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="candidates")
    metadata = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "external_id"], name="candidate_once_per_item")
        ]

    @override
    def __str__(self) -> str:
        return self.external_id
