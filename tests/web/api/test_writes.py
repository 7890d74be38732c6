"""Writes: which state was seen, the same request twice, and input that cannot be used."""

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID

import pytest

from tests.web.api.conftest import AGREEMENT, World
from unbroken.kit.idempotency import Request, begin_request

PAUSE = "/plans/minust/pause"
OTHER = '"00000000000000000000000000000007.1"'


def _stale(etag: str) -> str:
    uid, _dot, version = etag.strip('"').partition(".")
    return f'"{uid}.{int(version) + 1}"'


TOLD: dict[str, tuple[Callable[[str], str | None], int]] = {
    "nothing": (lambda _etag: None, 428),
    "whatever it is": (lambda _etag: "*", 428),
    "no ETag": (lambda _etag: "yesterday", 412),
    "another thing": (lambda _etag: OTHER, 412),
    "a weak one": (lambda etag: f"W/{etag}", 412),
    "stale": (_stale, 412),
    "right": (lambda etag: etag, 200),
}
CHANGED = {
    "plan": ("PATCH", "/plans/minust", "/plans/minust", {"note": "A note."}),
    "state": ("POST", PAUSE, "/plans/minust", {}),
    "area": (
        "PUT",
        "/plans/minust/areas/minust-gao",
        "/plans/minust/areas/minust-gao",
        {"reachable": True, "mandate_ends_on": None, "closings_public": True},
    ),
    "capacity": (
        "PUT",
        "/capacities/{capacity}/quantity",
        "/capacities/{capacity}",
        {"quantity": 3},
    ),
    "receipt": (
        "POST",
        "/capacities/{capacity}/receipts",
        "/capacities/{capacity}",
        {"act": "withdraw"},
    ),
    "item": ("POST", "/items/{item}/complete", "/items/{item}", {"done_on": "2026-03-01"}),
    "assignment": (
        "POST",
        "/items/{item}/assign",
        "/items/{item}",
        {"assigned_to": "unicef-mali"},
    ),
    "gap": ("POST", "/gaps/{gap}/acknowledgement", "/gaps/{gap}", {"note": "Seen."}),
    "question": ("POST", "/items/{waiting}/refuse-aside", "/items/{waiting}", None),
    "rule": (
        "PUT",
        "/plans/minust/rules/no-receiver",
        "/plans/minust/rules/no-receiver",
        {"at_least": "high", "reason": "Decided by the task force."},
    ),
    "edition": ("POST", "/plans/minust/edition", "/plans/minust", {"edition": "small.2"}),
    "agreement": (
        "PATCH",
        "/agreements/{agreement}",
        "/agreements/{agreement}",
        {"valid_until_on": "2027-01-01"},
    ),
}


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize("thing", CHANGED)
def test_a_change_says_which_state_it_saw(world: World, thing: str, told: str) -> None:
    method, path, read, body = CHANGED[thing]
    etag = world.get(read.format(**world.known)).headers["etag"]
    header, expected = TOLD[told][0](etag), TOLD[told][1]
    headers = {} if header is None else {"If-Match": header}
    answer = world.call(method, path.format(**world.known), body, headers=headers)

    assert (201 if (thing, expected) == ("receipt", 200) else expected) == answer.status_code


def test_of_two_editors_one_loses_visibly(world: World) -> None:
    etag = world.get("/plans/minust").headers["etag"]
    answers = [
        world.call("PATCH", "/plans/minust", {"note": note}, headers={"If-Match": etag})
        for note in ("First.", "Second.")
    ]

    assert [200, 412] == [answer.status_code for answer in answers]
    assert "First." == world.get("/plans/minust").json()["note"]


def test_the_same_signature_sent_again_is_signed_once(world: World) -> None:
    path = f"/capacities/{world.known['capacity']}"
    etag = world.get(path).headers["etag"]
    answers = [
        world.post(
            f"{path}/receipts", {"act": "confirm"}, by="signer", if_match=etag, idempotency_key="a"
        )
        for _ in range(2)
    ]

    assert (201, 201) == tuple(answer.status_code for answer in answers)
    assert answers[0].content == answers[1].content
    assert answers[0].headers["etag"] == answers[1].headers["etag"]
    assert 2 == len(world.items(f"{path}/receipts"))


def test_the_same_new_thing_sent_again_is_made_once(world: World) -> None:
    path = "/plans/minust/agreements"
    answers = [world.post(path, AGREEMENT, idempotency_key="a") for _ in range(2)]

    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert 2 == len(world.items(path))


