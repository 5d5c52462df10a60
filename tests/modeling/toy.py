"""A tiny world with known order: a square must take the named colour, noise spoils the picture."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image

COLOURS = {"red": (220, 40, 40), "green": (40, 200, 60), "blue": (40, 60, 220)}
RUBRIC = {
    "dimensions": [
        {"key": "if", "name": "Instruction Following", "weight": 1, "levels": [1, 2, 3, 4]},
        {"key": "vq", "name": "Visual Quality", "weight": 1, "levels": [1, 2, 3, 4]},
    ]
}


def write_toy(folder: Path, *, items: int, candidates: int = 4, seed: int = 0) -> Path:
    """Write a training folder; a fifth of the items each for validation and test."""
    rng = np.random.default_rng(seed)
    (folder / "images").mkdir(parents=True)
    rows = [_item(folder, rng, index, candidates) for index in range(items)]
    (folder / "groups.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "rubric.json").write_text(json.dumps(RUBRIC))
    return folder


def list_files(folder: Path) -> None:
    """Write a manifest of all files, as the site's exports do."""
    files = {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.rglob("*.*"))
    }
    (folder / "manifest.json").write_text(json.dumps({"files": files}))


def _item(folder, rng, index, candidates):
    wanted = list(COLOURS)[index % len(COLOURS)]
    _save(folder, f"{index}-source.png", _picture(rng, (128, 128, 128), 0))
    rows = []
    for number in range(candidates):
        follows, clean = int(rng.integers(1, 5)), int(rng.integers(1, 5))
        other = list(COLOURS)[(index + 1) % len(COLOURS)]
        share = (follows - 1) / 3
        colour = share * np.array(COLOURS[wanted]) + (1 - share) * np.array(COLOURS[other])
        name = f"{index}-{number}.png"
        _save(folder, name, _picture(rng, colour, (4 - clean) * 25))
        rows.append(
            {
                "candidate_id": f"c{number}",
                "generator": f"editor-{number % 2}",
                "seed": number,
                "image": f"images/{name}",
                "scores": {
                    "if": {"numerator": follows, "denominator": 1},
                    "vq": {"numerator": clean, "denominator": 1},
                },
                "ratings": {"if": [follows], "vq": [clean]},
            }
        )
    return {
        "item_id": f"item-{index}",
        "instruction": f"Make the square {wanted}.",
        "category": "recolour" if index % 2 else "paint",
        "source_dataset": "toy",
        "source_image": f"images/{index}-source.png",
        "split": ("train", "train", "train", "validation", "test")[index % 5],
        "candidates": rows,
        "pairs": list(_pairs(rows)),
    }


def _pairs(rows):
    for i, first in enumerate(rows):
        for second in rows[i + 1 :]:
            gaps = {
                key: first["scores"][key]["numerator"] - second["scores"][key]["numerator"]
                for key in ("if", "vq")
            }
            total = sum(gaps.values())
            if total:
                yield _pair("strict", "overall", first, second, total)
            elif any(gaps.values()):
                for key, gap in gaps.items():
                    yield _pair("disentangled", key, first, second, gap)
            else:
                yield _pair("identical", "overall", first, second, 1)


def _pair(kind, dimension, first, second, gap):
    preferred, other = (first, second) if gap > 0 else (second, first)
    return {
        "kind": kind,
        "dimension": dimension,
        "preferred": preferred["candidate_id"],
        "other": other["candidate_id"],
        "weight": 1,
    }


def _picture(rng, colour, noise):
    pixels = np.full((48, 48, 3), 235.0)
    pixels[12:36, 12:36] = colour
    pixels += rng.normal(0, noise, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _save(folder, name, image):
    image.save(folder / "images" / name)
