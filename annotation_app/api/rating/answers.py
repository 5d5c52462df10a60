"""The shapes of the workbench's answers, for the API's schema; `payloads` makes the values."""

from rest_framework import serializers

from annotation_app.api.shapes import OpenSerializer
from annotation_app.enums import FlagKind, LeaseOutcome, RatingStatus


class WordedCriterionSerializer(serializers.Serializer[object]):
    """What to look at on a dimension."""

    name = serializers.CharField()
    description = serializers.CharField()


class WordedLevelSerializer(serializers.Serializer[object]):
    """A level of a dimension: its number, its name, and what it means."""

    value = serializers.IntegerField()
    name = serializers.CharField()
    anchor = serializers.CharField()


class WordedDimensionSerializer(serializers.Serializer[object]):
    """A dimension of the rubric in the words of one language; levels from best to worst."""

    key = serializers.CharField()
    name = serializers.CharField()
    summary = serializers.CharField()
    weight = serializers.FloatField()
    criteria = WordedCriterionSerializer(many=True)
    levels = WordedLevelSerializer(many=True)


class ShownImageSerializer(serializers.Serializer[object]):
    """An image as the page shows it; `alpha` where it has transparent pixels."""

    url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    alpha = serializers.BooleanField()


class WorkSerializer(serializers.Serializer[object]):
    """A leased item: candidates by position on screen, and the draft that is kept."""

    token = serializers.UUIDField()
    instruction = serializers.CharField()
    language = serializers.CharField()
    guideline = serializers.IntegerField()
    rubric = WordedDimensionSerializer(many=True)
    seconds_left = serializers.IntegerField()
    draft = serializers.DictField()
    draft_number = serializers.IntegerField()
    source = ShownImageSerializer()  # type: ignore[assignment]  # DRF takes fields out of the class
    candidates = ShownImageSerializer(many=True)


class SessionSerializer(serializers.Serializer[object]):
    """One's own pace today, and how far the campaign is."""

    done_today = serializers.IntegerField()
    target = serializers.IntegerField()
    median_seconds = serializers.IntegerField(allow_null=True)
    campaign_percent = serializers.IntegerField()


class KeptDraftSerializer(serializers.Serializer[object]):
    """The number of the draft that is kept: higher than the one sent if a later one was there."""

    number = serializers.IntegerField()


class RenewalSerializer(serializers.Serializer[object]):
    """How long a lease runs, or why it has ended."""

    seconds_left = serializers.IntegerField(required=False)
    ended = serializers.CharField(required=False)
    message = serializers.CharField(required=False)


class RenewalsSerializer(OpenSerializer):
    """By token: how long each lease runs, or why it has ended."""

    class Meta:
        others = RenewalSerializer()


class ReceiptSerializer(serializers.Serializer[object]):
    """The server's reply about a stored rating; `go_to` is the next page in training and tests."""

    client_uuid = serializers.UUIDField()
    status = serializers.ChoiceField(choices=RatingStatus.choices)
    open_until = serializers.DateTimeField()
    go_to = serializers.CharField(required=False)


class EndedLeaseSerializer(serializers.Serializer[object]):
    """How a lease ended; `go_to` is the next page in training and tests."""

    outcome = serializers.ChoiceField(choices=LeaseOutcome.choices)
    go_to = serializers.CharField(required=False)


class StoredFlagSerializer(serializers.Serializer[object]):
    """The flag as it was stored."""

    kind = serializers.ChoiceField(choices=FlagKind.choices)


class OwnRatingSerializer(serializers.Serializer[object]):
    """A rating as its author's page reads it: a level, or a reason for none, by position."""

    client_uuid = serializers.UUIDField()
    status = serializers.ChoiceField(choices=RatingStatus.choices)
    open_until = serializers.DateTimeField()
    scores = serializers.DictField(
        child=serializers.DictField(child=serializers.JSONField()),
        help_text="position: dimension: level or reason",
    )
    aids = serializers.DictField()
    note = serializers.CharField()
    seconds = serializers.FloatField()


class ReopenedSerializer(serializers.Serializer[object]):
    """An open rating with its work, to be changed."""

    work = WorkSerializer()
    rating = OwnRatingSerializer()
