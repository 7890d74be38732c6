"""Country sheets of who is present: any layout is read right or refused with a reason."""

from datetime import date
from typing import Any

import pytest

from tests.integrations.hdx.files import (
    SOMALIA,
    at,
    csv_bytes,
    of_bytes,
    of_file,
    warnings,
    xlsx_bytes,
)
from unbroken.kit.errors import Invalid
from unbroken.sources.readers import Document
from unbroken_integrations.hdx.adapter import PresenceSheet

ENGLISH = ["Month", "Cluster", "Region", "District", "DistrictPcode", "Organisation"]
FRENCH = ["Mois", "Secteur", "Province", "Territoire", "PCode Territoire", "Nom de l'organisation"]
TAGS = ["#date", "#sector+name", "#adm1+name", "#adm2+name", "#adm2+code", "#org+name"]
ROWS = [
    ["Janvier", "Protection: Protection de l'enfant", "Nord-Kivu", "Goma", "CD6101", "AJEDI-Ka"],
    ["Janvier", "Protection de l'enfance", "Nord-Kivu", "Masisi", "CD6103", "CAJED"],
    ["Février", "Protection de l’Enfance", "Nord-Kivu", "Masisi", "CD6103", "CAJED"],
    ["Février", "Santé", "Nord-Kivu", "Goma", "CD6101", "MSF"],
    ["Février", "Cash multi-sectoriel", "Nord-Kivu", "Goma", "CD6101", "PAM"],
]


def read(rows: list[Any], **chosen: str) -> Document:
    return of_bytes(PresenceSheet(), xlsx_bytes({"3W": rows}), **chosen)


def child_protection(found: Document) -> tuple[object, object, object]:
    place = at(found, "sectors", "PRO-CPN")
    return at(place, "rows"), at(place, "organisations"), at(place, "districts")


@pytest.fixture(scope="module")
def somalia() -> Document:
    return of_file(PresenceSheet(), SOMALIA)


def test_the_recording_gives_its_rows_and_child_protection(somalia: Document) -> None:
    assert somalia["rows"] == 4146
    assert child_protection(somalia) == (596, 57, 57)
    assert at(somalia, "sectors", "PRO-CPN", "months") == {
        "January": 153,
        "February": 146,
        "March": 148,
        "April": 149,
    }


def test_the_recording_gives_its_country_by_its_codes(somalia: Document) -> None:
    assert somalia["country"] == "SOM"
    assert somalia["unmapped"] == {"rows": 0, "names": {}}
    assert at(somalia, "columns", "organisation") == "Organization_Name"


def test_a_choice_changes_nothing_where_it_names_what_is_found() -> None:
    chosen = {
        "country": "som",
        "sheet": "3W_Dataset_January - April 2025",
        "sector": "cluster",
        "organisation": "Organization_Name",
        "admin2": "District",
        "month": "Month",
    }

    assert child_protection(of_file(PresenceSheet(), SOMALIA, **chosen)) == (596, 57, 57)


