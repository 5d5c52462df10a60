"""Rubrics as data: ordered dimensions, their levels and criteria; guideline versions."""

from django.conf import settings
from django.db import models
from typing_extensions import override


class Rubric(models.Model):
    """What is judged; its structure never changes once a campaign uses it."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    @override
    def __str__(self) -> str:
        return self.name


class Dimension(models.Model):
    """One aspect of an edit, judged on its own levels."""

    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="dimensions")
    key = models.SlugField(max_length=20, help_text="short name in exports, e.g. if, vq")
    ordinal = models.PositiveSmallIntegerField(help_text="place in the rubric, from 1")
    weight_numerator = models.PositiveIntegerField(default=1)
    weight_denominator = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["rubric", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "key"], name="dimension_key_once"),
            models.UniqueConstraint(fields=["rubric", "ordinal"], name="dimension_ordinal_once"),
            models.CheckConstraint(
                condition=models.Q(weight_denominator__gt=0, weight_numerator__gt=0),
                name="dimension_weight_positive",
            ),
            # overall is the weighted sum's own name
            models.CheckConstraint(
                condition=~models.Q(key="overall"), name="dimension_not_overall"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.key


class Level(models.Model):
    """One step of a dimension's scale."""

    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="levels")
    value = models.PositiveSmallIntegerField(help_text="what a score stores")

    class Meta:
        ordering = ["dimension", "value"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "value"], name="level_value_once"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.dimension.key} {self.value}"


class Criterion(models.Model):
    """Something to look at when judging a dimension."""

    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField(max_length=50)
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["dimension", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "key"], name="criterion_key_once"),
        ]

    @override
    def __str__(self) -> str:
        return self.key


class GuidelineVersion(models.Model):
    """The words annotators read: a document and the wording of levels and criteria.

    `document` maps a language code to Markdown. `wording` maps a language code to
    `{dimension: {"name", "summary", "levels": {value: {"name", "anchor"}},
    "criteria": {key: {"name", "description"}}}}`. Changed wording is a new version.
    """

    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="guidelines")
    campaign = models.ForeignKey(
        "annotation_app.Campaign",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="guidelines",
        help_text="empty for the rubric's own default text",
    )
    number = models.PositiveIntegerField()
    document = models.JSONField(default=dict)
    wording = models.JSONField(default=dict)
    change_note = models.JSONField(default=dict, blank=True, help_text="language to one sentence")
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["rubric", "campaign", "number"],
                name="guideline_number_once",
                nulls_distinct=False,
            )
        ]

    @override
    def __str__(self) -> str:
        return f"v{self.number}"
