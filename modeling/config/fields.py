"""Reading and checking settings by the types that their dataclasses declare."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")

_WORDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a finite number",
    str: "a text",
    NoneType: "null",
}


def read_fields(kind: type[T], value: object, what: str) -> T:
    """Make a dataclass of JSON; ``ValueError`` names unknown keys and wrong values."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{what} must be an object, not {value!r}")  # noqa: TRY004 - bad input
    hints = get_type_hints(kind)
    if unknown := sorted(set(value) - set(hints)):
        raise ValueError(f"unknown {what}: {', '.join(unknown)}")
    return kind(**{name: _convert(name, given, hints[name]) for name, given in value.items()})


def check_types(settings: object, where: str = "") -> None:
    """Refuse a value of another type than its field declares; ``ValueError`` names the field."""
    for name, kind in get_type_hints(type(settings)).items():
        value = getattr(settings, name)
        if not _fits(value, kind):
            raise ValueError(f"{where}{name} must be {_describe(kind)}, not {value!r}")


def check_least(settings: object, least: int, *names: str) -> None:
    """Refuse numbers below a bound; ``ValueError`` names the field."""
    for name in names:
        if getattr(settings, name) < least:
            raise ValueError(f"{name} must be at least {least}, not {getattr(settings, name)}")


def _convert(name: str, value: Any, kind: Any) -> Any:  # noqa: ANN401  # any JSON value
    """A JSON value as its field wants it; what cannot be converted is left to the check."""
    if get_origin(kind) is tuple:
        return tuple(value) if isinstance(value, list) else value
    for each in get_args(kind) or (kind,):
        if isinstance(each, type) and issubclass(each, StrEnum):
            return next((known for known in each if known == value), value)
        if is_dataclass(each) and isinstance(each, type) and isinstance(value, Mapping):
            try:
                return read_fields(each, value, f"{name} settings")
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
    return value


def _fits(value: Any, kind: Any) -> bool:  # noqa: ANN401  # any JSON value
    if kind in (int, float) and isinstance(value, bool):
        return False  # Python counts with it, people do not
    if kind is float:
        return isinstance(value, int | float) and abs(value) <= sys.float_info.max
    origin, parts = get_origin(kind), get_args(kind)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(each, parts[0]) for each in value)
    if origin is UnionType:
        return any(_fits(value, each) for each in parts)
    return isinstance(value, origin or kind)


def _describe(kind: Any) -> str:  # noqa: ANN401  # whatever a field declares
    if get_origin(kind) is tuple:
        return "a list of texts" if get_args(kind)[0] is str else "a list of whole numbers"
    if get_origin(kind) is UnionType:
        return " or ".join(map(_describe, get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return f"one of {', '.join(kind)}"
    return _WORDS.get(kind, "an object")
