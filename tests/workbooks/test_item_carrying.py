"""Changes of items that travel through a page come back as they went, or are refused."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from uuid import UUID

import pytest

from unbroken.kit.errors import Invalid, Problem, TooLarge
from unbroken.transfers.rules.items import Changes, ItemField
from unbroken.transfers.rules.words import Classification, ItemState
from unbroken.workbooks.item_carrying import MOST_ROWS, MOST_UNPACKED, pack, unpack
from unbroken.workbooks.item_columns import FIELD_OF, Key
from unbroken.workbooks.item_outcome import Change, Conflict, Imported, ReadSheet, Refusal
from unbroken.workbooks.item_reading import Addition, ReadRow
from unbroken.workbooks.item_stamps import Stamp, cell_mark

MARKS = {key: cell_mark("open" if key is Key.STATE else "") for key in FIELD_OF}
EXPORTED = Stamp("", "", MARKS, MARKS)
FACTS: Changes = {
    ItemField.STATE: ItemState.DONE,
    ItemField.DONE_ON: date(2026, 3, 2),
    ItemField.EVIDENCE_TITLE: "Handover note",
    ItemField.EVIDENCE_CLASS: Classification.PUBLIC,
    ItemField.EVIDENCE_ON: None,
    ItemField.REASON: "",
}
NEW = Addition(
    function="MRM-VER",
    area="Gao",
    receiver="",
    dimension="posts",
    text="Hand over the keys.",
    wanted="",
    due_on=date(2026, 5, 1),
)
KNOWN = ReadRow(number=7, uid=UUID(int=7), stamp=EXPORTED, changed=FACTS, comment="Seen.")
ADDED = ReadRow(number=9, addition=NEW, changed={ItemField.ASSIGNED_TO: "minust"})
SAME = ReadRow(number=8, uid=UUID(int=8), stamp=EXPORTED)


def shown(*rows: ReadRow) -> Imported:
    changes = tuple(Change("Items", row.number, "", {}) for row in rows)
    refused = Refusal("Items", 90, (Problem("", "no"),), is_fault=False)
    clash = Conflict("Items", 91, UUID(int=1), "A-01", ItemField.STATE, "open", "done")
    return Imported(rows=100, changes=changes, refused=(refused,), conflicts=(clash, clash))


def carried(*rows: ReadRow) -> str:
    return pack([ReadSheet("Items", rows)], shown(*rows))


def packed(raw: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(raw)).decode()


def test_facts_come_back_as_they_went() -> None:
    (row,) = unpack(carried(KNOWN)).sheets[0].rows

    assert (KNOWN.number, KNOWN.uid, dict(FACTS), "Seen.") == (
        row.number,
        row.uid,
        row.changed,
        row.comment,
    )


def test_what_was_known_at_the_export_travels_with_the_cells() -> None:
    (row,) = unpack(carried(KNOWN)).sheets[0].rows
    held = {FIELD_OF[key]: mark for key, mark in row.stamp.known.items()} if row.stamp else {}

    assert (cell_mark("open"), cell_mark("")) == (held[ItemField.STATE], held[ItemField.REASON])


def test_an_added_row_comes_back_as_it_went() -> None:
    (row,) = unpack(carried(ADDED)).sheets[0].rows

    assert (NEW, {ItemField.ASSIGNED_TO: "minust"}) == (row.addition, row.changed)


def test_what_would_not_change_stays_behind() -> None:
    text = pack([ReadSheet("Items", [KNOWN, SAME]), ReadSheet("Old", [SAME])], shown(KNOWN))

    assert [("Items", [7])] == [
        (sheet.name, [row.number for row in sheet.rows]) for sheet in unpack(text).sheets
    ]


def test_how_many_rows_were_set_aside_travels_along() -> None:
    found = unpack(carried(KNOWN))

    assert (1, 1) == (found.refused, found.conflicts)


def test_five_thousand_rows_can_travel() -> None:
    rows = [
        ReadRow(number=n, uid=UUID(int=n * 2**90 + n), stamp=EXPORTED, changed=FACTS)
        for n in range(1, MOST_ROWS + 1)
    ]

    assert MOST_ROWS == len(unpack(carried(*rows)).sheets[0].rows)


def test_more_rows_than_a_page_can_carry_are_refused_with_another_way() -> None:
    rows = [
        ReadRow(number=n, uid=UUID(int=n), stamp=EXPORTED, changed=FACTS)
        for n in range(1, MOST_ROWS + 2)
    ]

    with pytest.raises(TooLarge) as refusal:
        carried(*rows)
    assert "unbroken checklist import" in refusal.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no text of ours",
        carried(KNOWN)[:-8],
        packed(b"[]"),
        packed(b'{"sheets":[],"refused":0,"conflicts":-1}'),
        packed(b'{"sheets":[{"name":"Items","rows":[{"at":1}]}],"refused":0,"conflicts":0}'),
        packed(
            b'{"sheets":[{"name":"I","rows":[{"at":1,"uid":"00000000-0000-0000-0000-000000000001",'
            b'"facts":{"done_on":["soon",""]}}]}],"refused":0,"conflicts":0}'
        ),
        packed(b" " * (MOST_UNPACKED + 1)),
    ],
)
def test_whatever_else_comes_back_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        unpack(text)


def test_an_item_that_comes_back_twice_is_refused() -> None:
    raw = zlib.decompress(urlsafe_b64decode(carried(KNOWN))).decode()
    row = raw[raw.index("[{", raw.index('"rows"')) + 1 : raw.index("]}]")]
    twice = raw.replace(row, f"{row},{row}")

    with pytest.raises(Invalid):
        unpack(packed(twice.encode()))
