"""What the API's answers look like; names are the field's own."""

from typing import Any

from rest_framework import serializers
from typing_extensions import override

from annotation_app.api.loading import person
from annotation_app.api.shapes import OpenSerializer
from annotation_app.models import (
    Campaign,
    DatasetVersion,
    Job,
    Prediction,
    RewardModelVersion,
    Score,
)
from annotation_app.selectors.jobs.jobs import why_words_withheld


class BoundsField(serializers.ListField):
    """The two ends of an interval."""

    child = serializers.FloatField()

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - DRF's own
        super().__init__(min_length=2, max_length=2, **options)


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    """A campaign and what it pins."""

    collection = serializers.CharField(source="collection.name", read_only=True)
    is_simulated = serializers.BooleanField(source="collection.is_simulated", read_only=True)
    rubric = serializers.CharField(source="rubric.slug", read_only=True)

    class Meta:
        model = Campaign
        fields = [
            "slug",
            "name",
            "description",
            "state",
            "collection",
            "is_simulated",
            "rubric",
            "sampling",
            "candidates_per_item",
            "reserved_share",
            "created_at",
        ]


class CountedScoreSerializer(serializers.ModelSerializer[Score]):
    """One counted score; annotators appear by pseudonym only."""

    item = serializers.CharField(source="revision.rating.campaign_item.item.external_id")
    candidate = serializers.CharField(source="candidate.external_id")
    annotator = serializers.CharField(source="revision.rating.annotator.pseudonym")
    dimension = serializers.CharField(source="dimension.key")
    seconds = serializers.FloatField(source="revision.seconds")
    purpose = serializers.CharField(source="revision.rating.purpose")
    design = serializers.CharField(source="revision.rating.task.design")
    inclusion_probability = serializers.FloatField(
        source="revision.rating.task.inclusion_probability", allow_null=True
    )
    guideline_version = serializers.IntegerField(source="revision.rating.guideline.number")
    submitted_at = serializers.DateTimeField(source="revision.rating.submitted_at")

    class Meta:
        model = Score
        fields = [
            "id",
            "item",
            "candidate",
            "annotator",
            "dimension",
            "level",
            "missing_reason",
            "seconds",
            "purpose",
            "design",
            "inclusion_probability",
            "guideline_version",
            "submitted_at",
        ]


class DatasetVersionSerializer(serializers.ModelSerializer[DatasetVersion]):
    """A dataset version with its manifest, and the job that builds it.

    `withheld` in the context says why the manifest, which names items, is left out; else it is "".
    """

    job = serializers.UUIDField(source="job.public_id", allow_null=True, default=None)
    withheld = serializers.CharField(required=False)

    class Meta:
        model = DatasetVersion
        fields = [
            *("number", "state", "options", "seed", "digest", "manifest", "rebuildable", "job"),
            *("created_at", "withheld"),
        ]

    @override
    def to_representation(self, instance: DatasetVersion) -> dict[str, Any]:
        """The fields, and where the manifest is left out, the sentence why."""
        reason: str = self.context.get("withheld", "")
        told: dict[str, Any] = super().to_representation(instance)
        return {**told, "manifest": {}, "withheld": reason} if reason else told


class AgreementFiguresSerializer(OpenSerializer):
    """Agreement on a dimension: each coefficient under its name, null where it is undefined."""

    n_units = serializers.IntegerField()
    n_pairable = serializers.IntegerField()
    n_items = serializers.IntegerField()
    n_raters = serializers.IntegerField()
    n_ratings = serializers.IntegerField()
    share_single_rated = serializers.FloatField(allow_null=True)
    interval_95 = BoundsField(allow_null=True, help_text="of the headline coefficient, over items")
    interval_95_method = serializers.CharField()
    interval_95_annotators = BoundsField(allow_null=True, help_text="the same over annotators")
    interval_95_annotators_method = serializers.CharField()
    intervals_95 = serializers.DictField(child=BoundsField(allow_null=True))
    reason = serializers.CharField(allow_null=True, help_text="why the headline is undefined")
    reasons = serializers.DictField(child=serializers.CharField())

    class Meta:
        others = serializers.FloatField(allow_null=True)


class AgreementStrataSerializer(serializers.Serializer[object]):
    """The strata that are reported, by dimension."""

    pooled = serializers.DictField(child=AgreementFiguresSerializer())


class AgreementSerializer(serializers.Serializer[object]):
    """Agreement of a campaign."""

    strata = AgreementStrataSerializer()


class RewardModelVersionSerializer(serializers.ModelSerializer[RewardModelVersion]):
    """A reward model version with its held-out figures."""

    dataset = serializers.IntegerField(source="dataset.number", allow_null=True, default=None)

    class Meta:
        model = RewardModelVersion
        fields = [
            "number",
            "state",
            "stage",
            "backbone",
            "config",
            "dataset",
            "metrics",
            "weights_sha256",
            "created_at",
        ]


class PredictionSerializer(OpenSerializer):
    """A candidate's predicted scores, by name `{dimension}_mean` and `{dimension}_std`."""

    item = serializers.CharField(source="candidate.item.external_id")
    candidate = serializers.CharField(source="candidate.external_id")
    overall_mean = serializers.FloatField()
    overall_std = serializers.FloatField(source="overall_deviation")
    overall_epistemic_std = serializers.FloatField(source="epistemic", allow_null=True)

    class Meta:
        others = serializers.FloatField()

    @override
    def to_representation(self, instance: Prediction) -> dict[str, Any]:
        """Means and deviations under their dimensions' names, too.

        The view passes the rubric's dimension keys in the context.
        """
        values: dict[str, Any] = super().to_representation(instance)
        keys: list[str] = self.context["dimensions"]
        for key, mean, deviation in zip(keys, instance.means, instance.deviations, strict=True):
            values[f"{key}_mean"], values[f"{key}_std"] = mean, deviation
        return values


class JobSerializer(serializers.ModelSerializer[Job]):
    """A job's progress."""

    campaign = serializers.CharField(source="campaign.slug", allow_null=True, default=None)
    withheld = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            "public_id",
            "kind",
            "campaign",
            "state",
            "done",
            "total",
            "message",
            "result",
            "error",
            "withheld",
            "created_at",
            "finished_at",
        ]

    def get_withheld(self, job: Job) -> str:
        """Why the job's messages are withheld: the reader may still judge the items they name."""
        return why_words_withheld(person(self.context["request"]), job)

    @override
    def to_representation(self, instance: Job) -> dict[str, Any]:
        values: dict[str, Any] = super().to_representation(instance)
        if values["withheld"]:
            kept = {key: value for key, value in instance.result.items() if key != "notices"}
            values |= {"error": "", "result": kept}
        return values
