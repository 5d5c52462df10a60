"""Modules that take the place of transformers' own; ``shortcuts`` and ``windows`` define them."""

from __future__ import annotations

from typing import Self

from torch import nn


class Replacement:
    """Mixed into a module that computes what another did, with that one's own parameters."""

    @classmethod
    def replacing(cls, module: nn.Module) -> Self:
        """A module that owns the parameters, names and settings of ``module``."""
        made = cls.__new__(cls)
        made.__dict__.update(module.__dict__)
        return made
