"""From raw records to items: types, required fields, ids that occur once, whole items."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from analytics.tabular.items import ITEM_COLUMNS
from analytics.tabular.rows import RowProblem
from annotation_app.services.collections.importing.fields import FieldReader
from annotation_app.services.collections.importing.problems import ProblemCode
from annotation_app.services.collections.importing.rows import (
    CANDIDATE_COLUMNS,
    ID_LENGTH,
    ITEM_TEXTS,
    CandidateRow,
    FailedRow,
    ItemRow,
    Record,
)

PATHLESS = "Give a list of candidates: {candidate_id, model, seed, image}."


def parse_items(records: Iterable[Record | FailedRow]) -> Iterator[ItemRow | FailedRow]:
    """Parse records one by one; an id that came before fails the later row."""
    first: dict[str, tuple[str, int]] = {}
    for record in records:
        if isinstance(record, FailedRow):
            yield record
            continue
        row = parse_item(record)
        if isinstance(row, ItemRow):
            before = first.setdefault(row.item_id, (row.file, row.line))
            if before != (row.file, row.line):
                row = FailedRow(row.line, [_repeated_item(row, *before)])
        yield row


def parse_item(record: Record) -> ItemRow | FailedRow:
    """Parse one record, collecting everything that is wrong with it."""
    reader = FieldReader(record.values, file=record.file, line=record.line)
    reader.item_id = item_id = reader.name("item_id", longest=ID_LENGTH)
    texts = {
        column: reader.text(column, longest=longest, required=column == "instruction")
        for column, longest in ITEM_TEXTS.items()
    }
    source_image = reader.image("source_image")
    candidates = _parse_candidates(reader, record)
    metadata = reader.rest(ITEM_COLUMNS)
    if reader.problems:
        return FailedRow(record.line, reader.problems)
    return ItemRow(
        file=record.file,
        line=record.line,
        item_id=item_id,
        texts=texts,
        source_image=source_image,
        candidates=candidates,
        metadata=metadata,
    )


def _parse_candidates(reader: FieldReader, record: Record) -> tuple[CandidateRow, ...]:
    parsed: list[CandidateRow] = []
    seen: dict[str, int] = {}
    for index, values in enumerate(_candidate_list(reader)):
        lines = record.candidate_lines
        part = FieldReader(
            values,
            file=record.file,
            line=lines[index] if lines else record.line,
            prefix="" if lines else f"candidates[{index}].",
        )
        part.item_id = reader.item_id
        candidate = _parse_candidate(part)
        if seen.setdefault(candidate.candidate_id, index) != index and candidate.candidate_id:
            part.note(
                "candidate_id",
                ProblemCode.DUPLICATE,
                f"“{candidate.candidate_id}” is also the id of another candidate of this item.",
                "Give every candidate of an item its own id.",
            )
        reader.problems.extend(part.problems)
        parsed.append(candidate)
    return tuple(parsed)


def _candidate_list(reader: FieldReader) -> list[dict[str, Any]]:
    value = reader.values.get("candidates")
    if isinstance(value, str):  # a CSV cell
        try:
            value = json.loads(value) if value.strip() else None
        except (ValueError, RecursionError):
            reader.note("candidates", ProblemCode.WRONG_TYPE, "It is not a JSON list.", PATHLESS)
            return []
    if value is None or value == []:
        reader.note("candidates", ProblemCode.MISSING_VALUE, "There is none.", PATHLESS)
        return []
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        reader.note("candidates", ProblemCode.WRONG_TYPE, "It is not a list of objects.", PATHLESS)
        return []
    return value


def _parse_candidate(reader: FieldReader) -> CandidateRow:
    return CandidateRow(
        candidate_id=reader.name("candidate_id", longest=ID_LENGTH),
        model=reader.name("model", longest=ID_LENGTH),
        seed=reader.seed("seed"),
        image=reader.image("image"),
        metadata=reader.rest(CANDIDATE_COLUMNS),
    )


def _repeated_item(row: ItemRow, file: str, line: int) -> RowProblem:
    return RowProblem(
        row.file,
        row.line,
        row.item_id,
        "item_id",
        ProblemCode.DUPLICATE,
        f"“{row.item_id}” is already in line {line} of {file}.",
        "Give every item its own id; rows of one candidate each must be next to each other.",
    )
