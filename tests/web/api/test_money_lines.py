"""Programs read, enter, amend, extend and withdraw lines of money, and ask what is odd."""

from typing import Any
from uuid import uuid4

import pytest

from tests.web.api.conftest import BASELINE, MONEY, NEED, World

LEAVING = {"known_on": "2026-03-01", "reason": "The donor said so."}
COST = {
    "cost_per_post": "120000",
    "starts_on": "2026-01-01",
    "ends_on": "2026-12-31",
    "known_on": "2026-02-01",
    "source": "Standard costs (2026)",
}
PLAN = "/plans/minust"
NARROWED = {
    "requirements?function=REFER": 1,
    "requirements?function=MRM-VER": 0,
    "requirements?area=minust-gao&receiver=": 1,
    "requirements?estimates=true": 0,
    "contributions?donor=funder": 1,
    "contributions?function=": 0,
    "contributions?pot=assessed": 0,
    "contributions?receiver=unicef-mali&pot=voluntary": 1,
}
UNUSABLE: list[tuple[str, dict[str, object], str]] = [
    ("requirements", {"amount": "1.00001"}, "lines.0.amount"),
    ("requirements", {"amount": 5}, "lines.0.amount"),
    ("requirements", {"colour": "red"}, "lines.0.colour"),
    ("requirements", {"function": "NO-SUCH"}, "requirements/0/function"),
    ("requirements", {"currency": "HTG"}, "requirements/0/amount"),
    ("requirements", {"ends_on": "2026-02-28"}, "requirements/0/ends_on"),
    ("requirements", {"source": ""}, "requirements/0/source"),
    ("contributions", {"figures": []}, "lines.0.figures"),
    ("contributions", {"pot": "assessed"}, "contributions/0/figures/pledged"),
    (
        "contributions",
        {
            "currency": "EUR",
            "figures": [
                {
                    "stage": "paid",
                    "amount": "1",
                    "rate": {"per_usd": "0.0", "on": "2026-03-01", "source": "Bank"},
                }
            ],
        },
        "contributions/0/figures/paid/amount",
    ),
]


def _line(world: World, kind: str) -> tuple[str, str]:
    path = f"/{kind}s/{world.known[kind]}"
    return path, world.get(path).headers["etag"]


def test_amounts_are_decimals_written_as_text(world: World) -> None:
    (need,) = world.items(f"{PLAN}/requirements")
    (money,) = world.items(f"{PLAN}/contributions")
    figures: Any = money["figures"]

    assert {"amount": "184000.50", "usd": "184000.50", "usd_rate": "1"} == {
        name: value
        for name, value in dict(need["money"]).items()  # type: ignore[call-overload]
        if name in {"amount", "usd", "usd_rate"}
    }
    assert [("pledged", "92000.00", "2026-06-30"), ("paid", "2000.00", None)] == [
        (figure["stage"], figure["money"]["amount"], figure["due_on"]) for figure in figures
    ]
    assert ("funder", "UNICEF Mali", "voluntary", False) == tuple(
        money[name] for name in ("donor", "receiver_name", "pot", "is_pool")
    )


def test_many_lines_go_in_together_and_come_out_by_pages(world: World) -> None:
    lines = [{**NEED, "title": f"Line {n}", "amount": None if n == 1 else "0"} for n in range(3)]
    made = world.post(f"{PLAN}/requirements", {"lines": lines})
    first = world.get(f"{PLAN}/requirements?limit=2")
    second = world.get(first.json()["next"].removeprefix("/api/v1"))

    assert (201, ["Line 0", "Line 1", "Line 2"]) == (
        made.status_code,
        [item["title"] for item in made.json()["items"]],
    )
    assert ["0.00", None, "0.00"] == [item["money"]["amount"] for item in made.json()["items"]]
    assert f'<{first.json()["next"]}>; rel="next"' == first.headers["link"]
    assert (["", "Line 0"], ["Line 1", "Line 2"], None) == (
        [item["title"] for item in first.json()["items"]],
        [item["title"] for item in second.json()["items"]],
        second.json()["next"],
    )


def test_lists_are_narrowed(world: World) -> None:
    assert NARROWED == {query: len(world.items(f"{PLAN}/{query}")) for query in NARROWED}


def test_what_cannot_be_used_says_where(world: World) -> None:
    for kind, change, path in UNUSABLE:
        line = {**(NEED if kind == "requirements" else MONEY), **change}
        answer = world.post(f"{PLAN}/{kind}", {"lines": [line]})

        assert 422 == answer.status_code, change
        assert path in [problem["path"] for problem in answer.json()["problems"]]
        assert all(problem["what"] for problem in answer.json()["problems"])
    assert 1 == len(world.items(f"{PLAN}/requirements"))
    assert 1 == len(world.items(f"{PLAN}/contributions"))


def test_the_same_request_again_enters_nothing_twice(world: World) -> None:
    key = str(uuid4())
    sent = [
        world.post(f"{PLAN}/contributions", {"lines": [MONEY]}, idempotency_key=key)
        for _again in range(2)
    ]

    assert sent[0].json() == sent[1].json()
    assert 2 == len(world.items(f"{PLAN}/contributions"))


