"""The parts of an export under construction: whole or absent, so that a killed build resumes.

A part contains some items in every format. It ends where the items' numbers say, never by the
clock, so a build that was interrupted ends with the same bytes as one that was not.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from analytics.pairs.dataset import PairLedger, TallyRow
from analytics.pairs.dimensions import Dimensions
from annotation_app.selectors.exports.items import ExportItem
from annotation_app.services.exports.formats import Format, FormatFacts, open_formats
from annotation_app.services.exports.images import ImageExporter
from annotation_app.services.exports.pairing import PairChoice
from annotation_app.services.exports.rows import item_rows

STATE = "state.json"
MOST_PAIRS = 1_000_000
MOST_EMBEDDED = 512 << 20  # bytes of images; hubs like files below half a gigabyte

Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part.

    Attributes:
        folder: of its files.
        last_item: campaign item after which the next part begins.
        items: in it.
        rows: by format.
        embedded: bytes of images in its files.
        tallies: of its pairs.
    """

    folder: Path
    last_item: int
    items: int
    rows: dict[str, int]
    embedded: int
    tallies: list[TallyRow]


@dataclass(frozen=True, slots=True)
class PartWriter:
    """Writes parts of one export.

    Attributes:
        root: folder of the parts.
        facts: for the formats.
        choice: how pairs are built.
        shelf: gives images their paths.
    """

    root: Path
    facts: FormatFacts
    choice: PairChoice
    shelf: ImageExporter

    @property
    def dimensions(self) -> Dimensions:
        return self.facts.dimensions

    def finished(self) -> list[Part]:
        """The parts that an earlier attempt finished, in order."""
        parts: list[Part] = []
        while (folder := self._folder(len(parts))).is_dir():
            parts.append(_read(folder))
        return parts

    def write(self, items: Iterator[ExportItem], before: list[Part], step: Step) -> Part | None:
        """Write the next part; None if no item is left.

        Args:
            items: those that are not in any part yet.
            before: the parts before this one.
            step: called with the number of items and the bytes of images in the part.
        """
        final = self._folder(len(before))
        aside = final.with_suffix(".half")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        ledger = PairLedger()
        with ExitStack() as stack:
            formats = open_formats(aside, self.facts, rows_of(before))
            for one in formats.values():
                stack.callback(one.close)
            done, last = self._fill(items, formats, ledger, step)
        if not done:
            shutil.rmtree(aside)
            return None
        _, tallies = ledger.state()
        rows = {name: one.rows for name, one in formats.items()}
        embedded = sum(one.embedded_bytes for one in formats.values())
        part = Part(final, last, done, rows, embedded, tallies)
        state = {name: value for name, value in asdict(part).items() if name != "folder"}
        (aside / STATE).write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
        aside.replace(final)
        return part

    def _fill(
        self,
        items: Iterator[ExportItem],
        formats: dict[str, Format],
        ledger: PairLedger,
        step: Step,
    ) -> tuple[int, int]:
        done = last = pairs = 0
        for item in items:
            rows = item_rows(item, self.dimensions, self.choice, self.shelf)
            for view in rows.views:
                ledger.add(view.pairs)
                pairs += len(view.pairs.rows)
            for one in formats.values():
                one.add(rows)
            done, last = done + 1, item.campaign_item
            embedded = sum(one.embedded_bytes for one in formats.values())
            step(done, embedded)
            if pairs >= MOST_PAIRS or embedded >= MOST_EMBEDDED:
                break
        return done, last

    def _folder(self, number: int) -> Path:
        return self.root / f"{number:05}"


def rows_of(parts: list[Part]) -> dict[str, int]:
    """Rows by format in all parts together."""
    total: dict[str, int] = {}
    for part in parts:
        for name, rows in part.rows.items():
            total[name] = total.get(name, 0) + rows
    return total


def ledger_of(parts: list[Part]) -> PairLedger:
    """The counts of all parts together."""
    ledger = PairLedger()
    for part in parts:
        ledger.merge(part.items, part.tallies)
    return ledger


def _read(folder: Path) -> Part:
    state: dict[str, Any] = json.loads((folder / STATE).read_text(encoding="utf-8"))
    tallies = [tuple(row) for row in state.pop("tallies")]
    return Part(folder=folder, tallies=tallies, **state)
