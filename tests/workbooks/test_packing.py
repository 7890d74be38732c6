"""Files that are no workbook, or one made to harm, are refused in words before they are parsed."""

from collections.abc import Callable

import pytest

from tests.workbooks.packages import (
    SHEET,
    book,
    encrypted,
    parts,
    shared,
    sheet,
    understated,
    zipped,
)
from unbroken.kit.errors import Invalid, Refused, TooLarge
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.packing import check_package
from unbroken.workbooks.reading import read_workbook

LIMITS = PackageLimits()
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>'
CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'
NOT_A_WORKBOOK = "This is not an Excel workbook (.xlsx)."
DAMAGED = "The workbook is damaged or was cut short on its way."
UNUSUAL = "The workbook is written in an unusual way, so it is not opened."
LYING = "The workbook says other sizes of its parts than they have, so it is not opened."
OTHER_KIND = "This is a spreadsheet of another kind (.ods or .xlsb)."
FAR = "The sheets reach over more than 4000000 cells, some of them far from the table."
OLD = "This is a workbook of the old kind (.xls)."
LOCKED = "The workbook is protected by a password, or by rights management."
EMBEDDED = "Another file is packed inside the workbook (xl/embeddings/a.bin)."
TEXTS = "The cells of the workbook hold too much text."


def _two_cells(reference: str) -> str:
    return (
        f'<row r="1"><c {reference}><v>1</v></c></row><row r="2"><c r="A1"><v>1</v></c></row>'
    ).replace("  ", " ")


def _repeating(length: int, times: int) -> bytes:
    cells = "".join(
        f'<row r="{number}"><c r="A{number}" t="s"><v>0</v></c></row>'
        for number in range(1, times + 1)
    )
    return book(cells, **{"xl__sharedStrings.xml": shared("x" * length)})


def _with_a_flipped_bit() -> bytes:
    raw = bytearray(book(CELL))
    raw[raw.index(SHEET.encode()) + len(SHEET) + 5] ^= 1
    return bytes(raw)


def _with_two_sheets_of_one_name() -> bytes:
    first = book(CELL, **{"xl__worksheets__sheet2.xml": sheet("")})
    return first.replace(b"sheet2.xml", b"sheet1.xml")


