"""The three splits of a training folder, opened over one image cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from analytics.overall import OVERALL
from modeling.backbones import Backbone
from modeling.config import Split, TrainConfig
from modeling.data import DataError, Dataset, GroupDataset, GroupRow, ImageCache
from modeling.data.decoding import Part, UnreadableImagesError, decode_part, require_readable
from modeling.data.images import cache_key, drop_index, write_index
from modeling.evaluation.pairs import human_score
from modeling.seeding import generator
from modeling.trainer.callbacks import Progress
from modeling.trainer.parallel import (
    any_process,
    gather,
    is_first_process,
    process_device,
    process_index,
    wait_for_all,
    world_size,
)


@dataclass(frozen=True, slots=True)
class TrainingSets:
    """Train, validation and test items; the latter two may be empty."""

    train: GroupDataset
    validation: GroupDataset
    test: GroupDataset

    @property
    def held_out(self) -> tuple[Split, GroupDataset] | None:
        """What the model is judged on: the test split, else the validation split, if any."""
        if len(self.test):
            return Split.TEST, self.test
        return (Split.VALIDATION, self.validation) if len(self.validation) else None


def open_sets(
    config: TrainConfig, dataset: Dataset, backbone: Backbone, images: ImageCache
) -> TrainingSets:
    """Open all splits; ``ValueError`` if there is nothing to train on."""
    if not dataset.split(Split.TRAIN):
        raise ValueError(f"{dataset.folder} has no items in the split 'train'")

    def open_split(split: Split) -> GroupDataset:
        rows = dataset.split(split)
        return GroupDataset(
            draw_share(rows, config) if split is Split.TRAIN else rows,
            dataset=dataset,
            backbone=backbone,
            images=images,
            ties=config.loss.ties,
            augment_seed=config.seed if config.augment and split is Split.TRAIN else None,
        )

    sets = TrainingSets(*(open_split(split) for split in Split))
    if not sets.train.teaches(config.loss):
        raise ValueError(
            f"{dataset.folder} cannot be used for training: no item in the split 'train' has "
            "what this loss "
            "learns from: a pair of positive weight (squared_error: a score), or with "
            "anchor_weight above 0 a rating or a score"
        )
    return sets


def open_images(
    dataset: Dataset, backbone: Backbone, place: Path, progress: Progress
) -> ImageCache:
    """The image cache in ``place``, built once and found again when a run resumes."""
    if any_process(flag=not ImageCache.is_whole(place), device=process_device()):
        if is_first_process():
            drop_index(place)
        wait_for_all()
        parts = gather(_decode_share(dataset, backbone, place, progress))
        try:
            require_readable(parts)
        except UnreadableImagesError as error:
            problems = dataset.problems_of_images(dict(error.problems))
            raise DataError(problems, rows=len(dataset.groups)) from error
        if is_first_process():
            write_index(place, parts)
        wait_for_all()
    return ImageCache(place)


def _decode_share(dataset: Dataset, backbone: Backbone, place: Path, progress: Progress) -> Part:
    """This process's part of the images; ``progress`` is called with the total of all parts."""
    processes = world_size()
    paths = sorted(set(_image_paths(dataset)))

    def tell(done: int, _: int, phase: str) -> None:
        progress(min(done * processes, len(paths)), len(paths), phase)

    return decode_part(
        place,
        paths[process_index() :: processes],
        fit=backbone.fit_image,
        listed=dataset.listed,
        number=process_index(),
        progress=tell,
    )


def images_key(dataset: Dataset, backbone: Backbone) -> str:
    """A name for the pictures as the backbone reads them; another one once a file has changed."""
    return cache_key(_image_paths(dataset), repr(backbone.config_dict()), dataset.listed)


def _image_paths(dataset: Dataset) -> list[Path]:
    return [dataset.path(name) for row in dataset.groups for name in row.image_names]


def require_ordered(validation: GroupDataset) -> None:
    """Refuse early stopping on items that cannot show when to stop."""
    for row in validation.rows:
        scores = {human_score(each, validation.rubric, OVERALL) for each in row.candidates}
        if len(scores - {None}) > 1:
            return
    raise ValueError(
        "patience needs a validation split in which people ordered a pair of candidates: there is "
        "none, so there is no way to tell when to stop; set patience to 0, or split the data "
        "otherwise"
    )


def draw_share(rows: Sequence[GroupRow], config: TrainConfig) -> list[GroupRow]:
    """A seeded share of the items, in their order; smaller shares are subsets of larger ones."""
    count = max(1, round(config.train_share * len(rows)))
    order = torch.randperm(len(rows), generator=generator(config.seed)).tolist()
    return [rows[index] for index in sorted(order[:count])]