LAYOUTS: dict[str, bytes] = {
    "workbook": xlsx_bytes({"3W": [FRENCH, *ROWS]}),
    "English heads": xlsx_bytes({"3W": [ENGLISH, *ROWS]}),
    "tags in row 2": xlsx_bytes({"3W": [FRENCH, TAGS, *ROWS]}),
    "tags in row 5": xlsx_bytes({"3W": [["3W RDC"], [], ["2025"], FRENCH, TAGS, *ROWS]}),
    "tags under heads in Arabic": xlsx_bytes({"3W": [["شهر", "قطاع"], TAGS, *ROWS]}),
    "tags only": csv_bytes([TAGS, *ROWS]),
    "titles above": xlsx_bytes({"3W": [["Qui fait quoi où"], [], FRENCH, *ROWS]}, merged=["A1:F1"]),
    "empty rows": xlsx_bytes({"3W": [FRENCH, *ROWS[:2], [], [None, ""], *ROWS[2:], []]}),
    "a total": xlsx_bytes({"3W": [FRENCH, *ROWS, ["", "Total", "", "", "", ""]]}),
    "columns beside": xlsx_bytes({"3W": [["", *FRENCH, "x"], *(["", *row, 1] for row in ROWS)]}),
    "a sheet of notes": xlsx_bytes({"Lisez-moi": [["Notes"], ["Secteur"]], "3W": [FRENCH, *ROWS]}),
    "CSV": csv_bytes([FRENCH, *ROWS]),
    "semicolons": csv_bytes([FRENCH, *ROWS], delimiter=";", encoding="cp1252"),
    "UTF-16": csv_bytes([FRENCH, *ROWS], delimiter="\t", encoding="utf-16"),
    "UTF-16 without a mark": csv_bytes([FRENCH, *ROWS], delimiter=";", encoding="utf-16-be"),
    "UTF-8 with a mark": csv_bytes([FRENCH, *ROWS], delimiter=";", encoding="utf-8-sig"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_one_table_is_the_same_in_every_layout(name: str) -> None:
    found = of_bytes(PresenceSheet(), LAYOUTS[name])

    assert found["rows"] == 5
    assert found["country"] == "COD"
    assert child_protection(found) == (3, 2, 2)
    assert at(found, "sectors", "PRO-CPN", "months") == {"Janvier": 2, "Février": 1}
    assert at(found, "sectors", "HEA", "rows") == 1
    assert found["unmapped"] == {"rows": 1, "names": {"Cash multi-sectoriel": 1}}
    assert "1 row has a sector that could not be mapped: Cash multi-sectoriel." in warnings(found)


def test_a_value_merged_over_rows_stands_in_each_of_them() -> None:
    rows: list[list[object]] = [
        ["Cluster", "District", "Partner"],
        ["Child Protection", "Goma", "A"],
        [None, "Masisi", "B"],
        [None, "Beni", "C"],
        ["Health", "Goma", "D"],
    ]

    found = of_bytes(PresenceSheet(), xlsx_bytes({"3W": rows}, merged=["A2:A4"]))

    assert child_protection(found) == (3, 3, 3)
    assert at(found, "unmapped", "rows") == 0


def test_columns_that_nobody_knows_can_be_chosen() -> None:
    rows = [["Pilier", "Qui", "Où"], ["Protection de l'enfant", "CAJED", "Masisi"]]

    with pytest.raises(Invalid) as refused:
        read(rows)
    found = read(rows, sector="Pilier", organisation="QUI", admin2="où", country="COD")

    assert "--with sector=" in refused.value.problems[0].remedy
    assert child_protection(found) == (1, 1, 1)


@pytest.mark.parametrize(
    ("sector", "organisation", "district"),
    [
        ("Cluster/Secteur", "Organisation (nom complet)", "ADM2_FR"),
        ("Secteurs / Clusters", "Partenaires de mise en œuvre", "admin2Name_en"),
        ("Secteur d'intervention", "Nom du partenaire", "Zone"),
        ("Sector", "Organización", "Municipio"),
        ("CLUSTER", "Implementing Partner", "Admin 2 P-Code"),
        ("Sector/Cluster", "Acronyme organisation", "County"),
    ],
)
def test_columns_are_known_by_their_usual_names(
    sector: str, organisation: str, district: str
) -> None:
    found = read([[organisation, sector, district], ["A", "Child Protection", "Goma"]])

    assert child_protection(found) == (1, 1, 1)


def test_a_column_that_is_not_there_is_refused() -> None:
    for role in ("sector", "organisation", "month", "admin2"):
        with pytest.raises(Invalid):
            read([FRENCH, *ROWS], **{role: "Pilier"})


@pytest.mark.parametrize("missing", [1, 5])
def test_a_table_without_sector_or_organisation_is_refused(missing: int) -> None:
    rows = [row[:missing] + row[missing + 1 :] for row in [FRENCH, *ROWS]]

    with pytest.raises(Invalid) as refused:
        read(rows)

    assert refused.value.problems[0].path == "page-1"


def test_a_sector_under_another_is_the_lower_one() -> None:
    rows = [
        ["Cluster", "Sous-cluster", "Organisation"],
        ["Protection", "Protection de l'enfance", "A"],
        ["Protection", "", "B"],
        ["Protection", "Suivi", "C"],
        ["Education", "Child Protection", "D"],
        ["", "Child Protection", "E"],
        ["Pilier 3", "Child Protection", "F"],
    ]

    found = read(rows)

    assert child_protection(found) == (2, 2, None)
    assert at(found, "sectors", "PRO", "rows") == 2
    assert at(found, "sectors", "EDU", "rows") == 1
    assert at(found, "unmapped", "names") == {"Pilier 3: Child Protection": 1}


def test_child_protection_under_other_sectors_is_counted_where_activities_are_told() -> None:
    rows = [
        ["Cluster", "Activity", "Organisation"],
        ["Protection", "Child protection case management by Amina", "A"],
        ["Education", "Activités de protection de l’enfant", "B"],
        ["Education", "School kits", "B"],
    ]

    found = read(rows)

    assert at(found, "sectors", "PRO-CPN", "rows") == 0
    assert at(found, "sectors", "PRO-CPN", "stated") is False
    assert at(found, "sectors", "PRO-CPN", "organisations") is None
    assert found["child_protection_elsewhere"] == {"EDU": 1, "PRO": 1}
    assert "no row is for child protection" in warnings(found)
    assert "Amina" not in str(found)


def test_where_no_activity_is_told_elsewhere_is_not_known() -> None:
    assert read([FRENCH, *ROWS])["child_protection_elsewhere"] is None


@pytest.mark.parametrize(
    ("said", "month"),
    [
        (date(2025, 3, 31), "2025-03"),
        (45_740, "2025-03"),
        ("45747", "2025-03"),
        ("31/03/2025", "2025-03"),
        ("2025-03-31", "2025-03"),
        ("31 mars 2025", "2025-03"),
        ("Mars", "Mars"),
        ("Q1 2025", "Q1 2025"),
        (3, "3"),
        (2025, "2025"),
    ],
)
def test_a_month_is_told_from_a_day_however_written(said: object, month: str) -> None:
    found = read([["Date", "Cluster", "Organisation"], [said, "Child Protection", "A"]])

    assert found["months"] == {month: 1}


def test_dates_that_can_be_read_in_two_ways_are_said() -> None:
    found = read([["Date", "Cluster", "Organisation"], ["03/04/2025", "Child Protection", "A"]])

    assert found["months"] == {"2025-04": 1}
    assert "day, month, year" in warnings(found)


def test_several_sheets_ask_for_a_choice() -> None:
    book = xlsx_bytes({"January": [FRENCH, *ROWS], "February": [FRENCH, ROWS[0]]})

    with pytest.raises(Invalid) as refused:
        of_bytes(PresenceSheet(), book)
    with pytest.raises(Invalid) as unknown:
        of_bytes(PresenceSheet(), book, sheet="March")

    assert "January, February" in refused.value.problems[0].what
    assert "January, February" in unknown.value.problems[0].what
    assert of_bytes(PresenceSheet(), book, sheet="february")["rows"] == 1


def test_several_countries_ask_for_a_choice() -> None:
    rows = [
        ["Country", "Cluster", "Organisation"],
        ["Mali", "Child Protection", "A"],
        ["RDC", "Protection de l'enfance", "B"],
        ["COD", "Health", "B"],
    ]

    with pytest.raises(Invalid) as refused:
        read(rows)
    found = read(rows, country="cod")

    assert "COD, MLI" in refused.value.problems[0].what
    assert (found["country"], found["rows"]) == ("COD", 2)
    assert "1 row is of another country" in warnings(found)
    for wrong in ("Congo", "SDN"):
        with pytest.raises(Invalid):
            read(rows, country=wrong)


def test_codes_that_the_table_has_not_are_counted() -> None:
    wrong = [
        [*ROWS[0][:4], "CD9999", "X"],
        [*ROWS[0][:4], "CD610", "X"],
        [*ROWS[0][:4], "ML01", "X"],
    ]

    found = read([FRENCH, *ROWS, *wrong])

    assert found["country"] == "COD"
    assert found["pcodes_not_in_table"] == {"other-country": 1, "unknown": 1, "wrong-length": 1}


def test_a_sheet_without_a_country_says_so() -> None:
    found = read([["Cluster", "Organisation"], ["Child Protection", "A"]])

    assert found["country"] is None
    assert found["pcodes_not_in_table"] is None
    assert "--with country=COD" in warnings(found)
    assert "districts are unknown" in warnings(found)


def test_errors_of_the_spreadsheet_are_nothing() -> None:
    rows = [["Cluster", "Organisation"], ["#REF!", "A"], ["Child Protection", "#N/A"], ["N/A", ""]]

    found = of_bytes(PresenceSheet(), csv_bytes(rows))

    assert found["rows"] == 2
    assert found["rows_without_organisation"] == 1
    assert child_protection(found) == (1, None, None)
    assert at(found, "unmapped", "names") == {"(not named)": 1}
