"""Talk about items between annotators and the people who run a campaign."""

import uuid

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.models.campaigns import Campaign, CampaignItem
from annotation_app.models.rubrics import Criterion
from annotation_app.models.tasks import Lease


class Thread(models.Model):
    """The discussion of one item of a campaign."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="threads")
    campaign_item = models.OneToOneField(
        CampaignItem, on_delete=models.CASCADE, related_name="thread"
    )
    last_message_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, help_text="nothing left to answer")

    class Meta:
        ordering = ["-last_message_at"]
        indexes = [models.Index(fields=["campaign", "-last_message_at"], name="thread_inbox")]

    @override
    def __str__(self) -> str:
        return f"thread of {self.campaign_item_id}"


class ThreadMessage(models.Model):
    """One message. `lease` is the annotator's work on the item that it belongs to.

    A message of the campaign's people without a lease speaks to every annotator of the thread.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="thread_messages"
    )
    lease = models.ForeignKey(
        Lease, on_delete=models.PROTECT, null=True, blank=True, related_name="thread_messages"
    )
    from_staff = models.BooleanField()
    criterion = models.ForeignKey(
        Criterion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="which one it is about; empty: the item as a whole",
    )
    before_rating = models.BooleanField(
        default=False, help_text="a question asked before its author had rated the item"
    )
    body = models.TextField(max_length=4000)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    @override
    def __str__(self) -> str:
        return self.body[:60]


class ThreadRead(models.Model):
    """How far a person has read a thread."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="thread_reads"
    )
    message_id = models.BigIntegerField(default=0, help_text="the newest message they have seen")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="thread_read_once")]

    @override
    def __str__(self) -> str:
        return f"{self.message_id}"
