"""The manifest: the import format, complete, repeatable, with progress."""

import json

from PIL import Image

from simulation.manifest import write_manifest
from simulation.world import World

WORLD = World(seed=2, items=3, image_size=64)


def _rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_rows_follow_the_import_format_and_every_image_opens(tmp_path):
    rows = _rows(write_manifest(WORLD, tmp_path, pool=4))
    assert [row["item_id"] for row in rows] == [item.item_id for item in WORLD]
    for row, item in zip(rows, WORLD, strict=True):
        assert row["instruction"] == item.instruction
        assert (row["category"], row["simulated"]) == (item.category, True)
        assert row["source_dataset"].startswith("simulated-")
        assert len(row["candidates"]) == 4
        for entry, candidate in zip(row["candidates"], item.candidates, strict=False):
            assert set(entry) == {"candidate_id", "model", "seed", "image"}
            with Image.open(tmp_path / entry["image"]) as image:
                assert image.tobytes() == candidate.draw().tobytes()
        with Image.open(tmp_path / row["source_image"]) as image:
            assert image.tobytes() == item.draw_source().tobytes()


def test_two_runs_write_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_manifest(WORLD, tmp_path / name, pool=2)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 1 + 3 * 3
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_several_processes_write_what_one_writes(tmp_path):
    one = write_manifest(WORLD, tmp_path / "one", pool=1)
    two = write_manifest(WORLD, tmp_path / "two", pool=1, processes=2)
    assert one.read_bytes() == two.read_bytes()


def test_progress_is_told_after_every_item(tmp_path):
    told = []
    write_manifest(WORLD, tmp_path, pool=1, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]
