"""The same items in every form in which people bring them: each writer says what path to give."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.factories.files import zip_entries, zip_folder

Item = dict[str, Any]
Writer = Callable[[Path, Sequence[Item]], Path]
TEXT = "manifest.csv"


def plain_jsonl(folder: Path, items: Sequence[Item]) -> Path:
    """JSON lines, the table itself is given."""
    return _write(folder / "manifest.jsonl", _lines(items))


def long_rows(items: Sequence[Item]) -> list[Item]:
    """One row a candidate."""
    return [
        {key: value for key, value in item.items() if key != "candidates"} | part
        for item in items
        for part in item["candidates"]
    ]


def nested_rows(items: Sequence[Item]) -> list[Item]:
    """One row an item, the candidates as JSON in a cell."""
    return [item | {"candidates": json.dumps(item["candidates"])} for item in items]


def table_text(rows: Sequence[Item], delimiter: str = ",", ending: str = "\n") -> str:
    """Delimited text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=ending)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _lines(rows: Sequence[Item], *, ascii_only: bool = False) -> str:
    return "".join(json.dumps(row, ensure_ascii=ascii_only) + "\n" for row in rows)


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def _parquet(path: Path, rows: Sequence[Item]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows)), path)
    return path


def _embedded(folder: Path, item: Item) -> Item:
    def cell(name: str) -> dict[str, Any]:
        return {"bytes": (folder / name).read_bytes(), "path": Path(name).name}

    candidates = [each | {"image": cell(each["image"])} for each in item["candidates"]]
    return item | {"source_image": cell(item["source_image"]), "candidates": candidates}


def _shards(folder: Path, items: Sequence[Item], *, long: bool = False) -> Path:
    """A data set as the Hugging Face hub has it, nothing beside it."""
    rows = [_embedded(folder, item) for item in items]
    place = folder.with_name(f"{folder.name}-hub")
    _write(place / "README.md", "---\n---\n")
    for number, part in enumerate((rows[:1], rows[1:])):
        chosen = long_rows(part) if long else part
        _parquet(place / "data" / f"train-0000{number}-of-00002.parquet", chosen)
    return place


def _respelled(items: Sequence[Item], respell: Callable[[str], str]) -> list[Item]:
    return [
        item
        | {"source_image": respell(item["source_image"])}
        | {"candidates": [e | {"image": respell(e["image"])} for e in item["candidates"]]}
        for item in items
    ]


def _zipped(folder: Path, items: Sequence[Item], prefix: str = "") -> Path:
    plain_jsonl(folder, items)
    return zip_folder(folder, folder.with_suffix(".zip"), prefix)


def _windows_zip(folder: Path, items: Sequence[Item]) -> Path:
    table = table_text(nested_rows(_respelled(items, lambda name: name.replace("/", "\\"))))
    entries = [(f"x\\{TEXT}", table.encode("utf-8-sig"))]
    images = sorted((folder / "images").iterdir())
    entries += [(f"x\\images\\{path.name}", path.read_bytes()) for path in images]
    entries.append(("__MACOSX/x/._manifest.jsonl", b"\0"))
    return zip_entries(folder.with_suffix(".zip"), entries)


def _numbered(folder: Path, items: Sequence[Item]) -> Path:
    for number, part in enumerate((items[:1], items[1:])):
        _write(folder / f"train-0000{number}-of-00002.jsonl", _lines(part))
    return folder


def _folder(writer: Writer) -> Writer:
    return lambda folder, items: writer(folder, items).parent


def _nested(folder: Path, items: Sequence[Item]) -> Path:
    plain_jsonl(folder, items)
    return folder.parent


def _seeded(items: Sequence[Item], seed: object) -> list[Item]:
    parts = [[each | {"seed": seed} for each in item["candidates"]] for item in items]
    return [item | {"candidates": part} for item, part in zip(items, parts, strict=True)]


def _headed(items: Sequence[Item]) -> str:
    rows = [{f" {key.title()} ": value for key, value in row.items()} for row in long_rows(items)]
    return table_text(rows, ";", "\r\n")


FORMS: Mapping[str, Writer] = {
    "jsonl": plain_jsonl,
    "folder": _folder(plain_jsonl),
    "nested folder": _nested,
    "long jsonl": lambda at, items: _write(at / "manifest.jsonl", _lines(long_rows(items))),
    "nested csv": lambda at, items: _write(at / TEXT, table_text(nested_rows(items))),
    "long csv": lambda at, items: _write(at / TEXT, table_text(long_rows(items))).parent,
    "csv with a mark": lambda at, items: _write(
        at / "it.csv", table_text(long_rows(items)), "utf-8-sig"
    ),
    "parquet": lambda at, items: _parquet(at / "manifest.parquet", items).parent,
    "hub": _shards,
    "long hub": lambda at, items: _shards(at, items, long=True),
    "zip": _zipped,
    "zip of a folder": lambda at, items: _zipped(at, items, "x/y/"),
    "jsonl with a mark": lambda at, items: _write(at / "m.jsonl", _lines(items), "utf-8-sig"),
    "utf-16 jsonl": lambda at, items: _write(at / "m.jsonl", _lines(items), "utf-16"),
    "array as jsonl": lambda at, items: _write(at / "m.jsonl", json.dumps(items, indent=1)),
    "array as json": lambda at, items: _write(at / "M.JSON", json.dumps(items)),
    "object of rows": lambda at, items: _write(at / "m.json", json.dumps({"rows": items})),
    "ndjson": lambda at, items: _write(at / "m.ndjson", _lines(items, ascii_only=True)),
    "tsv": lambda at, items: _write(at / "m.tsv", table_text(long_rows(items), "\t")),
    "semicolons": lambda at, items: _write(at / "m.csv", _headed(items)),
    "gbk": lambda at, items: _write(at / "m.csv", table_text(nested_rows(items)), "gb18030"),
    "text seeds": lambda at, items: _write(at / "m.jsonl", _lines(_seeded(items, "1.0"))),
    "dotted paths": lambda at, items: plain_jsonl(at, _respelled(items, "./{}".format)),
    "backslashes": lambda at, items: plain_jsonl(
        at, _respelled(items, lambda name: ".\\" + name.replace("/", "\\"))
    ),
    "zip of Windows": _windows_zip,
    "numbered jsonl": _numbered,
}