@pytest.mark.parametrize(
    ("method", "kind", "act", "body"),
    [
        ("PUT", "requirement", "", {**NEED, "amount": "7", "reason": "Costed anew."}),
        ("PUT", "contribution", "", {**MONEY, "reason": "The agreement moved."}),
        ("POST", "contribution", "/extend", {"ends_on": "2026-11-30", **LEAVING}),
        ("POST", "requirement", "/withdraw", LEAVING),
        ("POST", "contribution", "/withdraw", LEAVING),
    ],
)
def test_a_change_needs_the_state_that_was_seen(
    world: World, method: str, kind: str, act: str, body: object
) -> None:
    path, etag = _line(world, kind)
    statuses = [
        world.call(method, path + act, body, headers=headers).status_code
        for headers in ({}, {"If-Match": f'"{uuid4().hex}.1"'}, {"If-Match": etag})
    ]
    again = world.call(method, path + act, body, headers={"If-Match": etag})

    assert [428, 412, 200] == statuses
    assert again.status_code in {404, 412}
    assert etag != world.get(path).headers["etag"]


def test_an_unchanged_line_is_not_sent_again(world: World) -> None:
    for kind in ("requirement", "contribution"):
        path, etag = _line(world, kind)
        for at in (path, f"{path}/history"):
            headers = {"If-None-Match": etag}
            assert 304 == world.call("GET", at, headers=headers).status_code


def test_a_history_tells_every_state_with_who_and_why(world: World) -> None:
    path, etag = _line(world, "contribution")
    body = {"ends_on": "2026-11-30", **LEAVING}
    world.post(f"{path}/extend", body, by="signer", if_match=etag)
    world.post(f"{path}/withdraw", LEAVING, if_match=world.get(path).headers["etag"])

    told = world.get(f"{path}/history").json()
    first, second = told["states"]

    assert [] == first["restated"]
    assert [{"field": "ends_on", "before": "2026-08-31", "after": "2026-11-30"}] == second[
        "restated"
    ]
    assert ("extended-at-no-cost", LEAVING["reason"]) == tuple(
        second["line"][name] for name in ("change", "reason")
    )
    assert first["line"]["made_by"] != second["line"]["made_by"]
    assert (LEAVING["reason"], first["line"]["made_by"]) == (
        told["withdrawn"]["reason"],
        told["withdrawn"]["by"],
    )


def test_a_line_of_the_other_kind_is_none(world: World) -> None:
    need, money = world.known["requirement"], world.known["contribution"]

    for path in (f"/requirements/{money}", f"/contributions/{need}"):
        assert [404, 404] == [world.get(path + end).status_code for end in ("", "/history")]


def test_a_donor_is_sent_to_the_cover(world: World) -> None:
    for kind in ("requirements", "contributions", "money/totals"):
        answer = world.get(f"{PLAN}/{kind}", by="donor")

        assert 403 == answer.status_code
        assert "/api/v1/money/cover" in answer.json()["remedy"]


def test_a_team_sees_its_own_lines_and_those_for_nobody(world: World) -> None:
    mine = [len(world.items(f"{PLAN}/contributions", by=by)) for by in ("signer", "other team")]

    assert ([1, 0], 1) == (mine, len(world.items(f"{PLAN}/requirements", by="other team")))


def test_sums_pledges_and_doubts_are_told(world: World) -> None:
    world.post(f"{PLAN}/contributions", {"lines": [MONEY]})

    (overlap,) = world.items(f"{PLAN}/money/overlaps")
    pledges = world.items(f"{PLAN}/money/pledges")
    sums = world.get(f"{PLAN}/money/totals").json()

    assert ("same-amount", 2) == (overlap["doubt"], len(list(overlap["lines"])))  # type: ignore[call-overload]
    assert [("90000.00", None, None)] * 2 == [
        (each["open_usd"], each["likely_usd"], each["record"]) for each in pledges
    ]
    assert [("pledged", "184000.00"), ("paid", "4000.00")] == [
        (each["stage"], each["usd"]) for each in sums["money_usd"]
    ]
    assert [[], []] == [world.items(f"{PLAN}/money/{name}") for name in ("claims", "lapsed")]


def test_needs_are_estimated_once(world: World) -> None:
    early = world.post(f"{PLAN}/money/estimates", COST)
    baseline = f"{PLAN}/baseline"
    world.call("PUT", baseline, BASELINE, headers={"If-Match": world.get(baseline).headers["etag"]})
    etag = world.get(baseline).headers["etag"]
    assert 200 == world.post(f"{baseline}/signature", if_match=etag).status_code

    made = [world.post(f"{PLAN}/money/estimates", COST).json() for _again in range(2)]

    assert 409 == early.status_code
    assert made[0]["entered"] == made[1]["unchanged"]
    assert [{"function": "REFER", "area": "minust-kidal"}] == made[0]["skipped"]
    (estimate,) = world.items(f"{PLAN}/requirements?estimates=true")
    assert ("baseline-posts", True) == (estimate["basis"], estimate["is_estimate"])
