"""Flat records as files that people open: CSV with escaped formulas, or JSON."""

import csv
import io
import json
from collections.abc import Mapping, Sequence

from django.http import Http404, HttpResponse

from annotation_app.services.exports.tables import EXCEL_MARK, escape_cell

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def records_response(records: Sequence[Mapping[str, object]], name: str, kind: str) -> HttpResponse:
    """A file of records; the columns are all that occur, in the order in which they do.

    Raises:
        Http404: if the kind is neither CSV nor JSON.
    """
    if kind not in TYPES:
        raise Http404
    response = HttpResponse(_text(records, kind), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _text(records: Sequence[Mapping[str, object]], kind: str) -> str:
    if kind == "json":
        return json.dumps(list(records), ensure_ascii=False, indent=1) + "\n"
    columns = list(dict.fromkeys(column for record in records for column in record))
    file = io.StringIO()
    file.write(EXCEL_MARK)
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow([escape_cell(record.get(column)) for column in columns])
    return file.getvalue()
