"""``python -m modeling score``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from modeling.cli.output import ProgressBar, write_json
from modeling.scorer import RewardModel, ScoreItem


def register(commands: Any) -> None:  # noqa: ANN401  # argparse does not export its type
    """Add the command's parser."""
    parser = commands.add_parser("score", help="score the candidates of a manifest")
    parser.add_argument("model", type=Path, help="checkpoint folder")
    parser.add_argument("manifest", type=Path, help="manifest.jsonl or groups.jsonl")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--device", default="cpu")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print one JSON line per candidate."""
    model = RewardModel.from_pretrained(arguments.model, device=arguments.device)
    progress = ProgressBar()
    results = model.score(
        items=list(read_items(arguments.manifest)),
        batch_size=arguments.batch_size,
        progress=progress,
    )
    progress.close()
    for item in results:
        for candidate in item.candidates:
            names = {"item_id": item.item_id, "candidate_id": candidate.candidate_id}
            write_json({**names, **candidate.values})


def read_items(manifest: Path) -> Iterator[ScoreItem]:
    """The items of a manifest, with image paths relative to it."""
    for line in manifest.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        row = json.loads(line)
        yield ScoreItem(
            item_id=str(row["item_id"]),
            instruction=str(row["instruction"]),
            source=manifest.parent / row["source_image"],
            candidates={
                str(candidate["candidate_id"]): manifest.parent / candidate["image"]
                for candidate in row["candidates"]
            },
        )
