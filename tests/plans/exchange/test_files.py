"""The form of the file: its schema, its dates, and that reading undoes writing."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.plans.exchange.conftest import SAMPLE, normalised
from unbroken import plans
from unbroken.functions.queries import sheet_of
from unbroken.functions.rules import Fault, Sheet
from unbroken.functions.rules.sheets import Cursor
from unbroken.plans.rules import Precision, VagueDate
from unbroken.plans.rules.content import PhaseKind
from unbroken.plans.rules.exchange import (
    AreaEntry,
    ClaimEntry,
    Document,
    MissionEntry,
    PhaseEntry,
    PlanEntry,
    RevisionEntry,
    read_document,
    write_document,
)
from unbroken.plans.rules.exchange.dates import closing_day
from unbroken.plans.rules.kinds import ClaimKind, MissionKind

SCHEMA = Path(str(plans.__file__)).parent / "plan.schema.json"


def plain(text: str) -> object:
    sheet = sheet_of(text.encode(), file="plan.yaml", first="format")
    assert isinstance(sheet, Sheet)
    found: object = json.loads(json.dumps(sheet.content, default=float))
    return found


def complaints(text: str) -> list[str]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return [error.message for error in Draft202012Validator(schema).iter_errors(plain(text))]


def test_schema_is_a_sound_schema_of_2020_12() -> None:
    Draft202012Validator.check_schema(json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_sample_fits_the_schema() -> None:
    assert [] == complaints(SAMPLE.read_text(encoding="utf-8"))


def test_what_is_written_fits_the_schema() -> None:
    assert [] == complaints(normalised(SAMPLE.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reachable: false", "reachible: false"),
        ("trigger: true", "trigger: false"),
        ("kind: peacekeeping", "kind: peacekeping"),
        ("authorised: 3", "authorised: three"),
        ("{on: 2024-01-01, precision: about}", "{on: 2024-01-01}"),
        ("closes: about 2023-11-15", "closes: mid-November"),
    ],
)
def test_schema_refuses_what_the_program_refuses(old: str, new: str) -> None:
    assert complaints(SAMPLE.read_text(encoding="utf-8").replace(old, new, 1))


DATES = {
    "2023-10-31": VagueDate(date(2023, 10, 31)),
    "2024-05": VagueDate(date(2024, 5, 1), Precision.MONTH),
    "2024-Q2": VagueDate(date(2024, 4, 1), Precision.QUARTER),
    "2024": VagueDate(date(2024, 1, 1), Precision.YEAR),
    "'2024'": VagueDate(date(2024, 1, 1), Precision.YEAR),
    "about 2023-08-15": VagueDate(date(2023, 8, 15), Precision.ABOUT),
    "no later than 2023-08-31": VagueDate(date(2023, 8, 31), Precision.NO_LATER_THAN),
    "{on: 2024-05-31, precision: month}": VagueDate(date(2024, 5, 31), Precision.MONTH),
    "unknown": None,
}


def read_day(text: str) -> tuple[VagueDate | None, list[Fault]]:
    sheet = sheet_of(f"closes: {text}\n".encode(), file="x", first="closes")
    assert isinstance(sheet, Sheet)
    place = Cursor(sheet, sheet.content).at("closes")
    return closing_day(place), place.faults


@pytest.mark.parametrize(("text", "expected"), DATES.items(), ids=DATES.keys())
def test_a_closing_is_read_with_its_precision(text: str, expected: VagueDate | None) -> None:
    assert (expected, []) == read_day(text)


@pytest.mark.parametrize(
    "text", ["2023-06-31", "about 2023", "soon", "2023-13", "", "true", "[2023]", "null", "0"]
)
def test_what_is_no_date_with_a_precision_is_a_fault(text: str) -> None:
    found, faults = read_day(text)

    assert (None, 1) == (found, len(faults))


days = st.dates(date(2000, 1, 1), date(2040, 12, 31))
precisions = st.sampled_from([each for each in Precision if each is not Precision.UNKNOWN])
words = st.text("abcdefghéèçñق: #-'\"{}[]&*!|>%`,?", max_size=20).map(lambda t: f"A{t}b")
vague = st.none() | st.builds(VagueDate, days, precisions)
claims = st.builds(
    ClaimEntry,
    kind=st.sampled_from(ClaimKind),
    closes=vague,
    known_on=days,
    source=words,
    event=words,
    chosen=st.none() | days,
    disputed=st.booleans(),
    note=words | st.just(""),
)
areas = st.builds(
    AreaEntry,
    name=words,
    mandate_ends_on=st.none() | days,
    reachable=st.none() | st.booleans(),
    closings_public=st.booleans(),
    closings=st.lists(claims, max_size=3).map(tuple),
)
phases = st.builds(
    PhaseEntry,
    name=words,
    kind=st.sampled_from(PhaseKind),
    starts_on=days,
    ends_on=days,
    areas=st.lists(words, max_size=2).map(tuple),
    drops=st.lists(st.sampled_from(["MRM-VER", "REFER"]), max_size=2).map(tuple),
)
documents = st.builds(
    Document,
    mission=st.just(MissionEntry("m", "M", "Mission", MissionKind.PEACEKEEPING, "MLI")),
    plan=st.builds(
        PlanEntry,
        slug=st.just("p"),
        title=words,
        edition=st.sampled_from(["2026.1", "2026.10", "small.1"]),
        mandate_ends_on=days,
        transfer_ends_on=st.none() | days,
        note=words | st.just(""),
    ),
    areas=st.lists(areas, max_size=3).map(tuple),
    revision=st.none() | st.builds(RevisionEntry, phases=st.lists(phases, max_size=2).map(tuple)),
)


def faults_of_form(faults: list[Fault]) -> list[Fault]:
    # the documents made here have no decisions: that is not what is tested
    return [each for each in faults if "has no `decisions`" not in each.what]


@settings(max_examples=60, deadline=None)
@given(documents)
def test_reading_undoes_writing(document: Document) -> None:
    sheet = sheet_of(write_document(document).encode(), file="plan.yaml", first="format")
    assert isinstance(sheet, Sheet), sheet

    read, faults = read_document(sheet)

    assert [] == faults_of_form(faults)
    assert document == read
