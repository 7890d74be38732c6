"""Tables that travel through a page come back as they went, or are refused."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest

from tests.workbooks.plan_files import Rows, ugly, workbook
from unbroken.kit.errors import Invalid, TooLarge
from unbroken.workbooks.limits import PackageLimits
from unbroken.workbooks.plan_carrying import MOST_UNPACKED, pack, unpack, without_left_out
from unbroken.workbooks.plan_files import Choice
from unbroken.workbooks.plan_sheets import find_tables
from unbroken.workbooks.reading import read_workbook


def choices(raw: bytes) -> tuple[Choice, ...]:
    return find_tables(read_workbook(raw, PackageLimits()), {}).choices


def told(found: tuple[Choice, ...]) -> list[object]:
    return [
        (each.table.sheet, each.table.kind, each.table.columns, each.table.rows, each.slots)
        for each in found
    ]


def test_tables_come_back_as_they_went() -> None:
    went = choices(ugly())

    assert told(went) == told(unpack(pack(went)))


def test_columns_that_are_left_out_travel_without_what_stands_in_them() -> None:
    narrow = without_left_out(choices(ugly()))

    assert {None} == {row.cells[4] for row in narrow[0].table.rows}


def test_headings_of_columns_that_are_left_out_stay() -> None:
    assert "Titulaire" == without_left_out(choices(ugly()))[0].table.columns[4].heading


def test_what_a_page_cannot_carry_is_refused() -> None:
    rows: Rows = [
        ["Area", "Notes"],
        *([f"Area {n}", f"{n * 7919 % 104729:x}" * 9] for n in range(4000)),
    ]

    with pytest.raises(TooLarge):
        pack(choices(workbook({"S": rows})))


def _packed(raw: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(raw)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no base64!",
        "AAAA",
        _packed(b"[]"),
        _packed(b'{"tables": [{"sheet": "S"}]}'),
        _packed(b'{"tables": [], "more": 1}'),
        _packed(b" " * (MOST_UNPACKED + 10)),
        "A" * 40_000,
    ],
)
def test_what_was_not_packed_here_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        unpack(text)


def test_a_row_of_another_width_is_refused() -> None:
    raw = zlib.decompress(urlsafe_b64decode(pack(choices(ugly()))))
    changed = raw.replace(b'"cells":[', b'"cells":[1,', 1)

    with pytest.raises(Invalid):
        unpack(_packed(changed))
