"""Who is in need: total rows, never a sum of their parts."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrations.hdx.files import at, csv_bytes, json_bytes, of_bytes, warnings
from unbroken.cli.output import _values
from unbroken.kit.canonical import plain
from unbroken.kit.errors import Invalid
from unbroken_integrations.hdx.adapter import HapiNeeds

TOTAL: dict[str, object] = {
    "location_code": "AFG",
    "admin1_code": None,
    "admin2_code": None,
    "admin_level": 0,
    "category": None,
    "sector_code": "PRO-CPN",
    "sector_name": "Child Protection",
    "population_status": "INN",
    "population": 9_213_752,
    "reference_period_start": "2024-01-01T00:00:00",
    "reference_period_end": "2024-12-31T23:59:59",
}


def row(**changed: object) -> dict[str, object]:
    return TOTAL | changed


def read(*rows: object) -> object:
    return of_bytes(HapiNeeds(), json_bytes({"data": list(rows)}))


def figures(found: object, *path: str) -> tuple[object, object]:
    place = at(found, "countries", "AFG", "sectors", "PRO-CPN", *path)
    return at(place, "in_need"), at(place, "target")


def test_parts_are_counted_and_not_added() -> None:
    found = read(
        row(),
        row(population_status="TGT", population=4_607_549),
        row(category="Children - Girls", population=4_000_000),
        row(category="Children - Boys", population=5_213_752),
        row(category="Displaced", population=1),
    )

    assert figures(found) == (9_213_752, 4_607_549)
    assert (at(found, "total_rows"), at(found, "group_rows")) == (2, 3)
    assert at(found, "countries", "AFG", "period_end") == date(2024, 12, 31)


@pytest.mark.parametrize(
    "group",
    [
        {"gender": "f"},
        {"age_range": "0-17"},
        {"disabled_marker": "y"},
        {"population_group": "IDPs"},
        {"category": "Total - Girls"},
    ],
)
def test_a_row_of_a_group_is_no_total(group: dict[str, object]) -> None:
    whole = {"gender": "all", "age_range": "ALL", "disabled_marker": None, "population_group": ""}

    found = read(row(**whole), row(**(whole | group), population=5))

    assert figures(found) == (9_213_752, None)
    assert at(found, "group_rows") == 1


def test_only_parts_are_no_figure() -> None:
    found = of_bytes(HapiNeeds(), json_bytes([row(category="Girls"), row(category="Boys")]))

    assert found["countries"] == {}
    assert "No row is a total" in warnings(found)


def test_levels_stand_apart() -> None:
    found = read(
        row(population=10),
        row(admin_level=1, admin1_code="AF01", population=6),
        row(admin_level=2, admin1_code="AF01", admin2_code="AF0101", population=4),
        row(admin_level=None, admin1_code="AF01", admin2_code="AF0102", population=0),
    )

    assert figures(found) == (10, None)
    assert figures(found, "admin1", "AF01") == (6, None)
    assert figures(found, "admin2", "AF0101") == (4, None)
    assert figures(found, "admin2", "AF0102") == (0, None)


def test_without_a_row_of_the_country_nothing_is_added_up() -> None:
    found = read(row(admin_level=1, admin1_code="AF01"), row(admin_level=1, admin1_code="AF02"))

    assert figures(found) == (None, None)
    assert at(found, "countries", "AFG", "sectors", "PRO-CPN", "stated") is True


@pytest.mark.parametrize(
    ("told", "people"),
    [(None, None), ("", None), (0, 0), ("0", 0), ("12.0", 12)],
    ids=["null", "empty", "zero", "zero as text", "a text"],
)
def test_nothing_is_not_zero(told: object, people: int | None) -> None:
    assert figures(read(row(population=told))) == (people, None)


def test_no_row_for_child_protection_is_not_stated() -> None:
    found = of_bytes(HapiNeeds(), json_bytes([row(sector_code="PRO", population=7)]))
    place = at(found, "countries", "AFG", "sectors", "PRO-CPN")

    assert (at(place, "stated"), at(place, "in_need"), at(place, "target")) == (False, None, None)
    assert at(found, "countries", "AFG", "sectors", "PRO", "in_need") == 7
    assert "AFG: nothing is stated for child protection." in warnings(found)


def test_the_newest_period_holds() -> None:
    later = {"reference_period_start": "2025-01-01", "reference_period_end": "2025-12-31"}

    for rows in ((row(), row(**later, population=5)), (row(**later, population=5), row())):
        found = of_bytes(HapiNeeds(), json_bytes(list(rows)))

        assert figures(found) == (5, None)
        assert "1 total of an older period was passed over." in warnings(found)


def test_two_totals_that_differ_are_no_figure() -> None:
    found = of_bytes(HapiNeeds(), json_bytes([row(), row(population=5)]))

    assert figures(found) == (None, None)
    assert "AFG, PRO-CPN, AFG: two totals of the same period differ (in_need)" in warnings(found)


@pytest.mark.parametrize(
    "changed",
    [
        {"population": "about 5"},
        {"population": -1},
        {"population": 1.5},
        {"population_status": "XYZ"},
        {"admin_level": 7},
        {"admin_level": 1},
        {"location_code": ""},
        {"sector_code": ""},
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_and_counted(changed: dict[str, object]) -> None:
    found = of_bytes(HapiNeeds(), json_bytes([row(), row(**changed)]))

    assert figures(found) == (9_213_752, None)
    assert "1 record was left out." in warnings(found)


def test_the_file_reads_as_the_answer_does() -> None:
    tags = ["#country+code", "#adm1+code"]
    table = csv_bytes(
        [list(TOTAL), tags, ["" if each is None else each for each in TOTAL.values()]]
    )

    assert of_bytes(HapiNeeds(), table) == read(row())


def test_what_has_no_population_is_refused() -> None:
    with pytest.raises(Invalid):
        of_bytes(HapiNeeds(), csv_bytes([["location_code", "sector_code"], ["AFG", "PRO"]]))


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "location_code": st.sampled_from(["AFG", "COD"]),
                "sector_code": st.sampled_from(["PRO-CPN", "PRO"]),
                "population_status": st.sampled_from(["INN", "TGT", "x", None]),
                "population": st.one_of(
                    st.none(), st.integers(-1, 9), st.sampled_from(["", "x", "1.5"])
                ),
            },
            optional={
                "category": st.sampled_from([None, "total", "Girls"]),
                "admin_level": st.sampled_from([0, 1, "2", "x"]),
                "admin1_code": st.sampled_from([None, "AF01"]),
                "admin2_code": st.sampled_from([None, "AF0101"]),
            },
        ),
        max_size=8,
    )
)
@settings(max_examples=80, deadline=None)
def test_no_figure_is_other_than_one_of_the_rows(rows: list[dict[str, object]]) -> None:
    found = read(*rows)
    told = json.loads(json.dumps(plain(_values(found))))

    said = {int(str(each["population"])) for each in rows if str(each["population"]).isdecimal()}
    for country in told["countries"].values():
        for sector in country["sectors"].values():
            places = [sector, *sector["admin1"].values(), *sector["admin2"].values()]
            assert {place["in_need"] for place in places} <= said | {None}
            assert {place["target"] for place in places} <= said | {None}
