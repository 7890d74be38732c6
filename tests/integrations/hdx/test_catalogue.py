"""The catalogue: what a data set covers, and its newest file."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrations.hdx.files import (
    CATALOGUE,
    FOLDER,
    at,
    json_bytes,
    of_bytes,
    of_file,
    read_if_sound,
    warnings,
)
from unbroken.kit.errors import Invalid
from unbroken_integrations.hdx.adapter import HdxCatalogue

AFGHANISTAN = FOLDER / "dataset-fts-requirements-and-funding-data-for-afghanistan.json"


def resource(name: str, changed: str | None, **more: object) -> dict[str, object]:
    return {"id": name, "name": name, "format": "csv", "last_modified": changed} | more


def package(*resources: object, **more: object) -> bytes:
    return json_bytes({"id": "d", "name": "set", "resources": list(resources)} | more)


def test_the_recording_gives_its_newest_file_and_doubts_it() -> None:
    found = of_file(HdxCatalogue(), CATALOGUE)

    assert found["resources"] == 32
    assert at(found, "covers") == {
        "start": date(2020, 8, 31),
        "end": date(2025, 6, 30),
        "is_open": False,
    }
    assert at(found, "newest", "name") == "3W_All_Clusters_December_2020"
    assert at(found, "newest", "changed_at") == "2025-09-10T06:24:35+00:00"
    assert "4 files were changed at the same instant" in warnings(found)
    assert "the one made last (3W Operational Presence Dataset_January - April" in warnings(found)


def test_the_other_recording_gives_its_newest_file() -> None:
    found = of_file(HdxCatalogue(), AFGHANISTAN)

    assert at(found, "newest", "name") == "fts_incoming_funding_afg.csv"
    assert at(found, "covers", "start") == date(2000, 1, 1)


def test_nobody_is_named() -> None:
    told = str(of_file(HdxCatalogue(), CATALOGUE))
    people = {"maintainer": "somebody", "maintainer_email": "a@example.org", "author": "Amina"}
    made = str(of_bytes(HdxCatalogue(), package(resource("a", "2025-01-01"), **people)))

    assert "3535ee9e" not in told
    assert not [each for each in people.values() if each in made]


@pytest.mark.parametrize(
    ("told", "start", "end"),
    [
        ("[2025-01-01T00:00:00 TO *]", date(2025, 1, 1), None),
        ("[2025-01-01 TO 2025-02-28]", date(2025, 1, 1), date(2025, 2, 28)),
        ("[* TO 2025-02-28T23:59:59]", None, date(2025, 2, 28)),
        ("", None, None),
        (None, None, None),
        ("in 2025", None, None),
        ("[2025-13-01 TO *]", None, None),
    ],
)
def test_the_days_covered_may_be_open_or_not_stated(
    told: str | None, start: date | None, end: date | None
) -> None:
    found = of_bytes(HdxCatalogue(), package(resource("a", "2025-01-01"), dataset_date=told))

    is_stated = bool(start or end)
    is_open = end is None if is_stated else None
    assert at(found, "covers") == {"start": start, "end": end, "is_open": is_open}
    assert ("cannot be read" in warnings(found)) is (bool(told) and not is_stated)


def test_the_newest_is_the_one_changed_last_and_still_there() -> None:
    content = package(
        resource("old", "2024-05-05T00:00:00"),
        resource("new", "2025-05-05T01:00:00+02:00"),
        resource("gone", "2026-01-01T00:00:00", state="deleted"),
        resource("undated", None),
        "no resource",
    )

    found = of_bytes(HdxCatalogue(), content)

    assert at(found, "newest", "id") == "new"
    assert at(found, "newest", "changed_at") == "2025-05-04T23:00:00+00:00"
    assert found["resources"] == 3
    assert "1 file does not say when it was changed" in warnings(found)
    assert "1 record was left out." in warnings(found)


def test_where_nothing_is_dated_nothing_is_newest() -> None:
    found = of_bytes(HdxCatalogue(), package(resource("a", None), resource("b", "lately")))

    assert found["newest"] is None
    assert "none can be called the newest" in warnings(found)


def test_a_file_about_persons_is_marked() -> None:
    found = of_bytes(HdxCatalogue(), package(resource("a", "2025-01-01", pii=True)))

    assert "do not fetch it" in warnings(found)


def test_the_whole_answer_reads_as_its_result_does() -> None:
    inner = {"id": "d", "resources": [resource("a", "2025-01-01")]}

    whole = of_bytes(HdxCatalogue(), json_bytes({"success": True, "result": inner}))

    assert whole == of_bytes(HdxCatalogue(), json_bytes(inner))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        json_bytes({"success": False, "error": {"message": "Not found", "__type": "x"}}),
        json_bytes({"result": None}),
        json_bytes({"id": "d"}),
        json_bytes({"id": "d", "resources": None}),
        json_bytes({"count": 3, "results": []}),
    ],
)
def test_what_is_no_data_set_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        of_bytes(HdxCatalogue(), content)

    assert refused.value.problems


def test_two_files_are_refused() -> None:
    content = package(resource("a", "2025-01-01"))

    with pytest.raises(Invalid):
        of_bytes(HdxCatalogue(), content, content)


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "result",
                        "resources",
                        "last_modified",
                        "created",
                        "dataset_date",
                        "state",
                    ]
                ),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=12,
    )
)
@settings(max_examples=80, deadline=None)
def test_any_json_is_read_or_refused(value: object) -> None:
    found = read_if_sound(HdxCatalogue(), json_bytes(value))

    assert found is None or isinstance(found["warnings"], list)
