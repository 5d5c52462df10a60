"""The shapes of the workbench's requests; the services check what they mean."""

from rest_framework import serializers

from annotation_app.api.strict import (
    NumberField,
    TextField,
    TruthField,
    UUIDTextField,
    WholeNumberField,
)
from annotation_app.enums import FlagKind


class DraftSerializer(serializers.Serializer[object]):
    """Scores given so far; the number rises with every change."""

    draft = serializers.DictField()
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class ScoreSerializer(serializers.Serializer[object]):
    """A level for the candidate at a position on a dimension, or the reason for none."""

    position = WholeNumberField(min_value=1)
    dimension = TextField(allow_blank=True, trim_whitespace=False)
    level = WholeNumberField(required=False, allow_null=True, default=None)
    missing_reason = TextField(required=False, allow_blank=True, trim_whitespace=False, default="")


class JudgementSerializer(serializers.Serializer[object]):
    """A whole judgement; the client UUID is the same on every retry.

    `reading` parses it by hand; a property test checks that the two agree.
    """

    client_uuid = UUIDTextField()
    scores = ScoreSerializer(many=True)
    seconds = NumberField()
    aids = serializers.DictField(required=False, default=dict)
    note = TextField(required=False, allow_blank=True, default="", trim_whitespace=True)


class UndoableJudgementSerializer(JudgementSerializer):
    """A changed judgement; `undo` where it came through the undo key."""

    undo = TruthField(required=False, default=False)


class SkipSerializer(serializers.Serializer[object]):
    """Why an item is given back."""

    reason = serializers.CharField()


class FlagSerializer(serializers.Serializer[object]):
    """A flag for something that someone must look at."""

    kind = serializers.ChoiceField(choices=FlagKind.choices)
    note = serializers.CharField(required=False, allow_blank=True, default="")


class NextSerializer(serializers.Serializer[object]):
    """The leases that the page knows; left out, it takes a fresh item or none."""

    holding = serializers.ListField(
        child=serializers.UUIDField(), max_length=64, required=False, default=None
    )


class HeartbeatSerializer(serializers.Serializer[object]):
    """The leases that the page still works on."""

    tokens = serializers.ListField(child=serializers.UUIDField(), max_length=8)


class KeymapSerializer(serializers.Serializer[object]):
    """Action to key; actions left out get their default."""

    keys = serializers.DictField(child=serializers.CharField(max_length=20))
