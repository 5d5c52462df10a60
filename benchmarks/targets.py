"""The form of what a study returns; used by the studies and by the runner."""

from collections.abc import Mapping
from typing import Any, Protocol, TypedDict


class StudyRefusedError(Exception):
    """The study cannot run here; its text says what is missing."""


class Target(TypedDict):
    """One figure against what was asked of it."""

    name: str
    value: float | str | bool | None
    target: str
    met: bool


class Result(TypedDict):
    """What a study hands back: every figure by name, and the targets."""

    figures: dict[str, Any]
    targets: list[Target]


class Study(Protocol):
    """The entry of a study."""

    def __call__(self, *, quick: bool, options: Mapping[str, str]) -> Result:
        """Runs the study; `quick` ends within 45 seconds on four cores."""


def at_least(name: str, value: float, bound: float) -> Target:
    """A figure that must not fall below the bound."""
    return Target(name=name, value=value, target=f">= {bound:g}", met=value >= bound)


def at_most(name: str, value: float, bound: float) -> Target:
    """A figure that must not exceed the bound."""
    return Target(name=name, value=value, target=f"<= {bound:g}", met=value <= bound)


def holds(name: str, *, met: bool) -> Target:
    """A statement that must be true."""
    return Target(name=name, value=met, target="true", met=met)
