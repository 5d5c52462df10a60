"""An annotator's status in a campaign: pauses, notes to them, work taken out of the count."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from annotation_app.enums import NoteKind, PauseReason
from annotation_app.models.campaigns import Membership


class AnnotatorStatus(models.Model):
    """Why a membership is paused, and from when its training and tests count.

    `calibrate_since`: only lessons and attempts after it count. `tests_since`: the sequential test
    on gold restarts there.
    """

    membership = models.OneToOneField(
        Membership, on_delete=models.CASCADE, related_name="annotator_status", primary_key=True
    )
    pause_reason = models.CharField(max_length=10, choices=PauseReason, blank=True)
    pause_text = models.CharField(max_length=1000, blank=True, help_text="a person's own words")
    paused_at = models.DateTimeField(null=True, blank=True)
    calibrate_since = models.DateTimeField(null=True, blank=True)
    tests_since = models.DateTimeField(null=True, blank=True)

    @override
    def __str__(self) -> str:
        return self.pause_reason or "not paused"


class AnnotatorNote(models.Model):
    """A note to an annotator, shown at home and on the workbench until they have read it.

    The sentence of a kind is written in the reader's language; `text` is a person's own words.
    """

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=NoteKind)
    text = models.CharField(max_length=1000, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["membership"], condition=models.Q(read_at__isnull=True), name="note_unread"
            )
        ]

    @override
    def __str__(self) -> str:
        return self.kind


class WorkRelease(models.Model):
    """Ratings of one annotator that were taken out of the count together; can be undone."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="releases")
    ratings = ArrayField(models.BigIntegerField(), help_text="ids of the released ratings")
    reason = models.CharField(max_length=500)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    restored = models.PositiveIntegerField(default=0, help_text="ratings that count again")

    class Meta:
        ordering = ["-released_at"]

    @override
    def __str__(self) -> str:
        return f"{len(self.ratings)} ratings"
