"""Example images of guidelines."""

import uuid

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.models.campaigns import Campaign
from annotation_app.models.images import Image


class GuidelineImage(models.Model):
    """A picture that a campaign's guideline may show to every member."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="guideline_images"
    )
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="guideline_images")
    name = models.CharField(max_length=200)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-added_at"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "image"], name="guideline_image_once")
        ]

    @override
    def __str__(self) -> str:
        return self.name
