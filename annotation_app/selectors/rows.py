"""Model instances from plain SQL: what the busiest requests read, without building queries."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import JSONField, Model

Row = TypeVar("Row", bound=Model)
Values = Sequence[Any] | Mapping[str, Any]


@lru_cache(maxsize=64)
def columns(model: type[Model], table: str = "") -> str:
    """Return a model's columns as a select list, in the order that `read_rows` expects."""
    prefix = f"{table}." if table else ""
    return ", ".join(f'{prefix}"{field.column}"' for field in model._meta.concrete_fields)  # noqa: SLF001 - Django's public name


def read_rows(model: type[Row], statement: str, values: Values) -> list[Row]:
    """Run a statement that yields `columns(model)`; return its rows as instances."""
    names, documents = _plan(model)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [_instance(model, names, documents, row) for row in rows]


def read_row(model: type[Row], statement: str, values: Values) -> Row | None:
    """Run a statement that yields at most one row of `columns(model)`."""
    rows = read_rows(model, statement, values)
    return rows[0] if rows else None


def read_together(
    models: Sequence[type[Model]], statement: str, values: Values
) -> list[Any] | None:
    """Run a statement that yields the columns of several models in one row, one of each."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    if row is None:
        return None
    found, start = [], 0
    for model in models:
        names, documents = _plan(model)
        found.append(_instance(model, names, documents, row[start : start + len(names)]))
        start += len(names)
    return found


def _instance(
    model: type[Row], names: list[str], documents: list[tuple[int, Any]], row: Sequence[Any]
) -> Row:
    fields = list(row)
    for place, field in documents:
        fields[place] = field.from_db_value(fields[place], None, connection)
    return model.from_db(connection.alias, names, fields)


@lru_cache(maxsize=64)
def _plan(model: type[Model]) -> tuple[list[str], list[tuple[int, Any]]]:
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django's public name
    documents = [(i, field) for i, field in enumerate(fields) if isinstance(field, JSONField)]
    return [field.attname for field in fields], documents
