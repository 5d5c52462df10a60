"""The audit log: appended by services, sealed into a hash chain by a task."""

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotation_app.enums import AuditVerb
from annotation_app.models.campaigns import Campaign


class AuditEvent(models.Model):
    """Who did what to which object; the database refuses to change or delete a row."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verb = models.CharField(max_length=12, choices=AuditVerb)
    object_type = models.CharField(max_length=50)
    object_id = models.CharField(max_length=64)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_by_object")]

    @override
    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"


class AuditSeal(models.Model):
    """A link of the hash chain: the digest of a run of events and of the link before."""

    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField(unique=True)
    event_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    @override
    def __str__(self) -> str:
        return self.digest[:12]


class AuditCheck(models.Model):
    """One verification of the whole chain of seals; the newest says how the log is."""

    checked_at = models.DateTimeField()
    seals = models.PositiveIntegerField(help_text="links that were recomputed")
    events = models.PositiveBigIntegerField(help_text="events under those links")
    breaks = models.JSONField(default=list, help_text="what does not hold; empty if all does")
    last_event = models.BigIntegerField(default=0, help_text="the newest sealed event")
    digest = models.CharField(max_length=64, blank=True, help_text="of the newest seal")
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="when the operators were mailed; set if there was no need"
    )

    class Meta:
        ordering = ["-id"]

    @override
    def __str__(self) -> str:
        return f"{self.seals} seals, {len(self.breaks)} broken"
