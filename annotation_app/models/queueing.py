"""How far each annotator has read a campaign's queue: what keeps "next" at a flat cost."""

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.models.campaigns import Campaign


class QueueCursor(models.Model):
    """An annotator's place in the two lanes of a campaign's queue.

    Every open slot before a place was seen and is barred to this annotator (they rated, hold or
    skipped its item). Slots that come back are found through `Task.returned_at`; code that rewrites
    priorities or adds slots must delete the campaign's cursors.
    """

    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    ranked_priority = models.FloatField(null=True)
    ranked_task = models.BigIntegerField(null=True)
    reserved_priority = models.FloatField(null=True)
    reserved_task = models.BigIntegerField(null=True)
    served = models.PositiveIntegerField(default=0, help_text="slots handed out")
    served_reserved = models.PositiveIntegerField(
        default=0, help_text="of them, from the reserved lane"
    )
    wrapped_at = models.DateTimeField(
        null=True, blank=True, help_text="when the queue was last read to its end"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotator", "campaign"], name="queue_cursor_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.annotator_id} in {self.campaign_id}"
