"""What is brought into the loop: a packed folder of items, a rubric file, a table of ratings."""

import csv
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from annotation_app.models import Campaign, DrawnCandidate
from annotation_app.services.collections.importing.staging import stage_upload
from tests.factories.files import candidate, item, make_image
from tests.factories.loop.words import METHODS, odd_metadata, two_lines

CANDIDATES = 5
LEVELS = (1, 2, 3, 4)


def staged_items(first: int, number: int, *, size: tuple[int, int] = (24, 24)) -> str:
    """Upload a packed folder of items, each with pictures of its own."""
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "items.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            for path, data in _files(first, number, size):
                archive.writestr(path, data)
        return stage_upload(ContentFile(packed.read_bytes(), name="items.zip"))


def _files(first: int, number: int, size: tuple[int, int]) -> list[tuple[str, bytes | str]]:
    files: list[tuple[str, bytes | str]] = []
    lines = []
    for n in range(first, first + number):
        files += [
            (f"{n}-{place}.png", make_image((7 * n % 250, 40 * place, 9 * n % 250), size=size))
            for place in range(CANDIDATES + 1)
        ]
        lines.append(_item(n))
    return [*files, ("manifest.jsonl", "\n".join(json.dumps(line) for line in lines))]


def _item(n: int) -> dict[str, Any]:
    """An item whose further columns are named like methods; two sources, categories, licences."""
    return item(
        f"item-{n:03}",
        instruction=two_lines(f"Make thing {n} blue."),
        category=("colour", "object & more")[n % 2],
        source_dataset=("hand-made", "found")[n % 2],
        source_image=f"{n}-0.png",
        candidates=[
            candidate(f"edit-{n}-{k}", f"{n}-{k}.png", f"editor-{k % 3}", **odd_metadata())
            for k in range(1, CANDIDATES + 1)
        ],
        **odd_metadata(),
    )


def rubric_file() -> str:
    """A rubric whose dimensions and criteria are named like methods, in two languages."""
    keys = METHODS[0], METHODS[2]
    words = {
        key: {
            "name": key.title(),
            "summary": two_lines(f"How good are the {key}?"),
            "levels": {str(level): {"name": f"{level}", "anchor": "So."} for level in LEVELS},
            "criteria": {"count": {"name": "Count", "description": two_lines("All there?")}},
        }
        for key in keys
    }
    document = "# Guide\n\nLook [closely](https://example.org/).\n\n- one\n- two\n"
    return json.dumps(
        {
            "slug": "named-like-methods",
            "name": "Named like methods",
            "dimensions": [
                {"key": key, "weight": [1, 1], "levels": list(LEVELS), "criteria": ["count"]}
                for key in keys
            ],
            "wording": {"en": words, "zh-hans": words},
            "document": {"en": document, "zh-hans": document},
        }
    )


def staged_ratings(campaign: Campaign, annotator: str, *, level: int = 3) -> str:
    """Upload a table in which somebody has rated everything that the campaign shows."""
    keys = list(campaign.rubric.dimensions.values_list("key", flat=True))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["item", "candidate", "annotator", *keys])
    drawn = DrawnCandidate.objects.filter(campaign_item__campaign=campaign)
    for name, shown in drawn.values_list(
        "campaign_item__item__external_id", "candidate__external_id"
    ):
        writer.writerow([name, shown, annotator, *[level] * len(keys)])
    return stage_upload(ContentFile(table.getvalue().encode(), name="ratings.csv"))
