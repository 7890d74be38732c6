"""What scripts rely on: missions, gaps, capacities and receipts keep their names and meaning."""

import pytest

from tests.web.api.conftest import World

MISSION = {"acronym", "name", "country_iso3", "plans", "notice_days"}
GAP = {
    *("uid", "rule", "severity", "plan", "area", "area_name", "function", "function_title"),
    *("turns_on", "opened_at", "facts", "why", "tier_1", "quarter", "masked"),
}
CAPACITY = {
    *("uid", "version", "etag", "plan", "transfer", "function", "area", "dimension", "state"),
    *("quantity", "unit", "parts", "receiver", "giver", "answer_by", "may"),
}


@pytest.mark.parametrize(
    ("path", "fields"), [("/missions", MISSION), ("/gaps", GAP), ("/capacities", CAPACITY)]
)
def test_items_of_the_fixed_lists_keep_their_fields(
    world: World, path: str, fields: set[str]
) -> None:
    items = world.items(f"{path}?limit=100")

    assert items
    assert all(fields <= item.keys() for item in items)


def test_a_mission_says_how_much_notice_its_latest_plan_had(world: World) -> None:
    mission = world.items("/missions")[0]

    assert ("MINUST", "MLI", 360) == tuple(
        mission[key] for key in ("acronym", "country_iso3", "notice_days")
    )


def test_gaps_are_narrowed_by_plan_rule_and_severity(world: World) -> None:
    gap = world.items("/gaps")[0]
    found = world.items(f"/gaps?plan=minust&rule={gap['rule']}&severity={gap['severity']}")

    assert {(gap["rule"], gap["severity"])} == {(g["rule"], g["severity"]) for g in found}


def test_a_late_plan_names_the_functions_that_must_not_be_lost_first(world: World) -> None:
    body = {
        "mission": "minust",
        "title": "Second drawdown",
        "slug": "late",
        "edition": "small.1",
        "mandate_ends_on": "2026-04-30",
        "trigger": {
            "kind": "letter",
            "symbol": "S/2026/1",
            "decided_on": "2026-01-05",
            "source": "Letter of 5 January 2026",
        },
    }
    assert world.post("/plans", body).status_code == 201
    world.post("/scans")
    late = world.items("/gaps?plan=late&rule=late-plan")[0]

    assert ["MRM-CHAIR", "MRM-VER"] == late["tier_1"]


@pytest.mark.parametrize(
    ("by", "acts"),
    [
        ("signer", {"confirm", "confirm_part", "decline", "dispute", "recommend"}),
        ("field", {"recommend", "dispute", "ask_time"}),
        ("planner", {"withdraw"}),
        ("observer", set()),
        ("steward", set()),
    ],
)
def test_a_capacity_says_what_the_caller_may_do_now(world: World, by: str, acts: set[str]) -> None:
    items = world.items("/capacities?plan=minust&state=offered", by=by)
    mine = next(item for item in items if item["uid"] == world.known["capacity"])

    assert acts <= set(mine["may"])  # type: ignore[call-overload]
    assert by in ("signer", "planner") or "confirm" not in mine["may"]  # type: ignore[operator]


def test_a_planner_cannot_confirm(world: World) -> None:
    answer = world.sign(world.known["capacity"], by="planner", act="confirm")

    assert (403, "not-yours") == (answer.status_code, answer.json()["code"])


def test_offer_recommend_and_confirm_in_part_over_the_api_alone(world: World) -> None:
    uid = world.capacity("MRM-VER gao")
    assert world.sign(uid, by="field", act="recommend").status_code == 201
    answer = world.sign(
        uid, by="signer", act="confirm_part", quantity=3, reason="Three posts are funded."
    )

    assert answer.status_code == 201
    told = answer.json()
    assert ("confirm_part", "confirmed", 3) == (
        told["receipt"]["act"],
        told["capacity"]["state"],
        told["capacity"]["quantity"],
    )
    assert ("not-started", 1) == (told["rest"]["state"], told["rest"]["quantity"])
    assert answer.headers["etag"] == told["capacity"]["etag"]


def test_what_was_confirmed_in_part_is_found_short_by_the_next_scan(world: World) -> None:
    uid = world.capacity("REFER gao")
    world.sign(uid, by="signer", act="confirm_part", quantity=3)
    before = world.items("/gaps?rule=short-received")
    outcome = world.post("/scans").json()

    assert {"scan", "on", "opened", "worsened", "eased", "closed", "open"} <= outcome.keys()
    assert len(before) < len(world.items("/gaps?rule=short-received"))


def test_one_signature_covers_a_package(world: World) -> None:
    uids = [world.capacity("REFER kidal", dimension) for dimension in ("posts", "funding")]
    lines = [{"uid": uid, "etag": world.get(f"/capacities/{uid}").headers["etag"]} for uid in uids]
    answer = world.post("/packages", {"capacities": lines, "act": "plan"})

    assert answer.status_code == 201, answer.text
    receipts = [item["receipt"]["package_uid"] for item in answer.json()["items"]]
    assert [receipts[0]] * 2 == receipts


def test_a_list_of_capacities_is_read_to_its_end(world: World) -> None:
    path, seen = "/capacities?limit=2", []
    while path:
        page = world.get(path).json()
        seen += [item["uid"] for item in page["items"]]
        path = (page["next"] or "").removeprefix("/api/v1")

    assert 6 == len(set(seen)) == len(seen)


def test_the_trail_of_a_plan_is_read_and_verified(world: World) -> None:
    entries = world.items("/plans/minust/trail?limit=100", by="observer")
    verification = world.get("/trail/verification", by="steward").json()

    assert "transfers:capacity:offered" in {entry["action"] for entry in entries}
    assert verification["intact"]


def test_an_item_is_done_and_opened_again(world: World) -> None:
    path = f"/items/{world.known['item']}"
    etag = world.get(path).headers["etag"]
    done = world.post(f"{path}/complete", {"done_on": "2026-03-01"}, if_match=etag)
    opened = world.post(
        f"{path}/reopen", {"reason": "The list was incomplete."}, if_match=done.headers["etag"]
    )

    assert ("done", "open") == (done.json()["state"], opened.json()["state"])


def test_gaps_say_who_sees_to_them_what_mends_them_and_what_explains_them(world: World) -> None:
    path, handle = f"/gaps/{world.known['gap']}", world.get("/me").json()["handle"]
    etag = world.get(path).headers["etag"]
    answer = world.post(f"{path}/assignment", {"assigned_to": handle}, if_match=etag)
    assert (200, True) == (answer.status_code, answer.json()["is_assigned"])
    (mine,) = world.items("/gaps?assigned=me")

    assert (world.known["gap"], handle) == (mine["uid"], mine["assigned_to"])
    assert [mine] == world.items(f"/gaps?assigned={handle}")
    assert [] == world.items("/gaps?assigned=me", by="signer")
    every, roots = world.items("/gaps?limit=100"), world.items("/gaps?limit=100&grouped=true")
    assert [gap["uid"] for gap in every if gap["headline"] is None] == [g["uid"] for g in roots]
    assert len(every) == len(roots) + sum(int(str(gap["explains"])) for gap in roots)
    donor = world.items("/gaps?limit=100", by="donor")
    assert {None} == {gap["assigned_to"] for gap in donor}
    assert all((gap["mend"] is None) is gap["masked"] for gap in donor)
