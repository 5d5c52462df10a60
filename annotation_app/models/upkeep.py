"""When the regular work in the background was last done."""

from django.db import models
from typing_extensions import override


class UpkeepRun(models.Model):
    """One kind of regular work: how often it is due, how its last round and last failure went."""

    name = models.CharField(max_length=60, unique=True, help_text="the name of its task")
    every = models.DurationField(help_text="how often it is due")
    ended_at = models.DateTimeField(null=True, help_text="of the last round that went well")
    seconds = models.FloatField(default=0, help_text="that round's length")
    failed_at = models.DateTimeField(null=True, help_text="of the last round that did not")
    error = models.CharField(max_length=500, blank=True)
    told_at = models.DateTimeField(
        null=True, help_text="when the operators were told that it is overdue; none while it is not"
    )

    class Meta:
        ordering = ["name"]

    @override
    def __str__(self) -> str:
        return self.name
