"""Item groups as a torch dataset, and how several become one batch."""

from __future__ import annotations

import copy
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image, ImageOps
from torch.utils import data
from typing_extensions import override

from modeling.backbones import Backbone, ItemInputs, PreparedGroup
from modeling.config import LossName, LossSettings, RubricText, TieMode
from modeling.data.images import ImageCache
from modeling.data.manifest import Dataset
from modeling.data.rows import GroupRow
from modeling.data.targets import build_targets
from modeling.heads import Targets

# A mirrored picture would contradict an instruction that names a side or a turn.
_SIDES = re.compile(r"\b(left|right)|clockwise|[左右]|[顺順逆][时時][针針]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TrainGroup:
    """One item ready for the model, with its labels."""

    prepared: PreparedGroup
    targets: Targets
    position: int  # in the dataset; names the item's ensemble weights

    def to(self, device: torch.device) -> TrainGroup:
        """The same item on another device."""
        return TrainGroup(self.prepared.to(device), self.targets.to(device), self.position)


@dataclass(frozen=True, slots=True)
class TrainBatch:
    """Several items; their candidates are numbered through in order."""

    rows: tuple[TrainGroup, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def groups(self) -> tuple[PreparedGroup, ...]:
        """The items' inputs."""
        return tuple(row.prepared for row in self.rows)

    @property
    def targets(self) -> Targets:
        """The items' labels, joined."""
        return Targets.join([row.targets for row in self.rows])

    @property
    def positions(self) -> tuple[int, ...]:
        """The items' positions in their data set."""
        return tuple(row.position for row in self.rows)

    def slice(self, start: int, stop: int) -> TrainBatch:
        """A micro-batch of consecutive items."""
        return TrainBatch(self.rows[start:stop])

    def to(self, device: torch.device) -> TrainBatch:
        """The same batch on another device."""
        return TrainBatch(tuple(row.to(device) for row in self.rows))


class GroupDataset(data.Dataset[TrainGroup]):
    """Items with images from a cache; mirrored at random, reproducibly, while training."""

    def __init__(
        self,
        rows: Sequence[GroupRow],
        *,
        dataset: Dataset,
        backbone: Backbone,
        images: ImageCache,
        ties: TieMode,
        augment_seed: int | None = None,
    ) -> None:
        self.rows = tuple(rows)
        self.rubric: RubricText = dataset.rubric
        self.folder: Path = dataset.folder
        self.backbone = backbone
        self.images = images
        self.augment_seed = augment_seed
        self.epoch = 0
        self._places = {name: self.folder / name for row in self.rows for name in row.image_names}
        self._targets = [build_targets(row, dataset.rubric, ties) for row in self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def teaches(self, loss: LossSettings) -> bool:
        """Whether any item has something that a term of the loss learns from."""
        squared = loss.ranking is LossName.SQUARED_ERROR
        anchored = loss.anchor_weight > 0
        return any(
            bool(each.scores.isfinite().any() if squared else each.weight.any())
            or (anchored and bool(each.counts.any()))
            for each in self._targets
        )

    def unmirrored(self) -> GroupDataset:
        """The same items as their files show them, in every epoch."""
        plain = copy.copy(self)
        plain.augment_seed = None
        return plain

    def set_epoch(self, epoch: int) -> None:
        """Draw other mirrorings from now on; a resumed run draws the same again."""
        self.epoch = epoch

    @override
    def __getitem__(self, index: int) -> TrainGroup:
        prepared = self.backbone.prepare(self.inputs(index), self.rubric)
        return TrainGroup(prepared, self._targets[index], index)

    def inputs(self, index: int) -> ItemInputs:
        """The item's images and text, mirrored where this epoch says so."""
        row = self.rows[index]
        mirrored = self._mirrored(row)
        return ItemInputs(
            item_id=row.item_id,
            instruction=row.instruction,
            source=self._image(row.source_image, mirrored=mirrored),
            candidates=tuple(
                (candidate.candidate_id, self._image(candidate.image, mirrored=mirrored))
                for candidate in row.candidates
            ),
            fitted=True,
        )

    def _image(self, name: str, *, mirrored: bool) -> Image.Image:
        image = self.images.read(self._places[name])
        return ImageOps.mirror(image) if mirrored else image

    def _mirrored(self, row: GroupRow) -> bool:
        if self.augment_seed is None or _SIDES.search(row.instruction):
            return False
        key = f"{self.augment_seed}/{self.epoch}/{row.item_id}"
        return zlib.crc32(key.encode()) % 2 == 1


def collate(groups: Sequence[TrainGroup]) -> dict[str, TrainBatch]:
    """Join groups; the dict has the one key that transformers' Trainer hands to the loss."""
    return {"batch": TrainBatch(tuple(groups))}
