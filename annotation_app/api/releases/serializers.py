"""The shapes of released things."""

from rest_framework import serializers

from annotation_app.models import Benchmark


class BenchmarkSerializer(serializers.ModelSerializer[Benchmark]):
    """A benchmark: what was planned and, once it is published, its manifest."""

    class Meta:
        model = Benchmark
        fields = ["number", "state", "stage", "plan", "seed", "manifest", "published_at"]


class PredictionsSerializer(serializers.Serializer[object]):
    """A judge's name and its predictions, as a file of CSV, JSON or JSON lines."""

    name = serializers.CharField(max_length=100)
    file = serializers.FileField()
