"""The shapes of released things."""

from enum import StrEnum
from typing import Any

from rest_framework import serializers
from typing_extensions import override

from annotation_app.api.shapes import OpenSerializer
from annotation_app.models import Benchmark
from annotation_app.services.exports.options import ExportFormat, ExportOptions


class BenchmarkSerializer(serializers.ModelSerializer[Benchmark]):
    """A benchmark: what was planned and, once it is published, its manifest."""

    class Meta:
        model = Benchmark
        fields = ["number", "state", "stage", "plan", "seed", "manifest", "published_at"]


class PredictionsSerializer(serializers.Serializer[object]):
    """A judge's name and its predictions, as a file of CSV, JSON or JSON lines."""

    name = serializers.CharField(max_length=100)
    file = serializers.FileField()


class JudgeRecordSerializer(OpenSerializer):
    """A judge's figures; accuracies by group size (`k2_accuracy`, …) and their bounds (`…_low`)."""

    judge = serializers.CharField()
    kind = serializers.CharField()
    epsilon_origin = serializers.CharField(allow_null=True)
    failed_groups = serializers.IntegerField()
    trained_on_items = serializers.IntegerField(allow_null=True)

    class Meta:
        others = serializers.FloatField(allow_null=True)


class JudgeBoardSerializer(serializers.Serializer[object]):
    """The leaderboard of judges, best first."""

    judges = JudgeRecordSerializer(many=True)


class GeneratorRecordSerializer(OpenSerializer):
    """A generator's figures in a category; means by dimension with their bounds (`…_low`)."""

    category = serializers.CharField()
    items = serializers.IntegerField()
    generator = serializers.CharField()
    candidates = serializers.IntegerField()
    rank_best = serializers.IntegerField(allow_null=True)
    rank_worst = serializers.IntegerField(allow_null=True)
    log_ability = serializers.FloatField(allow_null=True)

    class Meta:
        others = serializers.FloatField(allow_null=True)


class GeneratorBoardSerializer(serializers.Serializer[object]):
    """The leaderboard of a campaign's generators; where abilities are undefined, why."""

    items = serializers.IntegerField()
    tie_model = serializers.CharField(allow_null=True)
    no_abilities = serializers.CharField(allow_null=True)
    generators = GeneratorRecordSerializer(many=True)


class WithdrawnItemSerializer(serializers.Serializer[object]):
    """An item that readers of the version have to leave out, and why."""

    item_id = serializers.CharField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class WithdrawnSerializer(serializers.Serializer[object]):
    """Items of a version that were withdrawn since it was built."""

    withdrawn = WithdrawnItemSerializer(many=True)


class ExportOptionsSerializer(serializers.Serializer[object]):
    """The options of a dataset version as `ExportOptions` reads them, each with its default."""

    @override
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """One field for each option, of its default's kind."""
        return {name: _option(default) for name, default in vars(ExportOptions()).items()}


def _option(default: object) -> serializers.Field[Any, Any, Any, Any]:
    if isinstance(default, bool):
        return serializers.BooleanField(default=default)
    if isinstance(default, int):
        return serializers.IntegerField(default=default)
    if isinstance(default, StrEnum):
        return serializers.ChoiceField(choices=_values(type(default)), default=default)
    if isinstance(default, tuple):
        formats = serializers.ChoiceField(choices=_values(ExportFormat))
        child = formats if default else serializers.CharField()
        return serializers.ListField(child=child, default=list(default))
    return serializers.CharField(default=str(default), allow_blank=True)


def _values(kind: type[StrEnum]) -> list[str]:
    return [one.value for one in kind]
