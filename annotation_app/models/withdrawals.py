"""Withdrawals: items removed for licence or privacy reasons, and restored."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from annotation_app.enums import WithdrawalGround
from annotation_app.models.collections import Item


class Withdrawal(models.Model):
    """One withdrawal of an item; `Item.withdrawn_at` is set while it is not undone."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="withdrawals")
    ground = models.CharField(max_length=10, choices=WithdrawalGround)
    reason = models.CharField(max_length=500)
    closed_tasks = ArrayField(
        models.BigIntegerField(), default=list, help_text="slots that it closed: an undo opens them"
    )
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField()
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    restored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-withdrawn_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=models.Q(restored_at__isnull=True),
                name="withdrawn_once_at_a_time",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="withdrawal_says_why"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.item_id}: {self.ground}"
