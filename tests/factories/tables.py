"""Tables as people's programs write them, damaged as people damage them, with what they held.

The truth about a file is known from how it was made: no reader is asked. `check_reading` holds what
our reader gives against it.
"""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from analytics.tabular.delimited import HEADING_LINES
from analytics.tabular.reading import open_table
from analytics.tabular.rows import ReadOptions, RowProblem, TableError, TableRow

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")
WORDS = (
    *("red", "make it", '5" tall', "a, b", "x;y", "", "édition", "改成红色", "it's", "=1+1"),
    *("two\nlines", "tab\there", 'say "hi"', "\u2028", "3", "0.5", "NA"),
)
PLAIN = ("red", "it0", "c1", "ann", "4", "改成", "blue-2", "x y", "é")


@dataclass(frozen=True)
class Made:
    """A file and the rows that were written into it, each with the lines that it takes up."""

    name: str
    data: bytes
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str = "utf-8"


def make_csv(rng: Random, *, plain: bool = False) -> Made:
    """A CSV file by Python's own writer, in a random dialect; `plain` cells need no quotes."""
    width = rng.randint(2, 7)
    columns = tuple(f"col{place}" for place in range(width))
    encoding = rng.choice(ENCODINGS)
    words = PLAIN if plain else WORDS
    rows = [tuple(rng.choice(words) for _ in columns) for _ in range(rng.randint(1, 12))]
    rows = [row if any(cell.strip() for cell in row) else ("1", *row[1:]) for row in rows]
    text = io.StringIO()
    writer = csv.writer(
        text,
        delimiter=rng.choice(",;\t"),
        lineterminator=rng.choice(("\n", "\r\n")),
        quoting=csv.QUOTE_MINIMAL if plain or rng.random() < 0.7 else csv.QUOTE_ALL,
    )
    writer.writerows([columns, *rows])
    data = text.getvalue().encode(encoding)
    return Made("t.csv", data, columns, tuple(rows), encoding)


def make_jsonl(rng: Random) -> Made:
    """JSON lines by Python's own writer."""
    columns = tuple(f"col{place}" for place in range(rng.randint(1, 5)))
    rows = [tuple(rng.choice(WORDS) for _ in columns) for _ in range(rng.randint(1, 12))]
    plain = rng.random() < 0.5
    lines = [json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=plain) for row in rows]
    encoding = rng.choice(ENCODINGS[:3])
    data = (rng.choice(("\n", "\r\n")).join(lines) + "\n").encode(encoding)
    return Made("t.jsonl", data, columns, tuple(rows), encoding)


def read_back(made: Made) -> list[TableRow | RowProblem]:
    """What our reader gives; the encoding is declared, for a guess is a guess."""
    options = ReadOptions(encoding=made.encoding)
    return list(open_table(io.BytesIO(made.data), made.name, options).rows)


def check_intact(made: Made) -> None:
    """An intact file is read to the last cell."""
    found = read_back(made)
    problems = [str(row) for row in found if isinstance(row, RowProblem)]
    assert not problems, problems
    cells = [tuple(row.values.values()) for row in found if isinstance(row, TableRow)]
    assert cells == list(made.rows), (made, cells)


DAMAGES = ("quote", "two quotes", "cut", "extra", "fewer", "bytes", "repeat")


def damage(made: Made, rng: Random) -> tuple[Made, set[int]]:
    """A plain file with one or two lines damaged.

    Returns:
        The file, and the lines (from 1) that are no longer what was written.
    """
    lines = made.data.decode(made.encoding).splitlines(keepends=True)
    touched: set[int] = set()
    place = 0
    delimiter = next(sign for sign in ",;\t" if sign in lines[0])
    kind = rng.choice(DAMAGES)
    for _ in range(2 if kind == "two quotes" else 1):
        place = rng.randrange(1, len(lines))
        lines[place] = _damaged(lines[place], kind, delimiter, rng)
        touched.add(place + 1)
    if kind == "repeat":
        lines.insert(place, lines[place])
        touched.add(place + 2)
    text = "".join(lines)
    data = text.encode(made.encoding)
    if kind == "bytes" and made.encoding in {"utf-8", "utf-8-sig"}:
        data = data.replace(b"\x00", b"\xff")
    return Made(made.name, data, made.columns, made.rows, made.encoding), touched


