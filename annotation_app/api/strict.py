"""Fields that take JSON's own kinds alone: DRF's also take "3" for 3, and 1 for true."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from typing_extensions import override


class WholeNumberField(serializers.IntegerField):
    """A whole number, written as one."""

    @override
    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


class NumberField(serializers.FloatField):
    """A number that a float can hold."""

    @override
    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        try:
            return float(data)
        except OverflowError:  # a whole number of hundreds of digits
            self.fail("invalid")


class TextField(serializers.CharField):
    """A text."""

    @override
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TruthField(serializers.BooleanField):
    """True or false."""

    @override
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class UUIDTextField(serializers.UUIDField):
    """A UUID, written as text."""

    @override
    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)
