"""Values that may not be stated, JSON and tables, as the readers of all systems take them."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unbroken.sources.parsing import (
    Fault,
    amount,
    day,
    enveloped,
    identity,
    json_of,
    left_out,
    sifted,
    stated,
    text,
    whole,
)
from unbroken.sources.readers import Payload
from unbroken.sources.tables import csv_rows, csv_table

NAMED = ["code", "nom", "montant"]


@pytest.mark.parametrize(
    ("told", "number"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        (0, 0),
        ("0.00", 0),
        (-5, -5),
        ("-249997", -249_997),
        (Decimal("12.0"), 12),
        ("12.50", Decimal("12.50")),
        (Decimal("1E+3"), 1000),
    ],
)
def test_an_amount_is_stated_zero_or_not_stated(told: object, number: object) -> None:
    assert amount(told, at="x") == number


@pytest.mark.parametrize(
    "told", [True, False, "1,000", "٣", "abc", [], {}, 10**30, Decimal("1E+999999"), "1e5", 1.5]
)
def test_what_is_no_amount_is_a_fault(told: object) -> None:
    with pytest.raises(Fault, match="x: "):
        amount(told, at="x")


def test_a_whole_number_is_whole_and_a_stated_one_stated() -> None:
    assert whole("12.0", at="x") == 12
    assert stated(0, at="x") == 0
    with pytest.raises(Fault):
        whole("12.5", at="x")
    with pytest.raises(Fault):
        stated(None, at="x")


def test_an_identity_is_one_as_number_or_text() -> None:
    assert identity(12, at="x") == identity("12", at="x") == identity("012", at="x") == "12"
    assert identity(None, at="x") is None
    wrong: list[object] = [True, "a", -1, 1.5, []]
    for told in wrong:
        with pytest.raises(Fault):
            identity(told, at="x")


def test_a_day_with_slashes_has_the_day_first() -> None:
    assert day("15/01/2025", at="x") == day("2025-01-15T10:00:00Z", at="x") == date(2025, 1, 15)
    assert day(None, at="x") is None
    wrong: list[object] = ["12/31/2024", "2024-02-30", 5, "soon"]
    for told in wrong:
        with pytest.raises(Fault):
            day(told, at="x")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b"<html>",
        b'{"a": 1',
        b'{"a": NaN}',
        b"[" * 100_000,
        b"[" * 100 + b"]" * 100,
        b'"\xff"',
        b"9" * 5_000,
    ],
)
def test_what_is_no_json_is_a_fault(content: bytes) -> None:
    with pytest.raises(Fault):
        json_of(Payload("a.json", content))


def test_numbers_of_json_stay_exact() -> None:
    assert json_of(Payload("a", b'{"a": 0.10, "b": 7}')) == {"a": Decimal("0.10"), "b": 7}


@pytest.mark.parametrize(
    "content", [b"[]", b"{}", b'{"status": "error", "data": {}}', b'{"status": null, "data": {}}']
)
def test_an_envelope_must_hold_data_and_be_ok(content: bytes) -> None:
    with pytest.raises(Fault):
        enveloped(Payload("a", content))


def test_a_record_that_cannot_be_read_is_left_out_and_named() -> None:
    kept, problems = sifted([1, "x", 3], lambda each, at: whole(each, at=at), at="rows")

    assert kept == [1, 3]
    assert left_out(problems) == ["1 record was left out.", "rows[1]: x is not a number."]


def test_a_text_is_one_line_of_sound_signs() -> None:
    assert text(" a\x00\n\ud800b ") == "a ?b"
    assert text(5) == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_read_in_any_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    lines = [NAMED, ["#a", "#b+x", ""], ["7", "Côte d'Ivoire", "1"], ["", "", ""], ["8", '"x"', ""]]
    told = "\r\n".join(delimiter.join(line) for line in lines)

    rows = csv_rows(Payload("t.csv", told.encode(encoding)))

    assert [row.cells["nom"] for row in rows] == ["Côte d'Ivoire", "x"]
    assert [row.line for row in rows] == [3, 5]


def test_hashtags_alone_are_headings_and_a_heading_twice_gets_its_number() -> None:
    table = csv_table(Payload("t.csv", b"#adm1,#adm1\na,b\n"))

    assert table.headings == ("#adm1", "#adm1 (2)")
    assert table.hashtags == {"#adm1": "#adm1", "#adm1 (2)": "#adm1"}
    assert [row.cells for row in table.rows] == [{"#adm1": "a", "#adm1 (2)": "b"}]


@pytest.mark.parametrize("content", [b"", b"<html>", b"a,b\n1,2,3\n", b"\xff\xfe\x00"])
def test_what_is_no_table_is_a_fault(content: bytes) -> None:
    with pytest.raises(Fault):
        csv_table(Payload("t.csv", content))


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_fault(content: bytes) -> None:
    with suppress(Fault):
        csv_table(Payload("t.csv", content))
    with suppress(Fault):
        json_of(Payload("t.csv", content))
