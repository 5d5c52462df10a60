"""How far apart an item's raters lie: written with the live store, read by the explorer."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from typing_extensions import override

from annotation_app.models.campaigns import Campaign, CampaignItem


class ItemSpread(models.Model):
    """The widest disagreement of an item's counted ratings on one dimension.

    Only items with a candidate that two people scored have rows. The dimension is empty in the
    row of the widest over all dimensions. `services.agreement` alone writes here; the
    entropy comes from the last study of the annotators and may be older.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    campaign_item = models.ForeignKey(CampaignItem, on_delete=models.CASCADE, related_name="+")
    dimension = models.CharField(max_length=20, blank=True)
    width = models.PositiveSmallIntegerField(
        help_text="largest minus smallest level of the candidate where they lie furthest apart"
    )
    raters = ArrayField(models.BigIntegerField(), help_text="who rated the item")
    guidelines = ArrayField(models.BigIntegerField(), help_text="versions they followed")
    by_generator = models.JSONField(help_text="generator id to the width of its candidates")
    entropy = models.FloatField(
        null=True, help_text="bits; of the level that an average rater would give, the largest"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_item", "dimension"], name="item_spread_once_per_dimension"
            )
        ]
        indexes = [
            models.Index(
                fields=["campaign", "dimension", "width", "campaign_item"], name="spread_by_width"
            ),
            models.Index(
                fields=["campaign", "dimension", "entropy", "campaign_item"],
                condition=models.Q(entropy__isnull=False),
                name="spread_by_entropy",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.campaign_item_id} {self.dimension} {self.width}"
