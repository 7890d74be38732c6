"""Files as offices send them, made in memory."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from unbroken.kit.errors import Invalid
from unbroken.sources.readers import Document, Payload, Reader

FOLDER = Path(__file__).resolve().parents[2] / "data" / "integrations" / "hdx"
PRESENCE = FOLDER / "hdx_hapi_operational_presence_global.csv"
SOMALIA = FOLDER / "3w_operational_presence_dataset_january_april_2025.xlsx"
CATALOGUE = FOLDER / "somalia-operational-presence.json"
Rows = Sequence[Sequence[object]]


def of_file(reader: Reader, at: Path, **chosen: str) -> Document:
    return reader.read([Payload(at.name, at.read_bytes())], chosen)


def of_bytes(reader: Reader, *contents: bytes, **chosen: str) -> Document:
    payloads = [Payload(f"page-{n}", each) for n, each in enumerate(contents, start=1)]
    return reader.read(payloads, chosen)


def read_if_sound(reader: Reader, content: bytes, **chosen: str) -> Document | None:
    """Return the document; None where it was refused, each fault with its place and words."""
    try:
        return of_bytes(reader, content, **chosen)
    except Invalid as refused:
        if not all(each.path and each.what for each in refused.problems) or not refused.problems:
            raise AssertionError(refused.render()) from refused
        return None


def csv_bytes(rows: Rows, *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    told = io.StringIO(newline="")
    csv.writer(told, delimiter=delimiter).writerows(rows)
    return told.getvalue().encode(encoding)


def xlsx_bytes(sheets: Mapping[str, Rows], *, merged: Iterable[str] = ()) -> bytes:
    """Return a workbook; ``merged`` spans are of its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for name, rows in sheets.items():
        sheet: Worksheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for span in merged:
        book.worksheets[0].merge_cells(span)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def json_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def at(document: object, *path: str) -> object:
    """Return what stands in a document at the end of a path."""
    for each in path:
        assert isinstance(document, Mapping), (each, document)
        document = document[each]
    return document


def warnings(document: Document) -> str:
    told = document["warnings"]
    assert isinstance(told, list)
    return "\n".join(str(each) for each in told)