def _damaged(line: str, kind: str, delimiter: str, rng: Random) -> str:
    body = line.rstrip("\r\n")
    ending = line[len(body) :]
    place = rng.randrange(len(body) + 1)
    if kind in {"quote", "two quotes"}:
        borders = [0, *(i + 1 for i, sign in enumerate(body) if sign == delimiter)]
        ends = [*(i for i, sign in enumerate(body) if sign == delimiter), len(body)]
        place = rng.choice([place, rng.choice(borders), rng.choice(ends)])
        return f'{body[:place]}"{body[place:]}{ending}'
    if kind == "cut":
        return body[: max(place, 1)] + ending
    if kind == "extra":
        return body + delimiter + "more" + ending
    if kind == "fewer":
        return body.rsplit(delimiter, 1)[0] + ending
    return f"{body[:place]}\x00{body[place:]}{ending}" if kind == "bytes" else line


def check_damaged(made: Made, touched: set[int]) -> None:
    """Every line is read or reported once, and what was not touched comes out as it was.

    Raises:
        AssertionError: a line is lost, told twice, or read as something else.
    """
    found = read_back(made)
    lines = made.data.decode(made.encoding, errors="replace").splitlines()
    told: dict[int, TableRow | RowProblem] = {}
    for row in found:
        for line in range(row.line, row.line + row.n_lines):
            assert line not in told, f"line {line} is told twice"
            told[line] = row
    there = {number for number, line in enumerate(lines, start=1) if line.strip() and number > 1}
    assert there <= told.keys(), f"lines {sorted(there - told.keys())} are lost"
    delimiter = next(sign for sign in ",;\t" if sign in lines[0])
    for number in sorted(there - touched):
        row = told[number]
        if isinstance(row, TableRow):
            assert list(row.values.values()) == lines[number - 1].split(delimiter), row
            assert row.n_lines == 1, row


def try_damaged(made: Made, touched: set[int]) -> None:
    """As `check_damaged`; a refusal of the whole file is said in a sentence."""
    try:
        check_damaged(made, touched)
    except TableError as error:
        assert str(error).startswith(made.name), error  # noqa: PT017 - refusal is one right answer


def run_tables(seed: int, n_tables: int) -> dict[str, int]:
    """Make, damage and read so many tables; the counts by kind."""
    counts = {"intact": 0, "damaged": 0, "jsonl": 0}
    for number in range(n_tables):
        rng = Random(f"{seed}-{number}")  # noqa: S311 - repeatable
        kind = rng.choice(("intact", "damaged", "damaged", "jsonl"))
        counts[kind] += 1
        if kind == "damaged":
            try_damaged(*damage(make_csv(rng, plain=True), rng))
        else:
            check_intact(make_jsonl(rng) if kind == "jsonl" else make_csv(rng))
    return counts


def names_of(rows: Sequence[TableRow | RowProblem]) -> list[str]:
    """The first cell of each row read, for short tests."""
    return [str(next(iter(row.values.values()))) for row in rows if isinstance(row, TableRow)]


INSERTED = (b'"', b",", b";", b"\n", b"\r", b"\x00", b"\xff", "\u2028".encode(), b'""', b"\t", b"'")


def mutate(data: bytes, rng: Random) -> bytes:
    """A file with one to three edits at random places."""
    for _ in range(rng.randint(1, 3)):
        start = rng.randrange(len(data) + 1)
        end = min(start + rng.choice((0, 1, 1, 2, 40)), len(data))
        part = rng.choice((b"", data[start:end] * 2, rng.choice(INSERTED), rng.choice(INSERTED)))
        data = data[:start] + part + data[end:]
    return data[: rng.randrange(len(data) + 1)] if rng.random() < 0.1 else data


def check_accounted(name: str, data: bytes) -> None:
    """Every line of a CSV or JSONL file that is not blank is read or reported, once.

    Raises:
        AssertionError: a line is lost or told twice, or the refusal does not name the file.
    """
    try:
        found = list(open_table(io.BytesIO(data), name).rows)
    except TableError as error:
        assert str(error).startswith(name), error  # noqa: PT017 - refusal is one right answer
        return
    told = [
        line for row in found for line in range(row.line, row.line + row.n_lines) if row.n_lines
    ]
    assert len(told) == len(set(told)), f"lines told twice in {data!r}"
    pattern = "\n" if name.endswith(".jsonl") else "\r\n|\r|\n"
    lines = re.split(pattern, data.decode(errors="replace"))
    blank = "\ufeff \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"
    # A row of empty cells holds nothing that could be lost.
    blank += ",;"
    there = [number for number, line in enumerate(lines, start=1) if line.strip(blank)]
    # Quoted cells of a heading may hold line breaks: it ends where the first row begins.
    head = there[0] if there and not name.endswith(".jsonl") else 0
    if head and '"' in lines[head - 1]:
        head = max(head, min(told, default=head + HEADING_LINES) - 1)
    lost = {number for number in there if number > head} - set(told)
    assert not lost, f"lines {sorted(lost)} are lost in {data!r}"
