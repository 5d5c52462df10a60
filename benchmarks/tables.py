"""Tables by the thousand, made, damaged and mutated: is a row ever lost, is there ever a traceback?

Made tables are held against what was written into them, and mutated files against a plain count of
their lines; the readers of agreement, of ratings and of items run over the same mutated files.
`study` is run by `python -m benchmarks tables`; options: `tables` (how many of each half), `seed`.
"""

import csv
import io
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random

import numpy as np

from analytics.foreign.ratings_file import read_ratings_file
from analytics.foreign.strata import ForeignFileError
from analytics.tabular.reading import open_table
from benchmarks.targets import Result, at_least, at_most
from tests.factories.tables import check_accounted, mutate, run_tables

TABLES, QUICK_TABLES = 15_000, 1_500
FEWEST = 20_000
SPEED_ROWS = 200_000


def study(*, quick: bool, options: Mapping[str, str]) -> Result:
    """Read made, damaged and mutated tables; compare the speed with Python's own reader."""
    n_tables = int(options.get("tables", QUICK_TABLES if quick else TABLES))
    seed = int(options.get("seed", 0))
    counts: dict[str, int | float] = dict(run_tables(seed, n_tables))
    print(f"made and damaged: {counts}")
    mutated, tracebacks = _mutated(seed, n_tables)
    speed = _speed()
    figures = counts | {
        "mutated": mutated,
        "tables": n_tables + mutated,
        "tracebacks": tracebacks,
        "seconds_against_csv_module": speed,
    }
    targets = [
        at_least("tables read", n_tables + mutated, 2 * QUICK_TABLES if quick else FEWEST),
        at_most("tracebacks", tracebacks, 0),
        at_most("seconds against Python's csv module, which does no checks", speed, 5.0),
    ]
    return Result(figures=figures, targets=targets)


def _samples() -> list[tuple[str, bytes]]:
    """Real files where they are at hand, and made ones."""
    folder = Path(os.environ.get("SHARED_DATA", "../shared/data"))
    found = sorted([*folder.glob("faults/*.csv"), *folder.glob("faults/*/*.csv")])
    found += [*folder.glob("real_edits/manifest.jsonl"), *folder.glob("genai_bench/*.jsonl")]
    samples = [(f"t{path.suffix}", path.read_bytes()[:60_000]) for path in found]
    rows = "".join(
        f"it{i},c{i % 3},r{i % 5},{key},{1 + i % 4}\n" for i in range(40) for key in "ab"
    )
    made = ("item,candidate,annotator,dimension,level\n" + rows).encode()
    return [*samples, ("t.csv", made)]


def _mutated(seed: int, n_tables: int) -> tuple[int, int]:
    """Mutated files through the reader of tables and the reader of agreement."""
    samples = _samples()
    tracebacks = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(n_tables):
            rng = Random(f"{seed}-{number}")  # noqa: S311 - repeatable
            name, data = samples[number % len(samples)]
            changed = mutate(data, rng)
            check_accounted(name, changed)
            tracebacks += _fails(partial(_agreement, Path(folder), name, changed))
    return n_tables, tracebacks


def _agreement(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    path.write_bytes(data)
    try:
        read_ratings_file(path)
    except ForeignFileError as error:
        if name not in str(error):
            raise ValueError(f"the refusal does not name the file: {error}") from error


def _fails(action: Callable[[], None]) -> bool:
    try:
        action()
    except Exception as error:  # noqa: BLE001 - any kind of traceback is what is counted
        print(f"traceback: {type(error).__name__}: {error}")
        return True
    return False


def _speed() -> float:
    """Median over three runs of our seconds against those of `csv.DictReader`."""
    rows = "".join(f"it{i},c{i % 7},ann,if,3,12.5\n" for i in range(SPEED_ROWS))
    data = ("item,candidate,annotator,dimension,level,seconds\n" + rows).encode()
    ratios = []
    for _ in range(3):
        began = time.perf_counter()
        ours = sum(1 for _ in open_table(io.BytesIO(data), "t.csv").rows)
        middle = time.perf_counter()
        plain = sum(1 for _ in csv.DictReader(io.StringIO(data.decode())))
        ended = time.perf_counter()
        if ours != plain:
            raise ValueError(f"{ours} rows against {plain}")
        ratios.append((middle - began) / (ended - middle))
    return float(np.median(ratios))
