"""The smallest folder that imports: help texts show it, write_template writes it out."""

import csv
import hashlib
import io
import json
from pathlib import Path

from PIL import Image, ImageDraw

from annotation_app.exceptions import InvalidInputError

SIZE = (320, 240)
NAMED = (
    ("park-1", "Make the bench blue", "recolour"),
    ("street-1", "Remove the car", "remove"),
    ("desk-1", "Add a red mug", "add"),
)
EDITORS = (("a", "editor-a"), ("b", "editor-b"))
TREE = """\
my-edits/
  manifest.jsonl
  images/
    park-1.png
    park-1-a.png
    park-1-b.png
    …
"""
RATED = {"park-1": ((4, 4), (2, 3)), "street-1": ((3, 4), (4, 2))}  # if, vq of a and of b
RATERS = (("anna", 0), ("ben", 1))  # who, and the levels by which they are stricter


def items() -> list[dict[str, object]]:
    """The items, one line of manifest.jsonl each; image paths count from the manifest."""
    return [
        {
            "item_id": item,
            "instruction": instruction,
            "category": category,
            "source_image": f"images/{item}.png",
            "candidates": [
                {
                    "candidate_id": f"{item}-{letter}",
                    "model": model,
                    "seed": 1,
                    "image": f"images/{item}-{letter}.png",
                }
                for letter, model in EDITORS
            ],
        }
        for item, instruction, category in NAMED
    ]


def jsonl(count: int = len(NAMED)) -> str:
    """manifest.jsonl of the first `count` items."""
    return "".join(f"{json.dumps(one)}\n" for one in items()[:count])


def table(count: int = len(NAMED)) -> str:
    """manifest.csv of the same: one row for each candidate."""
    rows: list[list[object]] = []
    for item, instruction, category in NAMED[:count]:
        ours = (item, instruction, category, f"images/{item}.png")
        for letter, model in EDITORS:
            name = f"{item}-{letter}"
            rows.append([*ours, name, model, 1, f"images/{name}.png"])
    head = ["item_id", "instruction", "category", "source_image"]
    return _csv([[*head, "candidate_id", "model", "seed", "image"], *rows])


def ratings() -> str:
    """ratings.csv: what two people gave two of the items, on the default rubric's dimensions."""
    rows = [
        [item, f"{item}-{letter}", rater, *(max(1, level - strict) for level in levels)]
        for rater, strict in RATERS
        for item, given in RATED.items()
        for (letter, _), levels in zip(EDITORS, given, strict=True)
    ]
    return _csv([["item", "candidate", "annotator", "if", "vq"], *rows])


def write_example(folder: Path, *, as_csv: bool = False) -> list[Path]:
    """Write the folder with placeholder pictures; returns the files.

    Raises:
        InvalidInputError: if there is something in the folder, or it is a file.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidInputError(
            f"{folder} is not an empty folder. Name one that does not exist yet."
        )
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    manifest = folder / ("manifest.csv" if as_csv else "manifest.jsonl")
    manifest.write_text(table() if as_csv else jsonl(), encoding="utf-8")
    scores = folder / "ratings.csv"
    scores.write_text(ratings(), encoding="utf-8")
    names = [name for item, _, _ in NAMED for name in (item, *(f"{item}-{e}" for e, _ in EDITORS))]
    pictures = [images / f"{name}.png" for name in names]
    for path in pictures:
        draw_placeholder(path.stem).save(path)
    return [manifest, scores, *pictures]


def draw_placeholder(name: str) -> Image.Image:
    """A distinct picture for a name: an area whose colour depends on the name, and the name."""
    red, green, blue = hashlib.sha256(name.encode()).digest()[:3]
    picture = Image.new("RGB", SIZE, (224, 224, 224))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 60, 260, 180), fill=(red, green, blue))
    pen.text((60, 195), name, fill=(32, 32, 32))
    return picture


def _csv(rows: list[list[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