def test_a_key_is_not_taken_for_another_body(world: World) -> None:
    path = "/plans/minust/agreements"
    world.post(path, AGREEMENT, idempotency_key="a")
    answer = world.post(path, AGREEMENT | {"title": "Another"}, idempotency_key="a")

    assert 422 == answer.status_code


def test_a_key_of_another_account_is_another_key(world: World) -> None:
    path = "/plans/minust/agreements"
    answers = [
        world.post(path, AGREEMENT, by=by, idempotency_key="a") for by in ("planner", "co-chair")
    ]

    assert answers[0].headers["location"] != answers[1].headers["location"]


def test_a_request_that_still_runs_is_not_begun_again(world: World) -> None:
    planner = world.get("/me").json()["account"]
    target = b"POST /api/v1/plans/minust/facts?\n"
    request = Request(UUID(planner), "a", sha256(target + FACT).hexdigest())
    begin_request(world.house.sessions, request, at=world.house.machine_clock.now())
    answer = world.client.post(
        "/api/v1/plans/minust/facts",
        content=FACT,
        headers={
            "Authorization": f"Bearer {world.tokens['planner']}",
            "Content-Type": "application/json",
            "Idempotency-Key": "a",
        },
    )

    assert 409 == answer.status_code


FACT = (
    b'{"fact": "ddr-process", "holds": true, "from_on": "2026-01-01",'
    b' "known_on": "2026-02-01", "source": "S/2026/1"}'
)
BAD = {
    "no JSON": (b"{", 422),
    "a list": (b"[]", 422),
    "nothing": (b"", 422),
    "an unknown field": (b'{"act": "offer", "sign": true}', 422),
    "an unknown act": (b'{"act": "give"}', 422),
    "text for a number": (b'{"act": "offer", "quantity": "4"}', 422),
    "a huge number": (b'{"act": "offer", "quantity": 1e30}', 422),
    "a huge whole number": (b'{"act": "offer", "quantity": 99999999999999999999}', 422),
    "less than nothing": (b'{"act": "offer", "quantity": -1}', 422),
    "31 June": (b'{"act": "ask_time", "until_on": "2026-06-31"}', 422),
    "an instant": (b'{"act": "ask_time", "until_on": "2026-06-30T00:00:00Z"}', 422),
    "a number for a day": (b'{"act": "ask_time", "until_on": 1782777600}', 422),
    "NUL": (b'{"act": "decline", "reason": "a\\u0000b"}', 422),
    "half a character": (b'{"act": "decline", "reason": "\\ud800"}', 422),
    "no UTF-8": (b'{"act": "decline", "reason": "\xff"}', 400),
    "deep": (b"[" * 5000, 400),
    "a person": (b'{"act": "decline", "reason": "Call +223 76 12 34 56"}', 422),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_used_is_refused_and_says_where(world: World, case: str) -> None:
    body, expected = BAD[case]
    path = f"/capacities/{world.known['capacity']}"
    answer = world.client.post(
        f"/api/v1{path}/receipts",
        content=body,
        headers={
            "Authorization": f"Bearer {world.tokens['signer']}",
            "Content-Type": "application/json",
            "If-Match": world.get(path).headers["etag"],
        },
    )

    assert (expected, "application/problem+json") == (
        answer.status_code,
        answer.headers["content-type"],
    )
    assert answer.json()["problems"] or answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/plans/nowhere", 404),
        ("/missions/nowhere", 404),
        ("/gaps?plan=nowhere", 404),
        ("/capacities?plan=nowhere", 404),
        ("/transfers?plan=nowhere", 404),
        ("/items?plan=nowhere", 404),
        ("/items?view=nothing", 422),
        ("/items?tier=9", 422),
        ("/items?capacity=nothing", 422),
        ("/gaps?rule=nothing", 422),
        ("/gaps?severity=awful", 422),
        ("/capacities?state=lost", 422),
        ("/plans/minust/areas/nowhere", 404),
        ("/plans/minust/revisions/99", 404),
        ("/plans/minust/revisions/99999999999999999999", 422),
        ("/plans/%00", 422),
        ("/plans/minust/steps?until=2026-06-31", 422),
        ("/capacities/not-a-uuid", 422),
        ("/capacities?cursor=WyJ4Il0", 422),
    ],
)
def test_unknown_names_are_refused(world: World, path: str, expected: int) -> None:
    answer = world.get(path)

    assert expected == answer.status_code
    assert answer.json()["detail"]


def test_what_was_read_is_not_sent_again(world: World) -> None:
    etag = world.get("/plans/minust").headers["etag"]

    assert 304 == world.call("GET", "/plans/minust", headers={"If-None-Match": etag}).status_code
