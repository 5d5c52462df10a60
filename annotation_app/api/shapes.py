"""Answers with names that only the answer knows, as the API's document writes them."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers
from typing_extensions import override


class OpenSerializer(serializers.Serializer[Any]):
    """Its fields, plus values of one kind under other names: `Meta.others`."""


class OpenSerializerExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # the base's hook
    """Writes the other values as `additionalProperties`."""

    target_class = OpenSerializer
    match_subclasses = True

    @override
    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        # drf-spectacular has no public name for either step
        steps: Any = auto_schema  # untyped
        schema: dict[str, Any] = steps._map_serializer(  # noqa: SLF001
            self.target, direction, bypass_extensions=True
        )
        others = steps._map_serializer_field(self.target.Meta.others, direction)  # noqa: SLF001
        return {**schema, "additionalProperties": others}
