"""``python -m modeling evaluate``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from modeling.backbones import ItemInputs
from modeling.cli.device import add_device
from modeling.cli.opening import add_released, open_model, read_as
from modeling.cli.output import write_json
from modeling.config import RubricText, Split
from modeling.data import Dataset, GroupRow, Reading, as_shown, read_dataset, read_picture
from modeling.evaluation import Judged, evaluate, heldout_metrics, to_plain


def register(commands: Any) -> None:  # noqa: ANN401  # argparse does not export its type
    """Add the command's parser."""
    parser = commands.add_parser("evaluate", help="compare a model with human judgements")
    parser.add_argument("model", type=Path, help="checkpoint folder, ours or a released one")
    parser.add_argument("data", type=Path, help="training folder")
    parser.add_argument("--split", type=Split, choices=list(Split), default=Split.TEST)
    parser.add_argument("--seed", type=int, default=0, help="of cross-fitting and bootstraps")
    add_device(parser)
    add_released(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the headline figures of one split and, under ``evaluation``, all the others."""
    model = open_model(arguments.model, arguments)
    dataset = read_dataset(arguments.data)
    if dataset.rubric.keys != model.keys:
        raise ValueError(
            f"the data rates {', '.join(dataset.rubric.keys)}, the model {', '.join(model.keys)}"
        )
    require_same_scales(dataset.rubric, model.rubric)
    rows = dataset.split(arguments.split)
    if not rows:
        raise ValueError(f"{arguments.data} has no items in the split {arguments.split.value!r}")
    predictions = [model.predict(items=[open_row(row, dataset, model.reading)])[0] for row in rows]
    report = evaluate(
        Judged(rows, predictions), dataset.rubric, rng=np.random.default_rng(arguments.seed)
    )
    headline = heldout_metrics(rows, predictions, dataset.rubric)
    write_json({**to_plain(headline), "evaluation": to_plain(report), **read_as(model)})


def require_same_scales(data: RubricText, model: RubricText) -> None:
    """Refuse other levels or other shares of the overall: figures would compare unlike things."""
    for ours, theirs in zip(data.dimensions, model.dimensions, strict=True):
        if ours.levels != theirs.levels:
            raise ValueError(
                f"the data rates {ours.key!r} on levels {', '.join(map(str, ours.levels))}, "
                f"the model knows {', '.join(map(str, theirs.levels))}"
            )
    ratios = np.divide(data.weights, model.weights)
    if not np.allclose(ratios, ratios[0]):
        raise ValueError(
            f"the data weighs {_weights(data)}, the model {_weights(model)}: "
            "their overall scores are not the same"
        )


def _weights(rubric: RubricText) -> str:
    return ", ".join(f"{each.key} {each.weight:g}" for each in rubric.dimensions)


def open_row(row: GroupRow, dataset: Dataset, reading: Reading = as_shown) -> ItemInputs:
    """Decode the images of one row; ``reading`` turns each into RGB."""

    def read(image: str) -> Image.Image:
        path = dataset.path(image)
        listed = dataset.listed.get(path)
        return read_picture(path, f"item {row.item_id!r}", sha256=listed, reading=reading)

    return ItemInputs(
        row.item_id,
        row.instruction,
        read(row.source_image),
        tuple((candidate.candidate_id, read(candidate.image)) for candidate in row.candidates),
    )
