"""Lists of the UN Peace & Security Data Hub: days do not slip, nothing of persons is kept."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.house.tree import ROOT
from unbroken.kit.canonical import plain
from unbroken.kit.errors import Invalid
from unbroken.sources.readers import Payload, Reader
from unbroken_integrations.psdata.missions import MissionsReader
from unbroken_integrations.psdata.resolutions import ResolutionsReader

DATA = ROOT / "tests" / "data" / "integrations" / "psdata"
PKO, POLITICAL = DATA / "pko.json", DATA / "politicalmissions.csv"


def read(*contents: object, reader: Reader | None = None) -> dict[str, Any]:
    raw = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in contents]
    payloads = [Payload(f"{n}.data", each) for n, each in enumerate(raw)]
    return dict((reader or MissionsReader()).read(payloads, {}))


def is_read_or_refused(content: object, reader: Reader) -> bool:
    """Return whether it gives plain values, or a refusal that names a problem."""
    try:
        plain(read(content, reader=reader))
    except Invalid as refused:
        return bool(refused.problems)
    return True


def resolutions(*contents: object) -> dict[str, Any]:
    return read(*contents, reader=ResolutionsReader())


def spoken(document: dict[str, Any]) -> str:
    return " | ".join(document["warnings"])


def mission(**told: object) -> dict[str, object]:
    return {"mission_acronym": "X", "mission_name": "A mission", "mission_isactive": "NO"} | told


def test_both_lists_are_read_and_said_to_change_nothing() -> None:
    told = read(PKO.read_bytes(), POLITICAL.read_bytes())

    days = {each["acronym"]: (each["starts_on"], each["ends_on"]) for each in told["missions"]}
    assert days == {
        "MINUSMA": (date(2013, 4, 25), None),
        "UNAMI": (date(2003, 8, 14), None),
        "UNITAMS": (date(2020, 6, 3), date(2024, 2, 29)),
        "UNOCI": (date(2004, 4, 1), None),
        "UNTSO": (date(1948, 5, 29), None),
    }
    assert {each["acronym"]: each["id"] for each in told["missions"]} == {
        "MINUSMA": 12,
        "UNAMI": 8,
        "UNITAMS": 7,
        "UNOCI": 13,
        "UNTSO": 1,
    }
    assert [each["is_active"] for each in told["missions"]] == [True, True, False, False, True]
    assert "cross-check only" in spoken(told)
    assert "no end: UNOCI" in spoken(told)


def test_neither_addresses_nor_coordinates_are_kept() -> None:
    told = json.dumps(plain(read(PKO.read_bytes(), POLITICAL.read_bytes())))

    assert "@" not in told
    assert "12,63" not in told
    assert "latitude" not in told


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (0, date(1970, 1, 1)),
        (-86_400_000, date(1969, 12, 31)),
        ("-681436800000", date(1948, 5, 29)),
        ("1366848000000.0", date(2013, 4, 25)),
        (1366848000000.0, date(2013, 4, 25)),
        ("2013-04-25T00:00:00", date(2013, 4, 25)),
        ("25/04/2013", date(2013, 4, 25)),
        ("", None),
        (None, None),
    ],
    ids=repr,
)
def test_days_are_read_as_they_are_written(written: object, day: date | None) -> None:
    (told,) = read([mission(start_date=written)])["missions"]

    assert told["starts_on"] == day


@pytest.mark.parametrize(
    "written", [1948, "1948", True, 10**17, "April 2013", -(10**13), [1]], ids=repr
)
def test_what_is_no_day_takes_its_record_with_it(written: object) -> None:
    told = read([mission(), mission(mission_acronym="Y", start_date=written)])

    assert [each["acronym"] for each in told["missions"]] == ["X"]
    assert "1 record was left out" in spoken(told)


@pytest.mark.parametrize("field", ["id", "start_date"])
def test_a_number_beyond_all_bounds_is_no_day_and_no_code(field: str) -> None:
    with pytest.raises(Invalid):
        read(f'[{{"mission_acronym": "X", "{field}": 1e999999999}}]'.encode())


def test_an_instant_that_is_no_midnight_is_told() -> None:
    told = read([mission(start_date=1366848000000 + 3_600_000)])

    assert "off by one: X" in spoken(told)


@pytest.mark.parametrize(
    ("written", "is_active"),
    [("NO", False), ("no", False), ("N", False), (False, False), (0, False), ("YES", True),
     ("Y", True), (True, True), ("1.0", True), ("", None), (None, None), ("closed?", None)],
    ids=repr,
)  # fmt: skip
def test_flags_are_yes_no_or_not_stated(written: object, is_active: bool | None) -> None:  # noqa: FBT001 - a table
    (told,) = read([mission(mission_isactive=written)])["missions"]

    assert told["is_active"] is is_active


def test_an_end_before_the_start_is_told() -> None:
    assert "ends before it starts: X" in spoken(
        read([mission(start_date="2020-01-01", end_date="2019-01-01")])
    )


def test_resolutions_are_read_by_their_symbol() -> None:
    told = resolutions([
        {"Symbol": "S/RES/2764(2024)", "Date": 1734652800000, "Title": "T", "Voting - yes": "15.0",
         "Voting - no": 0, "Voting - abstain": None, "URL": "https://example.org/record/1"},
        {"Symbol": "S/RES/1 (1946)", "Date": -755308800000, "Voting - yes": "UNANIMOUS"},
        {"Symbol": "S/PRST/2024/1"},
    ])  # fmt: skip

    first, second = told["resolutions"]
    assert (first["symbol"], first["adopted_on"]) == ("S/RES/1(1946)", date(1946, 1, 25))
    assert (first["unanimous"], first["votes"]["yes"]) == (True, None)
    assert (second["number"], second["adopted_on"]) == (2764, date(2024, 12, 20))
    assert second["votes"] == {"yes": 15, "no": 0, "abstaining": None}
    assert second["url"] == "https://example.org/record/1"
    assert "1 record was left out" in spoken(told)


def test_resolutions_that_contradict_each_other_are_told() -> None:
    told = resolutions(
        [{"symbol": "S/RES/5(1946)", "title": "a"}], [{"symbol": "S/RES/5(1946)", "title": "b"}]
    )

    assert [each["title"] for each in told["resolutions"]] == ["a"]
    assert "other content" in spoken(told)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html></html>", b"{}", b"[1]", b'[{"a": 1}]', b'[{"mission_acronym"', b"a,b\n1,2\n"],
)
@pytest.mark.parametrize("reader", [MissionsReader(), ResolutionsReader()])
def test_what_is_no_list_is_refused(content: bytes, reader: Reader) -> None:
    with pytest.raises(Invalid) as refused:
        read(content, reader=reader)

    assert refused.value.problems


VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
FIELDS = ["id", "mission_acronym", "mission_name", "start_date", "end_date", "symbol", "date"]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), VALUES), max_size=4))
def test_any_records_are_read_or_refused(records: list[dict[str, object]]) -> None:
    assert is_read_or_refused(records, reader=MissionsReader())
    assert is_read_or_refused(records, reader=ResolutionsReader())


def test_a_list_of_other_things_with_names_is_refused_once_and_for_all() -> None:
    with pytest.raises(Invalid) as refused:
        read([{"name": f"Data set {n}"} for n in range(60)])

    assert 21 == len(refused.value.problems)
    assert "40 more faults" in str(refused.value.problems[-1].what)
