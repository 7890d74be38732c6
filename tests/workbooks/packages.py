"""Workbook packages made by hand: sound ones, and ones that lie, swell or hide."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = "xl/worksheets/sheet1.xml"
MEGA = 1024 * 1024


def sheet(rows: str, *, before: str = "", after: str = "", declared: str = "") -> bytes:
    """Return a sheet's XML around its ``<row>`` elements."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{declared}<worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    ).encode()


def shared(*texts: str) -> bytes:
    """Return the XML of shared texts."""
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'<sst xmlns="{MAIN}">{items}</sst>'.encode()


def parts(first: bytes, **more: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook of one sheet; ``more`` replaces or adds, __ for a slash."""
    found = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="{PACKAGE.rpartition("/")[0]}'
            '.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/{SHEET}" ContentType="{TYPE}.worksheet+xml"/></Types>'
        ).encode(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Items" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": _relations(
            {
                "rId1": ("worksheet", "worksheets/sheet1.xml"),
                "rId2": ("sharedStrings", "sharedStrings.xml"),
            }
        ),
        SHEET: first,
        "xl/sharedStrings.xml": shared("one", "two"),
    }
    return found | {name.replace("__", "/"): text for name, text in more.items()}


def zipped(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip of the files, in their order, names twice if they come twice."""
    out = io.BytesIO()
    pairs = files.items() if isinstance(files, Mapping) else files
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in pairs:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return out.getvalue()


def book(rows: str, **more: bytes) -> bytes:
    """Return a workbook whose first sheet holds the ``<row>`` elements."""
    return zipped(parts(sheet(rows), **more))


def swollen(name: str, megabytes: int) -> bytes:
    """Return a workbook with one more part of that many megabytes of spaces."""
    out = io.BytesIO(book(""))
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=False) as part,
    ):
        for _ in range(megabytes):
            part.write(b" " * MEGA)
    return out.getvalue()


def patched(raw: bytes, name: str, change: Callable[[bytearray, int, int], None]) -> bytes:
    """Return the package after ``change(bytes, local header, directory record)`` of one part."""
    out = bytearray(raw)
    told = name.encode()
    local = raw.index(told) - 30
    record = raw.rindex(told) - 46
    change(out, local, record)
    return bytes(out)


def understated(raw: bytes, name: str, size: int = 1000) -> bytes:
    """Return the package with a part declared to unpack to ``size`` bytes only."""

    def change(out: bytearray, local: int, record: int) -> None:
        struct.pack_into("<L", out, local + 22, size)
        struct.pack_into("<L", out, record + 24, size)

    return patched(raw, name, change)


def encrypted(raw: bytes, name: str) -> bytes:
    """Return the package with a part marked as encrypted."""

    def change(out: bytearray, local: int, record: int) -> None:
        out[local + 6] |= 1
        out[record + 8] |= 1

    return patched(raw, name, change)


def many_rows(count: int) -> str:
    """Return ``count`` rows of twelve cells, with the texts inside."""
    return "".join(map(_row, range(1, count + 1)))


def _row(number: int) -> str:
    texts = "".join(
        f'<c r="{letter}{number}" t="inlineStr"><is><t>Hand over item {number} to the task force'
        f" {letter}</t></is></c>"
        for letter in "ABCDEFGHIJ"
    )
    return (
        f'<row r="{number}">{texts}<c r="K{number}"><v>{number}</v></c>'
        f'<c r="L{number}"><v>{number % 7}</v></c></row>'
    )


def _relations(targets: Mapping[str, tuple[str, str]]) -> bytes:
    lines = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'.encode()
