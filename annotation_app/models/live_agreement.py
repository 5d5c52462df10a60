"""The live store of agreement: exact sums by stratum, and what each item has put into them.

Only `services.agreement` writes here; `selectors.agreement.live.agreement` reads.
"""

from django.db import models
from typing_extensions import override

from annotation_app.enums import Facet
from annotation_app.models.campaigns import Campaign, CampaignItem


class LiveStore(models.Model):
    """A campaign's store: which fold it is at, and how the last rebuild compared."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="live_store")
    version = models.PositiveBigIntegerField(default=0, help_text="rises with each fold")
    folded_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True, help_text="when it was last rebuilt and compared")
    differences = models.JSONField(default=list, help_text="what differed then; empty: nothing")

    @override
    def __str__(self) -> str:
        return f"version {self.version}"


class LiveItem(models.Model):
    """The ratings of an item as they were folded, so that they can be subtracted exactly."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    campaign_item = models.OneToOneField(CampaignItem, on_delete=models.CASCADE, related_name="+")
    state = models.JSONField(help_text="see selectors.agreement.live.states")

    @override
    def __str__(self) -> str:
        return f"{self.campaign_item_id}"


class LiveSums(models.Model):
    """Whole-number sums of one (design, facet, stratum, dimension), see `analytics`' `ExactSums`.

    `design` is a design, or `all` for what the other designs change of the figures of random
    design: the sums over every counted rating are both together. The binary columns contain packed
    integers; `panels` is empty except in the pooled stratum. For a scale of more than twelve levels
    `body` contains the ratings instead, see `KeptRatings`.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    design = models.CharField(max_length=14)
    facet = models.CharField(max_length=10, choices=Facet)
    stratum = models.CharField(max_length=200, blank=True)
    dimension = models.CharField(max_length=20)
    header = models.JSONField(help_text="denominator, patterns, rater ids")
    body = models.BinaryField()
    raters = models.BinaryField()
    panel_header = models.JSONField(default=dict, help_text="rater ids, shared units")
    panels = models.BinaryField(default=bytes)
    version = models.PositiveBigIntegerField(
        default=0, help_text="the store's version that wrote it"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "design", "facet", "stratum", "dimension"],
                name="live_sums_once",
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.design} {self.facet} {self.stratum} {self.dimension}"


class LiveCross(models.Model):
    """Cross sums of two dimensions in one (design, facet, stratum): for paired differences."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    design = models.CharField(max_length=14)
    facet = models.CharField(max_length=10, choices=Facet)
    stratum = models.CharField(max_length=200, blank=True)
    first = models.CharField(max_length=20)
    second = models.CharField(max_length=20)
    header = models.JSONField(help_text="denominators, items with overlap")
    product = models.BinaryField()
    version = models.PositiveBigIntegerField(
        default=0, help_text="the store's version that wrote it"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "design", "facet", "stratum", "first", "second"],
                name="live_cross_once",
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.design} {self.facet} {self.stratum} {self.first} × {self.second}"
