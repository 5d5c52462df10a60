"""Every reader of tables over Parquet of a few kilobytes that would unpack to gigabytes.

Each runs in a process of its own, whose memory is measured.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotation_app.services.collections.rating_imports.edit_reward_data import COLUMNS as PUBLISHED
from tests.architecture.source_tree import CHECKOUT

ALLOWED = 3 << 29  # bytes: half a gibibyte of values, the program and what it holds of them twice
READERS = ("agreement", "items", "predictions", "published", "ratings")
NAMES = (
    *("item_id", "candidate_id", "instruction", "image", "item", "candidate", "annotator"),
    *("group_id", "score", "unit", "rater", "dimension", "if", *PUBLISHED),
)
READER = """
import resource, sys, tempfile
from pathlib import Path
import django
django.setup()
from analytics.foreign.ratings_file import read_ratings_file
from analytics.foreign.strata import ForeignFileError
from annotation_app.exceptions import InvalidInputError
from annotation_app.services.benchmarks.predictions import read_predictions
from annotation_app.services.collections.importing.sources import open_source
from annotation_app.services.collections.rating_imports.dimensions import words_for
from annotation_app.services.collections.rating_imports.edit_reward_data import EditRewardFolder
from annotation_app.services.collections.rating_imports.reading import RatingsFile

def items(path):
    with open_source(path) as source:
        for found in source.items():
            for problem in getattr(found, "problems", []):
                print(problem)

def ratings(path):
    for found in RatingsFile(path, words_for(("if", "vq"))).rows():
        if not hasattr(found, "level"):
            print(found)

def predictions(path):
    with path.open("rb") as file:
        read_predictions(name=path.name, file=file, groups={"g": ("a", "b")})

def published(path):
    source = EditRewardFolder(path.parent, Path(tempfile.mkdtemp()))
    source.read(lambda done, total, message: None)
    for problem in source.problems:
        print(problem)

readers = {
    "items": items, "ratings": ratings, "predictions": predictions, "published": published,
    "agreement": read_ratings_file,
}
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))  # so that a mistake ends here
for path in map(Path, sys.argv[2:]):
    print(path.stem)
    try:
        readers[sys.argv[1]](path)
    except (InvalidInputError, ForeignFileError) as error:
        print(error)
status = Path("/proc/self/status").read_text()
print("peak", status.partition("VmHWM:")[2].split()[0])
"""


def repeated(value: str, rows: int) -> Any:
    """One value, kept once and named by every row."""
    return pa.DictionaryArray.from_arrays(np.zeros(rows, dtype=np.int32), pa.array([value]))


def many_rows(path: Path) -> None:
    """Rows that each take a bit or less."""
    table = pa.table({name: repeated("a", 6_000_000) for name in NAMES})
    pq.write_table(table, path, compression="zstd")


def long_value(path: Path) -> None:
    """A thousand rows of 1.1 MB and more."""
    table = pa.table({name: repeated("x" * 1_100_000, 1000) for name in NAMES})
    pq.write_table(table, path, compression="zstd")


def long_page(path: Path) -> None:
    """Three values of 200 MB, each of one letter."""
    rest = {name: ["a"] for name in NAMES}
    table = pa.table({"note": pa.array(["x" * 200_000_000], pa.large_string()), **rest})
    with pq.ParquetWriter(path, table.schema, compression="zstd", use_dictionary=False) as file:
        for _ in range(3):
            file.write_table(table)


@pytest.fixture(scope="module")
def bombs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Small files of every kind, each in a folder of its own."""
    paths = []
    for write in (many_rows, long_value, long_page):
        path = tmp_path_factory.mktemp("bomb") / f"{write.__name__}.parquet"
        write(path)
        assert path.stat().st_size < 1_000_000
        paths.append(path)
    return paths


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's own figures")
@pytest.mark.parametrize("reader", READERS)
def test_what_unpacks_to_gigabytes_is_refused_in_a_sentence_and_in_little_memory(bombs, reader):
    done = subprocess.run(
        [sys.executable, "-c", READER, reader, *bombs],
        cwd=CHECKOUT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "annotation_app.settings.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows, rest = done.stdout.partition("\nlong_value\n")[::2]
    value, page = rest.partition("\nlong_page\n")[::2]
    assert "6,000,000 rows" in rows
    assert "unpacks to " in value
    assert "unpacks to " in page
    assert len(done.stdout) < 1_000_000
    assert int(done.stdout.split()[-1]) << 10 < ALLOWED
