"""Country sheets: nobody is named, what is no sheet is refused, and anything else adds up."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrations.hdx.files import (
    SOMALIA,
    at,
    csv_bytes,
    of_bytes,
    read_if_sound,
    xlsx_bytes,
)
from tests.integrations.hdx.test_sheets import FRENCH, LAYOUTS, ROWS, TAGS, read
from unbroken.cli.output import _values
from unbroken.kit.canonical import plain
from unbroken.kit.errors import Invalid
from unbroken_integrations.hdx.adapter import PresenceSheet

PRIVATE = ["Focal point", "Contact e-mail", "Téléphone", "Latitude", "GPS", "Contact Organisation"]
SECRETS = [
    "Amina Diallo",
    "amina@example.org",
    "+223 70 00 00 00",
    "16.27",
    "16,27 -0.04",
    "Moussa",
]


def test_nobody_is_named_and_no_such_column_can_be_chosen() -> None:
    content = xlsx_bytes({"3W": [[*PRIVATE, *FRENCH], *([*SECRETS, *row] for row in ROWS)]})
    tags = ["#contact+name", "#contact+email", "#contact+phone", "#geo+lat", "#geo", "#org"]
    both = xlsx_bytes(
        {"3W": [[*PRIVATE, *FRENCH], [*tags, *TAGS], *([*SECRETS, *row] for row in ROWS)]}
    )

    for each in (content, both):
        told = str(of_bytes(PresenceSheet(), each))
        assert not [secret for secret in SECRETS if secret in told]
        assert "AJEDI-Ka" not in told
    for role in ("sector", "month", "organisation", "admin2", "activity"):
        for name in PRIVATE:
            with pytest.raises(Invalid) as refused:
                of_bytes(PresenceSheet(), content, **{role: name})
            assert refused.value.problems[0].path == f"--with {role}"


def test_addresses_among_sectors_are_not_shown() -> None:
    found = read([["Cluster", "Organisation"], ["Ask amina@example.org +223 70 00 00 00", "A"]])

    assert at(found, "unmapped", "names") == {"Ask … …": 1}
    assert "amina" not in str(found)


BROKEN = {
    "nothing": b"",
    "only a mark": b"\xff\xfe",
    "cut off": SOMALIA.read_bytes()[:50_000],
    "no workbook": b"PK\x03\x04" + b"\x00" * 200,
    "old workbook": b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
    "PDF": b"%PDF-1.7\n%",
    "a page": b"<!doctype html><p>Sign in</p>",
    "JSON": b'{"error": "x"}',
    "no text": bytes(range(256)),
    "heads only": csv_bytes([FRENCH]),
    "no sheets with rows": xlsx_bytes({"Empty": []}),
    "open quotation": b'Cluster,Organisation\n"Child Protection,A\n',
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_sheet_is_refused_with_place_and_remedy(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        of_bytes(PresenceSheet(), BROKEN[name])

    assert refused.value.problems[0].path.startswith("page-1")
    assert refused.value.problems[0].remedy


def test_two_files_are_refused() -> None:
    with pytest.raises(Invalid):
        of_bytes(PresenceSheet(), LAYOUTS["CSV"], LAYOUTS["workbook"])


CELLS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.sampled_from(
        ["Cluster", "Organisation", "#sector", "#org+name", "Child Protection", "Total"]
    ),
    st.sampled_from(["SO2502", "Month", "District", "45000", "Somalia", "#REF!", "Protection"]),
    st.text(max_size=6),
)


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8))
@settings(max_examples=120, deadline=None)
def test_any_table_is_read_or_refused_and_adds_up(rows: list[list[Any]]) -> None:
    content = csv_bytes([["" if each is None else each for each in row] for row in rows])
    found = read_if_sound(PresenceSheet(), content)

    if found is not None:
        told = json.loads(json.dumps(plain(_values(found))))
        mapped = sum(each["rows"] for each in told["sectors"].values())
        assert told["rows"] == mapped + told["unmapped"]["rows"] > 0


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6))
@settings(max_examples=80, deadline=None)
def test_any_rows_below_known_heads_are_read_or_refused(rows: list[list[Any]]) -> None:
    table = [["Cluster", "Month", "Organisation"], *rows]
    found = read_if_sound(
        PresenceSheet(),
        csv_bytes([["" if each is None else each for each in row] for row in table]),
    )

    if found is not None:
        months = found["months"]
        assert isinstance(months, dict)
        assert sum(months.values()) <= int(str(found["rows"])) <= len(rows)
