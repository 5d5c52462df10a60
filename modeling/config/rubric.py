"""The rubric as a model sees it: ordered dimensions, their levels, weights and wording."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

OVERALL = "overall"
MIN_LEVELS = 2


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
        if not self.key.isidentifier():
            raise ValueError(f"dimension key {self.key!r} is no identifier")
        if self.key == OVERALL:
            raise ValueError(f"{OVERALL!r} names the aggregate and cannot name a dimension")
        if len(self.levels) < MIN_LEVELS or list(self.levels) != sorted(set(self.levels)):
            raise ValueError(f"dimension {self.key!r} needs at least two ascending levels")
        if not (math.isfinite(self.weight) and self.weight > 0):
            raise ValueError(f"dimension {self.key!r} needs a positive weight")

    @property
    def text(self) -> str:
        """The name followed by the wording, for a prompt."""
        return f"{self.name}: {self.wording}" if self.wording else self.name


@dataclass(frozen=True, slots=True)
class RubricText:
    """Ordered dimensions; every array of a model's output has their order."""

    dimensions: tuple[DimensionText, ...]

    def __post_init__(self) -> None:
        """Require at least one dimension and distinct keys."""
        if not self.dimensions:
            raise ValueError("a rubric needs at least one dimension")
        if len(set(self.keys)) != len(self.keys):
            raise ValueError(f"dimension keys repeat: {', '.join(self.keys)}")

    @property
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
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read the form of ``rubric.json``; unknown keys of a dimension are ignored."""
        return cls(
            tuple(
                DimensionText(
                    key=str(row["key"]),
                    name=str(row["name"]),
                    levels=tuple(sorted(int(level) for level in row["levels"])),
                    weight=float(row.get("weight", 1)),
                    wording=str(row.get("wording", "")),
                )
                for row in value["dimensions"]
            )
        )

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a ``rubric.json``."""
        return cls.from_json(json.loads(path.read_text(encoding="utf-8")))
