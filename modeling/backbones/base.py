"""The protocol between a backbone and everything above it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import torch
from PIL import Image
from torch import Tensor, nn
from typing_extensions import override

from modeling.config import RubricText
from modeling.config.fields import read_fields

Options = TypeVar("Options")


@dataclass(frozen=True, slots=True)
class ItemInputs:
    """One item to encode: an instruction, its source image and the candidate edits."""

    item_id: str
    instruction: str
    source: Image.Image
    candidates: tuple[tuple[str, Image.Image], ...]  # (candidate_id, edited image)
    fitted: bool = False  # the images come from a cache and are the backbone's size already

    def __post_init__(self) -> None:
        """Refuse an item without candidates, with two of one id, or with half a character."""
        if not self.candidates:
            raise ValueError(f"item {self.item_id!r} has no candidates")
        if len({name for name, _ in self.candidates}) != len(self.candidates):
            raise ValueError(f"item {self.item_id!r} has two candidates of one id")
        try:
            self.instruction.encode()
        except UnicodeEncodeError as error:
            raise ValueError(
                f"the instruction of item {self.item_id!r} contains half a character"
            ) from error

    def pictures(self, fit: Callable[[Image.Image], Image.Image]) -> list[Image.Image]:
        """Source, then candidates, at a backbone's size; ``ValueError`` names what has none."""
        edits = [(f"candidate {name!r}", image) for name, image in self.candidates]
        shown = [("source", self.source), *edits]
        return [image if self.fitted else self._fit(fit, name, image) for name, image in shown]

    def _fit(
        self, fit: Callable[[Image.Image], Image.Image], name: str, image: Image.Image
    ) -> Image.Image:
        try:
            return fit(image)
        except ValueError as error:
            raise ValueError(f"{name} of item {self.item_id!r}: {error}") from error


@dataclass(frozen=True, slots=True)
class PreparedGroup:
    """An item as CPU tensors, made in a data worker; each backbone names its own tensors."""

    item_id: str
    candidate_ids: tuple[str, ...]
    tensors: Mapping[str, Tensor]

    @property
    def size(self) -> int:
        """Number of candidates."""
        return len(self.candidate_ids)

    def to(self, device: torch.device) -> PreparedGroup:
        """The same group with its tensors on another device."""
        moved = {name: value.to(device) for name, value in self.tensors.items()}
        return PreparedGroup(self.item_id, self.candidate_ids, moved)


class Backbone(nn.Module, ABC):
    """Encodes items into one hidden state per (candidate, dimension).

    ``prepare`` and ``fit_image`` run in data workers and must not touch parameters.
    """

    hidden_size: int

    @classmethod
    @abstractmethod
    def create(cls, options: Mapping[str, Any]) -> Self:
        """A backbone to start training from: new weights, or pretrained ones named by options."""

    @classmethod
    @abstractmethod
    def from_config(cls, config: Mapping[str, Any], assets: Path) -> Self:
        """Rebuild the architecture of :meth:`config_dict`; weights are loaded afterwards.

        ``assets`` is the folder that :meth:`save_assets` wrote into (tokenizer files and such).
        """

    @abstractmethod
    def config_dict(self) -> dict[str, Any]:
        """Plain data from which :meth:`from_config` rebuilds the architecture."""

    def save_assets(self, folder: Path) -> None:
        """Write files other than weights that :meth:`from_config` needs; the default has none."""

    def fit_image(self, image: Image.Image) -> Image.Image:
        """The image at the size that this backbone reads, so that a cache can keep it.

        It is asked once per image (``ItemInputs.fitted``); the default only converts to RGB.
        """
        return image if image.mode == "RGB" else image.convert("RGB")

    @abstractmethod
    def prepare(self, inputs: ItemInputs, rubric: RubricText) -> PreparedGroup:
        """Tokenise and pack one item into CPU tensors."""

    @override
    @abstractmethod
    def forward(self, groups: Sequence[PreparedGroup]) -> Tensor:
        """Hidden states (total candidates, D, hidden_size) in fp32, candidates in group order."""

    def score_hidden(self, groups: Sequence[PreparedGroup]) -> Tensor:
        """The same states for inference; a backbone may override it with cached prefixes."""
        with torch.no_grad():
            states: Tensor = self(groups)
        return states

    def remember_prefixes(self) -> None:
        """Keep the common beginnings of prompts between calls of :meth:`score_hidden`.

        Only for a network with fixed weights; moving, loading or training it clears them. The
        default keeps no state.
        """

    @abstractmethod
    def parts(self) -> Mapping[str, nn.Module]:
        """Named parts that a run may freeze, e.g. ``vision`` and ``text``.

        Parameters outside every part are new ones and are always trained, under LoRA too.
        """

    @abstractmethod
    def lora_targets(self) -> tuple[str, ...]:
        """Endings of the module names that LoRA adapts by default."""

    @abstractmethod
    def enable_gradient_checkpointing(self) -> None:
        """Trade compute for memory in the backward pass."""


def read_options(kind: type[Options], options: Mapping[str, Any]) -> Options:
    """A backbone's options as its dataclass; ``ValueError`` names the one that is wrong."""
    try:
        return read_fields(kind, options, "options")
    except ValueError as error:
        raise ValueError(f"backbone_options: {error}") from error
