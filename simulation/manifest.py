"""Writing a world as a folder of PNG files with a `manifest.jsonl`, the site's import format."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from PIL import Image

from simulation.world import World, WorldItem

MANIFEST = "manifest.jsonl"
IMAGES = "images"
# PNG at its fastest (run-length strategy): the site reads each file once and keeps WebP.
_LEVEL, _RUN_LENGTH = 1, 3

Progress = Callable[[int, int], None]


def write_manifest(
    world: World,
    folder: Path,
    *,
    pool: int = 12,
    processes: int = 1,
    progress: Progress | None = None,
) -> Path:
    """Draw a world into `folder` and list it in the import format.

    Args:
        world: What to draw; its `items` say how many.
        folder: Made if missing; images go to `images/` below it.
        pool: How many of the twelve candidates to draw per item.
        processes: Worker processes; 1 draws in this one.
        progress: Called with (items done, items in all) after each item.

    Returns:
        The path of the manifest, which appears only when all images exist.
    """
    (folder / IMAGES).mkdir(parents=True, exist_ok=True)
    draft = folder / f"{MANIFEST}.part"
    with draft.open("w", encoding="utf-8") as lines:
        for done, row in enumerate(_rows(world, folder, pool, processes), start=1):
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            if progress is not None:
                progress(done, len(world))
    return draft.replace(folder / MANIFEST)


def write_item(world: World, folder: Path, pool: int, index: int) -> dict[str, Any]:
    """Draw one item's images into `folder/images` and return its manifest row."""
    item = world.item(index)
    row = _describe(item)
    row["source_image"] = _save(item.draw_source(), folder, f"{item.item_id}-source")
    row["candidates"] = [
        {
            "candidate_id": candidate.candidate_id,
            "model": candidate.model,
            "seed": candidate.seed,
            "image": _save(candidate.draw(), folder, candidate.candidate_id),
        }
        for candidate in item.candidates[:pool]
    ]
    return row


def _rows(world: World, folder: Path, pool: int, processes: int) -> Iterator[dict[str, Any]]:
    write = partial(write_item, world, folder, pool)
    if processes <= 1:
        yield from map(write, range(len(world)))
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as executor:
        yield from executor.map(write, range(len(world)), chunksize=4)


def _describe(item: WorldItem) -> dict[str, Any]:
    """The item's own columns; `language` and `simulated` travel as metadata."""
    return {
        "item_id": item.item_id,
        "instruction": item.instruction,
        "category": item.category,
        "source_dataset": item.source_dataset,
        "language": item.language,
        "simulated": True,
    }


def _save(image: Image.Image, folder: Path, name: str) -> str:
    path = Path(IMAGES) / f"{name}.png"
    image.save(folder / path, compress_level=_LEVEL, compress_type=_RUN_LENGTH)
    return path.as_posix()
