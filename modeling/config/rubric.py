"""The rubric as a model sees it: ordered dimensions, their levels, weights and wording."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from analytics.overall import OVERALL
from modeling.config.fields import check_types, read_fields

MIN_LEVELS = 2
MAX_WEIGHT = 1e6  # either way; beyond it single precision would drop the lighter dimension
_SIMPLEST = 10**6  # the largest denominator of a weight that counts as a plain fraction
_REQUIRED, _OPTIONAL = ("key", "name", "levels"), ("weight", "wording")


@dataclass(frozen=True, slots=True)
class DimensionText:
    """One dimension of a rubric."""

    key: str  # short name used in outputs: ``if`` gives ``if_mean`` and ``if_std``
    name: str
    levels: tuple[int, ...]  # ascending
    weight: float = 1.0  # share of the overall score
    wording: str = ""  # what the prompt says; empty means the name alone

    def __post_init__(self) -> None:
        """Refuse what no model could be trained on."""
        check_types(self, f"dimension {self.key!r}: ")
        if not self.key.isidentifier():
            raise ValueError(f"dimension key {self.key!r} is not an identifier")
        if self.key == OVERALL:
            raise ValueError(f"{OVERALL!r} names the aggregate and cannot name a dimension")
        if len(self.levels) < MIN_LEVELS or list(self.levels) != sorted(set(self.levels)):
            raise ValueError(f"dimension {self.key!r} needs at least two ascending levels")
        if not 1 / MAX_WEIGHT <= self.weight <= MAX_WEIGHT:
            limits = f"from {1 / MAX_WEIGHT:g} to {MAX_WEIGHT:g}"
            raise ValueError(f"dimension {self.key!r} needs a weight {limits}, not {self.weight}")
        if not _is_encodable(self.text):
            raise ValueError(f"dimension {self.key!r} contains half a character (a lone surrogate)")

    @property
    def text(self) -> str:
        """The name followed by the wording, for a prompt."""
        return f"{self.name}: {self.wording}" if self.wording else self.name

    @property
    def step(self) -> float:
        """The mean distance of neighbouring levels."""
        return (self.levels[-1] - self.levels[0]) / (len(self.levels) - 1)

    @property
    def middle(self) -> float:
        """The point half-way between the lowest and the highest level."""
        return (self.levels[0] + self.levels[-1]) / 2

    @property
    def exact_weight(self) -> Fraction:
        """The weight as people mean it: 0.1 is 1/10 and not the binary number next to it."""
        plain = Fraction(self.weight).limit_denominator(_SIMPLEST)
        return plain if float(plain) == self.weight else Fraction(self.weight)

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read a row of ``rubric.json``, levels in any order; unknown keys are ignored."""
        if not isinstance(value, Mapping):
            raise ValueError(f"a dimension must be an object, not {value!r}")  # noqa: TRY004 - bad input
        if lacking := [key for key in _REQUIRED if key not in value]:
            raise ValueError(f"a dimension lacks {', '.join(lacking)}")
        plain = {key: value[key] for key in (*_REQUIRED, *_OPTIONAL) if key in value}
        if isinstance(plain["levels"], list) and all(isinstance(x, int) for x in plain["levels"]):
            plain["levels"] = sorted(plain["levels"])
        return read_fields(cls, plain, "dimension")


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True)
class RubricText:
    """Ordered dimensions; every array of a model's output has their order."""

    dimensions: tuple[DimensionText, ...]

    def __post_init__(self) -> None:
        """Require at least one dimension and distinct keys."""
        if not self.dimensions:
            raise ValueError("a rubric needs at least one dimension")
        if len(set(self.keys)) != len(self.keys):
            raise ValueError(f"dimension keys repeat: {', '.join(self.keys)}")

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The dimensions' keys in order."""
        return tuple(dimension.key for dimension in self.dimensions)

    @property
    def weights(self) -> tuple[float, ...]:
        """The dimensions' weights in order."""
        return tuple(dimension.weight for dimension in self.dimensions)

    def index(self, key: str) -> int:
        """Position of a dimension; ``ValueError`` names the known keys."""
        if key not in self.keys:
            raise ValueError(f"unknown dimension {key!r}; the rubric has {', '.join(self.keys)}")
        return self.keys.index(key)

    def dimension(self, key: str) -> DimensionText:
        """The dimension of a key; ``ValueError`` names the known keys."""
        return self.dimensions[self.index(key)]

    def to_json(self) -> dict[str, Any]:
        """The form that ``rubric.json`` and checkpoints hold."""
        return {"dimensions": [asdict(dimension) for dimension in self.dimensions]}

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read the form of ``rubric.json``; ``ValueError`` says what is wrong."""
        rows = value.get("dimensions") if isinstance(value, Mapping) else None
        if not isinstance(rows, list):
            wanted = "an object with a list of `dimensions`"
            raise ValueError(f"a rubric must be {wanted}")  # noqa: TRY004 - bad input
        return cls(tuple(map(DimensionText.from_json, rows)))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a ``rubric.json``; ``ValueError`` names the file."""
        try:
            return cls.from_json(json.loads(path.read_text(encoding="utf-8-sig")))
        except (ValueError, RecursionError) as error:
            raise ValueError(f"{path}: {error}") from error
