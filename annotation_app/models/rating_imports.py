"""Ratings that came from elsewhere: which import brought them, and under whose placeholder."""

import uuid

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.enums import Design, RatingsImportState
from annotation_app.models.campaigns import Campaign
from annotation_app.models.jobs import Job
from annotation_app.models.ratings import Rating


class RatingsImport(models.Model):
    """One file of existing ratings, taken whole or not at all; it can be released whole."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="ratings_imports")
    name = models.CharField(max_length=200, help_text="of the file or folder")
    file_sha256 = models.CharField(max_length=64, blank=True)
    design = models.CharField(max_length=14, choices=Design)
    state = models.CharField(
        max_length=10, choices=RatingsImportState, default=RatingsImportState.READY
    )
    counts = models.JSONField(default=dict)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    release_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-created_at"]

    @override
    def __str__(self) -> str:
        return self.name


class ImportedRating(models.Model):
    """Ties a rating to the import that brought it."""

    ratings_import = models.ForeignKey(
        RatingsImport, on_delete=models.CASCADE, related_name="imported"
    )
    rating = models.OneToOneField(Rating, on_delete=models.CASCADE, related_name="imported_by")

    @override
    def __str__(self) -> str:
        return f"{self.rating_id}"


class ImportedAnnotator(models.Model):
    """A placeholder account for an annotator of imported ratings; no one can sign in with it.

    The file's own name is kept as a keyed hash only, so that the same name in another file of
    the campaign finds the same placeholder.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="imported_annotators"
    )
    name_hmac = models.CharField(max_length=64)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imported_as"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "name_hmac"], name="imported_annotator_once"
            )
        ]

    @override
    def __str__(self) -> str:
        return str(self.user)
