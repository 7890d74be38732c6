"""The tables that travel with the code, against the counts of their sources."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unbroken.sources.reference.codelists import (
    code_entry,
    codelists,
    organisation_type_of,
    organisation_types,
)
from unbroken.sources.reference.countries import countries, country, country_named
from unbroken.sources.reference.loading import FOLDER, folded, head_folded, rows_of
from unbroken.sources.reference.places import Fault, fault_of_pcode, pcode, places_of
from unbroken.sources.reference.resolutions import resolution
from unbroken.sources.reference.sectors import sector_of, sectors

MOST_BYTES = 600_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Child Protection", "PRO-CPN"),
        ("CHILD PROTECTION ", "PRO-CPN"),
        ("Child Protection AoR", "PRO-CPN"),
        ("Protection - Child Protection", "PRO-CPN"),
        ("Protection: Protection de l'enfant", "PRO-CPN"),
        ("Protection de l’Enfance", "PRO-CPN"),
        ("Sous-cluster Protection de l'enfance", "PRO-CPN"),
        ("Protección de la niñez", "PRO-CPN"),
        ("pro-cpn", "PRO-CPN"),
        ("Protection (Child Protection)", "PRO-CPN"),
        ("Cluster Protection", "PRO"),
        ("WaSH", "WSH"),
        ("Eau, Hygiène et Assainissement", "WSH"),
        ("Abris et Non vivres", "SHL"),
        ("Abris/AME", "SHL"),
        ("MPCA", "MPC"),
        ("Sécurité alimentaire", "FSC"),
        ("Salud", "HEA"),
        ("Explosive Hazards", "PRO-MIN"),
    ],
)
def test_a_sector_is_known_by_what_sheets_call_it(text: str, code: str) -> None:
    assert sector_of(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        " : ",
        "Cash multi-sectoriel",
        "Health / Nutrition",
        "Protection / Education",
        "Child Protection & GBV",
        "Protection - quelque chose",
        "Cluster",
        "x" * 10_000,
    ],
)
def test_what_is_no_one_sector_is_none(text: str) -> None:
    assert sector_of(text) is None


def test_no_spelling_means_two_sectors() -> None:
    told = [(row["text"], row["code"]) for row in rows_of("sector_spellings.csv")]
    told += [(name, each.code) for each in sectors().values() for name in (each.en, each.fr)]

    meant: dict[str, set[str]] = {}
    for text, code in told:
        meant.setdefault(folded(text), set()).add(code)
    assert {text: codes for text, codes in meant.items() if len(codes) > 1} == {}
    assert {code for codes in meant.values() for code in codes} <= sectors().keys()


def test_child_protection_has_other_numbers_in_other_systems() -> None:
    protection = sectors()["PRO-CPN"]

    assert (protection.hrinfo, protection.fts_cluster) == ("5403", "12")
    assert protection.fr == "Protection de l'enfance"


@pytest.mark.parametrize(
    ("iso3", "first", "second"),
    [
        ("COD", 26, 189),
        ("SDN", 19, 189),
        ("MLI", 10, 53),
        ("CAF", 17, 72),
        ("HTI", 10, 140),
        ("SOM", 18, 74),
        ("IRQ", 18, 101),
        ("SSD", 11, 79),
        ("LBN", 8, 26),
    ],
)
def test_places_are_as_many_as_in_the_list(iso3: str, first: int, second: int) -> None:
    assert (len(places_of(iso3, 1)), len(places_of(iso3, 2))) == (first, second)


def test_all_places_of_the_list_are_there() -> None:
    assert sum(len(places_of(iso3, level)) for iso3 in ("COD", "SOM") for level in (1, 2)) == 307
    assert sum(1 for _row in rows_of("pcodes.csv.gz")) == 32_767


def test_a_place_is_known_by_its_code() -> None:
    place = pcode(" cd5206 ")

    assert place is not None
    assert (place.name, place.iso3, place.level, place.parent) == ("Bondo", "COD", 2, "CD52")
    assert place.valid_from == date(2019, 9, 11)
    assert pcode("CD9999") is None
    assert pcode("") is None


@pytest.mark.parametrize(
    ("code", "iso3", "fault"),
    [
        ("CD5206", "COD", None),
        ("cd5206", "cod", None),
        ("CD5299", "COD", Fault.UNKNOWN),
        ("CD52061", "COD", Fault.WRONG_LENGTH),
        ("CD52", "SOM", Fault.OTHER_COUNTRY),
        ("TCD14", "TCD", Fault.WRONG_LENGTH),
        ("XX01", "XXX", Fault.NO_LIST),
        ("", "COD", Fault.WRONG_LENGTH),
    ],
)
def test_what_is_wrong_with_a_code_is_said(code: str, iso3: str, fault: Fault | None) -> None:
    assert fault_of_pcode(code, iso3) == fault


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("COD", "COD"),
        ("cd", "COD"),
        ("180", "COD"),
        ("RDC", "COD"),
        ("République Démocratique du Congo", "COD"),
        ("السودان", "SDN"),
        ("Гаити", "HTI"),
        ("Côte d'Ivoire", "CIV"),
        ("Malí", "MLI"),
    ],
)
def test_a_country_is_known_by_codes_and_names(text: str, iso3: str) -> None:
    found = country_named(text)

    assert found is not None
    assert found.iso3 == iso3


def test_every_country_has_a_name_in_six_languages() -> None:
    nameless = [each.iso3 for each in countries().values() if not all(each.names.values())]

    assert nameless == []
    assert len(countries()) == 249
    assert country("cod") == countries()["COD"]
    assert country("ZZZ") is None
    assert country_named("") is None
    assert country_named("Atlantis") is None


def test_names_have_no_article_and_no_footnote() -> None:
    names = [name for each in countries().values() for name in each.names.values()]

    assert [name for name in names if "*" in name or name.endswith(("(the)", "(la)"))] == []


def test_codes_of_aid_have_names_in_two_languages() -> None:
    soldiers = code_entry("Sector", "15261")

    assert soldiers is not None
    assert soldiers.en == "Child soldiers (prevention and demobilisation)"
    assert soldiers.fr == "Enfants soldats (Prévention et démobilisation)"
    assert soldiers.category == "152"
    assert code_entry("Sector", "1") is None
    assert code_entry("Nothing", "1") is None
    assert len(codelists()) == 8


def test_kinds_of_organisation_are_known_by_what_sheets_call_them() -> None:
    assert organisation_types()["447"] == "United Nations"
    assert organisation_type_of("NNGO") == organisation_type_of("ONG nationale") == "441"
    assert organisation_type_of("Nations Unies") == "447"
    assert organisation_type_of("?") is None


def test_resolutions_end_at_2722_but_for_the_one_added() -> None:
    first, last, added = resolution(1), resolution(2722), resolution(2764)

    assert first is not None
    assert first.record_url == "https://digitallibrary.un.org/record/111946"
    assert last is not None
    assert added is not None
    assert (added.adopted_on, added.record_url) == (date(2024, 12, 20), None)
    assert [number for number in range(2723, 2764) if resolution(number)] == []
    assert [number for number in range(1, 2723) if not resolution(number)] == []
    assert resolution(0) is None


def test_the_tables_are_small_enough_to_travel() -> None:
    assert sum(each.stat().st_size for each in FOLDER.iterdir()) < MOST_BYTES


def test_names_of_columns_are_taken_apart() -> None:
    assert head_folded("DistrictPcode") == "district pcode"
    assert head_folded("Partenaire de mise en Œuvre") == "partenaire de mise en oeuvre"


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_is_looked_up_without_a_fault(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert sector_of(text) in {None, *sectors()}
    country_named(text)
    fault_of_pcode(text, "COD")
    organisation_type_of(text)