def _with_a_sheet_in_a_picture() -> bytes:
    found = parts(sheet(CELL))
    found["xl/media/a.png"] = b"\x89PNG" + sheet(_two_cells('r="XFD1048576"'))
    relations = found["xl/_rels/workbook.xml.rels"]
    found["xl/_rels/workbook.xml.rels"] = relations.replace(
        b"worksheets/sheet1.xml", b"media/&#97;.png"
    )
    return zipped(found)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", NOT_A_WORKBOOK),
    "plain text": (lambda: b"item;due\n", NOT_A_WORKBOOK),
    "renamed PDF": (lambda: b"%PDF-1.7\n", "This is a PDF file, whatever its name ends in."),
    "password": (lambda: COMPOUND + "EncryptedPackage".encode("utf-16-le"), LOCKED),
    "old kind": (lambda: COMPOUND + bytes(512), OLD),
    "cut short": (lambda: book(CELL)[:-30], DAMAGED),
    "cut in half": (lambda: book(CELL)[:700], DAMAGED),
    "bytes before": (lambda: b"PK\x03\x04" + book(CELL), DAMAGED),
    "bytes after": (lambda: book(CELL) + b"PK", DAMAGED),
    "damaged part": (_with_a_flipped_bit, DAMAGED),
    "zip password": (
        lambda: encrypted(book(CELL), SHEET),
        "The workbook is packed with a password.",
    ),
    "document": (
        lambda: zipped({"word/document.xml": b"<a/>"}),
        "There is no workbook in this file.",
    ),
    "open document": (lambda: zipped({"mimetype": b"x", "content.xml": b"<a/>"}), OTHER_KIND),
    "binary workbook": (lambda: book(CELL, **{"xl__workbook.bin": b"x"}), OTHER_KIND),
    "macros": (
        lambda: book(CELL, **{"xl__vbaProject.bin": COMPOUND}),
        "The workbook carries macros.",
    ),
    "zip inside": (lambda: book(CELL, **{"xl__embeddings__a.bin": book(CELL)}), EMBEDDED),
    "old file inside": (lambda: book(CELL, **{"xl__embeddings__a.bin": COMPOUND}), EMBEDDED),
    "same name twice": (_with_two_sheets_of_one_name, UNUSUAL),
    "name in capitals too": (lambda: book(CELL, **{"XL__workbook.xml": b"<a/>"}), UNUSUAL),
    "climbing name": (lambda: book(CELL, **{"xl__..__..__etc__x.xml": b"<a/>"}), UNUSUAL),
    "absolute name": (lambda: book(CELL, **{"__etc__x.xml": b"<a/>"}), UNUSUAL),
    "backslashes": (lambda: book(CELL, **{"xl\\x.xml": b"<a/>"}), UNUSUAL),
    "smaller than said": (lambda: understated(book(CELL), SHEET, 10_000), LYING),
    "larger than said": (lambda: understated(book(CELL), SHEET, 10), LYING),
    "entities in a sheet": (lambda: zipped(parts(sheet(CELL, declared=LAUGHS))), UNUSUAL),
    "entities in relations": (
        lambda: book(CELL, **{"xl___rels__workbook.xml.rels": LAUGHS.encode() + b"<a/>"}),
        UNUSUAL,
    ),
    "entities in texts": (
        lambda: book(CELL, **{"xl__sharedStrings.xml": LAUGHS.encode() + shared("a")}),
        UNUSUAL,
    ),
    "entities in UTF-16": (
        lambda: zipped(parts(sheet(CELL, declared=LAUGHS).decode().encode("utf-16"))),
        UNUSUAL,
    ),
    "other coding": (
        lambda: zipped(parts(b"<?xml version='1.0' encoding='IBM037'?><worksheet/>")),
        UNUSUAL,
    ),
    "two homes of texts": (lambda: book(CELL, **{"xl__more.xml": shared("a")}), UNUSUAL),
    "a text that is not there": (
        lambda: book('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
        DAMAGED,
    ),
    "far cell": (lambda: book(_two_cells('r="XFD1048576"')), FAR),
    "far cell under a prefix": (
        lambda: book(_two_cells('r="XFD1048576"').replace("<c r=", "<z:c xmlns:z='z' r=", 1)
                     .replace("</c>", "</z:c>", 1)),
        FAR,
    ),
    "far cell in capitals and entities": (lambda: book(_two_cells('r="&#88;FD1048576"')), FAR),
    "far cell in small letters": (lambda: book(_two_cells('r="xfd1048576"')), FAR),
    "far cell with its type first": (lambda: book(_two_cells('t="n" r="XFD1048576"')), FAR),
    "far cell without a reference": (
        lambda: book('<row r="1"><c><v>1</v></c></row>'
                     f'<row r="1048576">{"<c/>" * 16383}<c><v>1</v></c></row>'),
        FAR,
    ),
    "cell outside the grid": (lambda: book(_two_cells(' r="XFE1"')), DAMAGED),
    "sheet named as a picture": (_with_a_sheet_in_a_picture, FAR),
    "one text in many cells": (lambda: _repeating(30_000, 10_000), TEXTS),
    "text that would be lost": (
        lambda: book('<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>'),
        UNUSUAL,
    ),
    "broken XML": (lambda: book('<row r="1"><c q="1"><v>1</c></row>'), DAMAGED),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_a_bad_file_is_refused_in_words(kind: str) -> None:
    made, told = REFUSED[kind]

    with pytest.raises(Refused) as refused:
        read_workbook(made(), LIMITS)

    assert refused.value.render() == told


@pytest.mark.parametrize("kind", REFUSED)
def test_every_refusal_says_how_to_mend_it(kind: str) -> None:
    with pytest.raises((Invalid, TooLarge)) as refused:
        check_package(REFUSED[kind][0](), LIMITS)

    assert refused.value.remedy.endswith(".")


def test_a_sound_workbook_passes() -> None:
    assert check_package(book(CELL), LIMITS) is None  # type: ignore[func-returns-value]


def test_a_file_over_the_limit_is_refused_unopened() -> None:
    with pytest.raises(TooLarge) as refused:
        check_package(bytes(2_000_000), PackageLimits(packed_bytes=1024 * 1024))

    assert refused.value.render() == "The file is larger than 1 MB."


def test_a_workbook_with_too_many_parts_is_refused() -> None:
    more = {f"xl__media__{number}.png": b"x" for number in range(20)}

    with pytest.raises(TooLarge) as refused:
        check_package(book(CELL, **more), PackageLimits(parts=20))

    assert refused.value.render() == "The workbook consists of more than 20 parts."


def test_a_part_over_its_limit_is_refused() -> None:
    with pytest.raises(TooLarge):
        check_package(book(CELL * 100), PackageLimits(part_bytes=2000))


def test_parts_over_the_limit_together_are_refused() -> None:
    with pytest.raises(TooLarge) as refused:
        check_package(book(CELL), PackageLimits(unpacked_bytes=1024))

    assert refused.value.render() == "Unpacked, the workbook is larger than 0 MB."


def test_pictures_may_hold_any_bytes() -> None:
    picture = b"\x89PNG\r\n\x1a\n<c r='XFD1048576'>:c <!DOCTYPE"

    check_package(book(CELL, **{"xl__media__image1.png": picture}), LIMITS)


def test_a_repeated_text_within_measure_passes() -> None:
    check_package(_repeating(1000, 1000), LIMITS)
