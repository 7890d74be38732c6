"""Who is present, as HAPI says: figures of the recording, and what no row says."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrations.hdx.files import (
    PRESENCE,
    at,
    csv_bytes,
    json_bytes,
    of_bytes,
    of_file,
    read_if_sound,
    warnings,
    xlsx_bytes,
)
from unbroken.cli.output import _values
from unbroken.kit.canonical import plain
from unbroken.kit.errors import Invalid
from unbroken.sources.readers import Document
from unbroken_integrations.hdx import hapi
from unbroken_integrations.hdx.adapter import HapiPresence
from unbroken_integrations.hdx.hapi import Answer, Record
from unbroken_integrations.hdx.mapping_presence import ALLOWED, presence_document

HEADS = (
    "location_code",
    "admin1_code",
    "admin2_code",
    "org_acronym",
    "org_name",
    "org_type_description",
    "sector_code",
    "sector_name",
    "reference_period_start",
    "reference_period_end",
    "warning",
    "error",
)
TAGS = ("#country+code", "#adm1+code", "#adm2+code", "#org+acronym", "#org+name", "#org+type")
ROW = (
    "MLI",
    "ML05",
    "ML0501",
    "SCI",
    "Save the Children",
    "International NGO",
    "PRO-CPN",
    "Child Protection",
    "2025-01-01",
    "2025-03-31",
    "",
    "",
)


@pytest.fixture(scope="module")
def recorded() -> Document:
    return of_file(HapiPresence(), PRESENCE)


def record(**changed: object) -> dict[str, object]:
    return dict(zip(HEADS, ROW, strict=True)) | changed


def test_the_recording_gives_its_rows(recorded: Document) -> None:
    assert recorded["rows"] == 4999
    assert {each: at(recorded, "countries", each, "rows") for each in ("COD", "ETH")} == {
        "COD": 904,
        "ETH": 669,
    }


@pytest.mark.parametrize(("country", "figures"), [("COD", (105, 51, 23)), ("SOM", (279, 56, 57))])
def test_the_recording_gives_child_protection(
    recorded: Document, country: str, figures: tuple[int, int, int]
) -> None:
    found = at(recorded, "countries", country, "sectors", "PRO-CPN")

    assert tuple(at(found, each) for each in ("rows", "organisations", "districts")) == figures
    assert at(found, "stated") is True


@pytest.mark.parametrize("country", ["TCD", "ETH"])
def test_no_row_is_not_no_capacity(recorded: Document, country: str) -> None:
    found = at(recorded, "countries", country, "sectors", "PRO-CPN")

    assert at(found, "rows") == 0
    assert at(found, "stated") is False
    assert at(found, "organisations") is None
    assert at(found, "districts") is None
    assert f"{country}: no row is for child protection." in warnings(recorded)


def test_sectors_that_were_not_mapped_are_counted_and_named(recorded: Document) -> None:
    assert at(recorded, "countries", "COD", "unmapped") == {
        "rows": 32,
        "names": {"Cash multi-sectoriel": 21, "Abris et Non vivres": 11},
    }
    assert at(recorded, "countries", "SOM", "unmapped") == {"rows": 0, "names": {}}


def test_a_period_of_projects_is_shown_and_doubted(recorded: Document) -> None:
    congo = at(recorded, "countries", "COD")

    assert at(congo, "period_start") == date(2017, 5, 9)
    assert at(congo, "period_end") == date(2029, 12, 30)
    assert "COD: rows say that they hold from 2017-05-09 to 2029-12-30" in warnings(recorded)
    assert "SOM: rows say that they hold" not in warnings(recorded)


def test_rows_with_notes_of_the_publisher_are_counted(recorded: Document) -> None:
    told = {
        each: (
            at(recorded, "countries", each, "rows_with_warning"),
            at(recorded, "countries", each, "rows_with_error"),
        )
        for each in ("COD", "ETH", "SOM", "TCD")
    }

    assert told == {"COD": (1, 32), "ETH": (130, 0), "SOM": (57, 0), "TCD": (1505, 0)}
    assert at(recorded, "countries", "COD", "notes") == {"PCode unknown": 1, "Unknown sector": 32}
    assert at(recorded, "countries", "TCD", "notes") == {"PCode length": 1505}


def test_a_level_that_no_row_has_is_not_stated(recorded: Document) -> None:
    nutrition = at(recorded, "countries", "TCD", "sectors", "NUT")

    assert at(nutrition, "districts") is None
    assert at(nutrition, "regions") == 22
    assert at(nutrition, "rows_without_district") == at(nutrition, "rows")


def test_that_no_united_nations_body_is_named_is_said(recorded: Document) -> None:
    assert "SOM: no row for child protection names a United Nations body" in warnings(recorded)


def test_the_document_is_one_of_plain_values(recorded: Document) -> None:
    assert json.loads(json.dumps(plain(_values(recorded))))["rows"] == 4999


WHOLE = [
    csv_bytes([HEADS, ROW]),
    csv_bytes([HEADS, TAGS, ROW]),
    csv_bytes([["A title"], [], HEADS, TAGS, ROW, []]),
    csv_bytes([HEADS, ROW], delimiter=";", encoding="utf-8-sig"),
    csv_bytes([HEADS, ROW], delimiter="\t", encoding="utf-16"),
    csv_bytes([HEADS, ROW], encoding="utf-16-le"),
    csv_bytes([HEADS, ROW], encoding="cp1252"),
    xlsx_bytes({"Data": [HEADS, TAGS, ROW]}),
    json_bytes({"data": [record()]}),
    json_bytes([record()]),
    b"\xef\xbb\xbf" + json_bytes({"data": [record(more={"unknown": [1]})]}),
    json_bytes({"data": [record(reference_period_start="2025-01-01T00:00:00")]}),
]


@pytest.mark.parametrize("content", WHOLE)
def test_one_row_is_the_same_in_every_form(content: bytes) -> None:
    found = of_bytes(HapiPresence(), content)

    assert found["rows"] == 1
    assert at(found, "countries", "MLI", "period_start") == date(2025, 1, 1)
    assert at(found, "countries", "MLI", "sectors", "PRO-CPN") == {
        "name": "Child Protection",
        "stated": True,
        "rows": 1,
        "organisations": 1,
        "regions": 1,
        "districts": 1,
        "rows_without_district": 0,
        "organisation_types": {"International NGO": 1},
    }


REFUSED = {
    "nothing": b"",
    "blanks": b"\xef\xbb\xbf\r\n  \r\n",
    "another table": csv_bytes([["a", "b"], [1, 2]]),
    "a page": b"<html><body>Forbidden</body></html>",
    "an error": json_bytes({"error": "app_identifier missing: name:somebody@example.org"}),
    "no rows": json_bytes({"data": None}),
    "a number": b"12",
    "cut off": b'{"data": [{"location_code": "MLI"',
    "another question": json_bytes({"data": [{"country": "MLI"}]}),
    "a broken workbook": xlsx_bytes({"Data": [HEADS, ROW]})[:900],
    "no text": b"\x00\x01\x02" * 50,
    "an old workbook": b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_answer_is_refused_with_place_and_remedy(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        of_bytes(HapiPresence(), REFUSED[name])

    told = refused.value
    assert told.remedy
    assert [each for each in told.problems if each.path.startswith("page-1") and each.what]
    assert "somebody@example.org" not in str([told.render(), told.problems])


def test_no_rows_say_nothing() -> None:
    for content in (csv_bytes([HEADS]), json_bytes({"data": []})):
        found = of_bytes(HapiPresence(), content)

        assert (found["rows"], found["countries"]) == (0, {})
        assert "That says nothing about any country." in warnings(found)


def test_pages_are_read_together_in_any_order() -> None:
    first = json_bytes({"data": [record()]})
    second = json_bytes({"data": [record(org_name="Other"), record(location_code="SOM")]})

    one, other = (of_bytes(HapiPresence(), *each) for each in ((first, second), (second, first)))

    assert one == other
    assert at(one, "countries", "MLI", "sectors", "PRO-CPN", "organisations") == 2


def test_the_same_page_twice_is_refused() -> None:
    page = json_bytes({"data": [record()]})

    with pytest.raises(Invalid) as refused:
        of_bytes(HapiPresence(), page, page)

    assert refused.value.problems[0].path == "page-2"


def test_a_row_that_stands_there_twice_counts_once() -> None:
    found = of_bytes(HapiPresence(), json_bytes([record(), record(), record(org_name="Other")]))

    assert found["rows"] == 2
    assert "1 row stands there twice" in warnings(found)


def test_full_pages_only_may_not_be_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hapi, "PAGE", 2)
    pages = [json_bytes([record(org_name=f"{page}{n}") for n in range(2)]) for page in range(2)]
    last = json_bytes([record(org_name="last")])

    assert "fetch the next one" in warnings(of_bytes(HapiPresence(), *pages))
    assert "fetch the next one" not in warnings(of_bytes(HapiPresence(), *pages, last))


def test_a_row_without_a_country_is_left_out_and_counted() -> None:
    rows = [record(), record(location_code=None), record(location_code="Mali"), 7]

    found = of_bytes(HapiPresence(), json_bytes({"data": rows}))

    assert found["rows"] == 1
    assert "3 records were left out." in warnings(found)
    assert "page-1: data[2]" in warnings(found)


def test_a_sector_without_code_is_named_by_itself_or_by_the_note() -> None:
    rows = [
        record(sector_code=None, sector_name="Cash"),
        record(sector_code="", sector_name="", error="PCode|Unknown sector Abris"),
        record(sector_code="", sector_name=""),
        record(sector_code="pro-cpn", sector_name=""),
    ]

    found = of_bytes(HapiPresence(), json_bytes(rows))

    assert at(found, "countries", "MLI", "unmapped") == {
        "rows": 3,
        "names": {"Cash": 1, "Abris": 1, "(not named)": 1},
    }
    assert at(found, "countries", "MLI", "sectors", "PRO-CPN", "rows") == 1


def test_nobody_is_named() -> None:
    private = {
        "contact_name": "Amina Diallo",
        "contact_email": "amina@example.org",
        "phone": "+223 70 00 00 00",
        "latitude": "16.2666",
    }
    rows = [record(**private, sector_code="", sector_name="Ask amina@example.org +223 70 00 00 00")]
    table = [[*HEADS, *private], [*ROW, *private.values()]]

    for content in (json_bytes(rows), csv_bytes(table), xlsx_bytes({"Data": table})):
        told = str(of_bytes(HapiPresence(), content))

        assert not [each for each in private.values() if each in told]
        assert "Save the Children" not in told


VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=12), st.lists(st.none(), max_size=1)
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"location_code": st.sampled_from(["MLI", "som", "", "x"]), "sector_code": VALUES},
            optional=dict.fromkeys(HEADS[1:6] + HEADS[7:], VALUES),
        ),
        max_size=6,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_values_give_a_document_that_adds_up(rows: list[dict[str, object]]) -> None:
    found = of_bytes(HapiPresence(), json.dumps({"data": rows}).encode())

    countries = found["countries"]
    assert isinstance(countries, dict)
    assert found["rows"] == sum(each["rows"] for each in countries.values())
    for each in countries.values():
        told = sum(sector["rows"] for sector in each["sectors"].values())
        assert each["rows"] == told + each["unmapped"]["rows"]
    json.dumps(plain(_values(found)))


@given(st.lists(st.dictionaries(st.sampled_from(ALLOWED), st.text(max_size=20)), max_size=5))
@settings(max_examples=50, deadline=None)
def test_the_mapping_takes_any_texts(rows: list[dict[str, str]]) -> None:
    records = tuple(Record(f"row {number}", each) for number, each in enumerate(rows))

    assert isinstance(presence_document(Answer(records, ()))["warnings"], list)


@given(st.binary(max_size=200))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    found = read_if_sound(HapiPresence(), content)

    assert found is None or found["rows"] == 0
