"""Odd answers of FTS: right or refused with a reason; never a traceback, never a silent zero."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integrations.altering import altered, document_of
from unbroken.kit.errors import Invalid
from unbroken.sources.readers import Payload
from unbroken_integrations.fts.adapter import (
    FtsClusters,
    FtsFlows,
    FtsLocations,
    FtsOrganizations,
    FtsOverview,
)


def part(kind: str, number: object, name: str = "", behavior: str = "single") -> dict[str, object]:
    return {"type": kind, "id": number, "name": name or f"{kind} {number}", "behavior": behavior}


def flow(number: object, usd: object = 100, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "amountUSD": usd,
        "boundary": "incoming",
        "onBoundary": "single",
        "status": "paid",
        "sourceObjects": [part("Organization", "1", "Giver")],
        "destinationObjects": [part("Plan", "929"), part("GlobalCluster", "12")],
    } | more


def search(*flows: object, total: object, **meta: object) -> dict[str, object]:
    return {
        "status": "ok",
        "data": {"incoming": {"fundingTotal": total, "pledgeTotal": 0}, "flows": list(flows)},
        "meta": {"count": len(flows)} | meta,
    }


def made(value: object) -> Payload:
    return Payload("a.json", json.dumps(value, default=str).encode())


def flows(*pages: object) -> dict[str, Any]:
    return dict(FtsFlows().read([made(each) for each in pages], {}))


def told(refused: Invalid) -> str:
    return " ".join(f"{each.path} {each.what}" for each in refused.problems)


@pytest.mark.parametrize(
    ("usd", "received"),
    [("100", 100), (100.25, Decimal("100.25")), (-40, -40), ("-40.00", -40), (0, 0)],
)
def test_amounts_are_read_as_texts_cents_and_corrections(usd: object, received: object) -> None:
    found = flows(search(flow(1, usd), total=usd))

    assert found["received_usd"] == received
    assert found["clusters"]["12"]["alone_usd"] == received


@pytest.mark.parametrize("usd", [None, "", True, "1,000", [], {}, "a lot"])
def test_a_flow_without_a_sound_amount_is_left_out_and_named(usd: object) -> None:
    inside = flow(2, usd, boundary="internal")
    found = flows(search(flow(1), inside, total=100))

    assert (found["flows"], found["left_out"]) == (1, 1)
    assert "data.flows[1].amountUSD" in found["warnings"][1]
    with pytest.raises(Invalid, match="refused"):
        flows(search(flow(1), flow(2, usd), total=200))


@pytest.mark.parametrize("name", ["boundary", "onBoundary", "status"])
@pytest.mark.parametrize("odd", [None, "", 5])
def test_a_flow_that_cannot_be_placed_is_never_guessed(name: str, odd: object) -> None:
    with pytest.raises(Invalid) as refused:
        flows(search(flow(1, **{name: odd}), total=100))

    assert "add up to 0" in told(refused.value)


def test_pledges_and_what_lies_across_the_boundary_are_not_received() -> None:
    across = flow(2, 700, onBoundary="shared")
    pledged = flow(3, 50, status="pledge")
    answer = search(flow(1), across, pledged, total=100)
    found = flows(answer)

    assert found["received_usd"] == 100
    assert found["pledged_usd"] == 0
    assert "FTS states 0 pledged, and the flows add up to 50." in found["warnings"]
    assert found["clusters"]["12"] == {"alone_usd": 100, "shared_usd": 0, "flows": 3}


def test_a_pledge_total_that_is_not_stated_is_added_up() -> None:
    answer: Any = search(flow(1, 50, status="pledge"), total=0)
    del answer["data"]["incoming"]["pledgeTotal"]

    assert flows(answer)["pledged_usd"] == 50


@pytest.mark.parametrize("gone", ["sourceObjects", "destinationObjects"])
@pytest.mark.parametrize("value", [None, []])
def test_missing_objects_take_no_money_away(gone: str, value: object) -> None:
    found = flows(search(flow(1, **{gone: value}), total=100))

    assert found["received_usd"] == 100
    assert sum(found["plans"].values()) == sum(each["usd"] for each in found["donors"]) == 100
    if gone == "sourceObjects":
        assert found["donors"] == [{"name": "Not stated", "usd": 100}]
        assert len(found["warnings"]) == 1
    else:
        assert (found["plans"], found["no_cluster_usd"]) == ({"none": 100}, 100)


def test_what_several_have_together_is_given_to_none_of_them() -> None:
    many = flow(
        1,
        sourceObjects=[part("Organization", 2, "B"), part("Organization", 1, "A")],
        destinationObjects=[
            part("Plan", 1, behavior="shared"),
            part("Plan", 2, behavior="shared"),
            part("GlobalCluster", 12, behavior="shared"),
            part("GlobalCluster", 10, behavior="shared"),
        ],
    )
    found = flows(search(many, total=100))

    assert found["plans"] == {"shared": 100}
    assert found["donors"] == [{"name": "A + B", "usd": 100}]
    assert {row["alone_usd"] for row in found["clusters"].values()} == {0}
    assert {row["shared_usd"] for row in found["clusters"].values()} == {100}


def test_donors_stand_largest_first_and_by_name_where_equal() -> None:
    given_by = [(1, "B", 5), (2, "A", 5), (3, "C", 9), ("1", "B", 0)]
    rows = [
        flow(index, usd, sourceObjects=[part("Organization", number, name)])
        for index, (number, name, usd) in enumerate(given_by)
    ]

    assert [each["name"] for each in flows(search(*rows, total=19))["donors"]] == ["C", "A", "B"]


def test_numbers_are_the_same_as_text_or_not() -> None:
    first = flow(1, destinationObjects=[part("Plan", 929), part("GlobalCluster", 12)])
    second = flow("2", destinationObjects=[part("Plan", "929"), part("GlobalCluster", "12")])
    found = flows(search(first, second, total=200))

    assert found["plans"] == {"929": 200}
    assert found["clusters"]["12"]["flows"] == 2


def test_a_flow_on_two_pages_counts_once_and_two_contents_are_refused() -> None:
    first = search(flow(1), flow(2), total=300, count=3)
    again = search(flow("2"), flow(3), total=300, count=3)
    found = flows(first, again)

    assert found["received_usd"] == 300
    assert found["warnings"] == ["One flow came twice."]
    with pytest.raises(Invalid) as refused:
        flows(first, search(flow(2, 5), flow(3), total=300, count=3))
    assert "differently" in told(refused.value)


def test_pages_of_two_searches_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        flows(search(flow(1), total=100), search(flow(2), total=200))

    assert "other totals" in told(refused.value)


def test_without_a_count_the_parts_are_counted_and_without_those_it_is_said() -> None:
    answer: Any = search(flow(1), total=100)
    del answer["meta"]
    assert "a page may be missing" in flows(answer)["warnings"][0]
    for name in ("incoming", "internal", "outgoing"):
        answer["data"].setdefault(name, {})["flowCount"] = 1
    with pytest.raises(Invalid):
        flows(answer)


@pytest.mark.parametrize(
    "content", [b"", b"<html></html>", b'{"status": "ok", "data": {"flows": [', b"null", b"[1]"]
)
@pytest.mark.parametrize(
    "reader", [FtsFlows, FtsClusters, FtsOrganizations, FtsLocations, FtsOverview]
)
def test_what_is_no_answer_is_refused(content: bytes, reader: type[FtsFlows]) -> None:
    with pytest.raises(Invalid) as refused:
        reader().read([Payload("a.json", content)], {})

    assert refused.value.problems


@pytest.mark.parametrize("incoming", [None, {}, {"fundingTotal": None}, {"fundingTotal": "x"}])
def test_a_search_that_does_not_state_its_total_is_refused(incoming: object) -> None:
    answer: Any = search(flow(1), total=100)
    answer["data"]["incoming"] = incoming

    with pytest.raises(Invalid):
        flows(answer)


FLOWS: Mapping[str, object] = search(
    flow(1), flow(2, "7.5", boundary="internal"), flow(3, 5, status="pledge"), total=100
)


@settings(max_examples=250)
@given(altered(FLOWS), st.booleans())
def test_any_altered_search_is_right_or_refused(value: object, twice: bool) -> None:  # noqa: FBT001
    pages = [value, FLOWS][: 1 + twice]
    found = document_of(lambda: flows(*pages))
    if found is None:
        return
    assert abs(found["received_usd"] - found["check"]["funding_total_usd"]) < 1
    assert sum(found["plans"].values()) == found["received_usd"]
    assert sum(each["usd"] for each in found["donors"]) == found["received_usd"]
