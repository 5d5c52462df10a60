"""Reads an ImagenHub folder of human ratings: one TSV per rater, one column per editing model.

A cell holds `[SC, PQ]`, semantic consistency and perceptual quality, each 0, 0.5 or 1; the overall
O is √(SC · PQ) per rating. Source: Ku et al. (2023), ImagenHub, section 4.
"""

import csv
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analytics.foreign.strata import POOLED, ForeignFileError, StratifiedRatings
from analytics.scales import Scale
from analytics.tables import RatingTable

FILE_PATTERN = "*rater*.tsv"
ID_FIELD = "uid"
CELL = re.compile(r"\[\s*(\d+(?:\.\d*)?)\s*,\s*(\d+(?:\.\d*)?)\s*\]")
STEPS = (0.0, 0.5, 1.0)
SINGLE = Scale.of(STEPS)
OVERALL = Scale.of(sorted({math.sqrt(sc * pq) for sc in STEPS for pq in STEPS}))
DIMENSIONS: Mapping[str, Scale] = {"SC": SINGLE, "PQ": SINGLE, "O": OVERALL}


@dataclass(frozen=True)
class Rated:
    """One rating: (item, model) by a rater, on the three dimensions; None where not rated."""

    item: str
    model: str
    rater: str
    scores: Mapping[str, float | None]


def is_imagenhub(folder: Path) -> bool:
    """Whether a folder holds raters' TSV files."""
    return folder.is_dir() and any(folder.glob(FILE_PATTERN))


def read_imagenhub(folder: Path) -> StratifiedRatings:
    """Read all raters' files of a folder; strata are the models, and all models pooled.

    Raises:
        ForeignFileError: no file, no `uid` column, or a cell that is no pair of levels.
    """
    files = sorted(folder.glob(FILE_PATTERN))
    if not files:
        raise ForeignFileError(f"{folder}: no file is named like {FILE_PATTERN}")
    rated = [rating for file in files for rating in _read_rater(file)]
    models = list(dict.fromkeys(rating.model for rating in rated))
    strata = {
        model: _tables([rating for rating in rated if rating.model == model]) for model in models
    }
    return StratifiedRatings(strata={**strata, POOLED: _tables(rated)}, source=folder.name)


def _tables(rated: list[Rated]) -> dict[str, RatingTable]:
    """One table per dimension; models of an item are its units."""
    return {
        name: RatingTable.from_long(
            units=[(rating.item, rating.model) for rating in rated],
            raters=[rating.rater for rating in rated],
            values=[rating.scores[name] for rating in rated],
            items=[rating.item for rating in rated],
            scale=scale,
        )
        for name, scale in DIMENSIONS.items()
    }


def _read_rater(file: Path) -> Iterator[Rated]:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter="\t")
        if ID_FIELD not in (rows.fieldnames or ()):
            raise ForeignFileError(f"{file.name}: no column {ID_FIELD!r}")
        for number, row in enumerate(rows, start=2):
            for model, cell in row.items():
                if model != ID_FIELD:
                    scores = _scores(cell, f"{file.name}, row {number}, column {model!r}")
                    yield Rated(row[ID_FIELD], model, file.stem, scores)


def _scores(cell: str | None, where: str) -> dict[str, float | None]:
    """Scores of a cell, written with or without a space after the comma; empty is missing."""
    if not (cell or "").strip():
        return dict.fromkeys(DIMENSIONS)
    match = CELL.fullmatch((cell or "").strip())
    if not match:
        raise ForeignFileError(f"{where}: {cell!r} is no pair [SC, PQ]")
    sc, pq = float(match[1]), float(match[2])
    if sc not in STEPS or pq not in STEPS:
        raise ForeignFileError(f"{where}: {cell!r} has a level other than 0, 0.5 and 1")
    return {"SC": sc, "PQ": pq, "O": math.sqrt(sc * pq)}
