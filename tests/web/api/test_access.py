"""Who is let in: one table over every operation of the description, and what each may see."""

import pytest

from tests.web.api.callers import (
    ANY,
    CONCERNED,
    DETAIL,
    DONOR,
    INTERESTED,
    PLANNER,
    RECEIVER,
    SEES,
    SIDES,
    WORKS,
    Row,
)
from tests.web.api.conftest import AGREEMENT, API, BASELINE, POSTS, World
from tests.web.api.gap_access import GAP_OPERATIONS
from tests.web.api.money_access import MONEY_OPERATIONS
from tests.web.api.notice_access import NOTICE_OPERATIONS

SOURCE = "Report of the Secretary-General (January 2026)"
KNOWN = {"known_on": "2026-02-01", "source": SOURCE}
DECISION = {"kind": "letter", "symbol": "S/2026/2", "decided_on": "2026-02-01", "source": SOURCE}
PLAN = {
    "mission": "minust",
    "title": "Second drawdown",
    "slug": "second",
    "edition": "small.1",
    "mandate_ends_on": "2026-12-31",
    "trigger": DECISION,
}
CLAIM = {"area": "minust-gao", "kind": "planned", "closes": "2026-11", **KNOWN}
MISSION = {"acronym": "NEW", "name": "New one", "kind": "peacekeeping", "country_iso3": "MLI"}
PRESENT = {"task_force": True, "authorities": True}

# Path with its values, who gets past every refusal for want of rights or sight, and the body.
OPERATIONS: dict[str, Row] = {
    "GET /missions": ("", ANY, None),
    "GET /missions/{mission}": ("minust", ANY, None),
    "POST /missions": ("", PLANNER | {"steward"}, MISSION),
    "GET /plans": ("", ANY, None),
    "POST /plans": ("", PLANNER, PLAN),
    "GET /plans/{plan}": ("minust", SEES, None),
    "PATCH /plans/{plan}": ("minust", PLANNER, {"note": "A note."}),
    "POST /plans/{plan}/pause": ("minust", PLANNER, {}),
    "POST /plans/{plan}/resume": ("minust", PLANNER, {}),
    "GET /plans/{plan}/timetable": ("minust", SEES, None),
    "GET /plans/{plan}/steps": ("minust", SEES, None),
    "GET /plans/{plan}/decisions": ("minust", SEES, None),
    "POST /plans/{plan}/decisions": ("minust", PLANNER, {"decision": DECISION}),
    "GET /plans/{plan}/revisions": ("minust", SEES, None),
    "POST /plans/{plan}/revisions": ("minust", PLANNER, {}),
    "GET /plans/{plan}/revisions/difference": ("minust ?from=1&to=1", DETAIL, None),
    "GET /plans/{plan}/revisions/in-force": ("minust", SEES, None),
    "GET /plans/{plan}/revisions/{number}": ("minust 1", SEES, None),
    "PUT /plans/{plan}/revisions/{number}": ("minust 3", PLANNER, {}),
    "POST /plans/{plan}/revisions/{number}/in-force": ("minust 3", PLANNER, None),
    "POST /plans/{plan}/revisions/scenarios": ("minust", PLANNER, {"title": "What if"}),
    "GET /plans/{plan}/areas": ("minust", SEES, None),
    "POST /plans/{plan}/areas": ("minust", PLANNER, {"name": "Mopti", "kind": "region"}),
    "GET /plans/{plan}/areas/{area}": ("minust minust-gao", SEES, None),
    "PUT /plans/{plan}/areas/{area}": (
        "minust minust-gao",
        PLANNER,
        {"reachable": True, "mandate_ends_on": None, "closings_public": True},
    ),
    "POST /plans/{plan}/claims": ("minust", PLANNER, {"claims": [CLAIM]}),
    "POST /plans/{plan}/claims/{claim_uid}/choice": ("minust =claim", PLANNER, None),
    "GET /plans/{plan}/functions": ("minust", SEES, None),
    "GET /plans/{plan}/posts": ("minust", DETAIL, None),
    "POST /plans/{plan}/posts": ("minust", PLANNER, POSTS),
    "GET /plans/{plan}/posts/{post_uid}": ("minust =post", DETAIL, None),
    "PUT /plans/{plan}/posts/{post_uid}": (
        "minust =post",
        PLANNER,
        {"numbers": {"authorised": 3}, "known_on": "2026-02-01"},
    ),
    "GET /plans/{plan}/facts": ("minust", SEES, None),
    "POST /plans/{plan}/facts": (
        "minust",
        PLANNER,
        {"fact": "ddr-process", "holds": True, "from_on": "2026-01-01", **KNOWN},
    ),
    "GET /plans/{plan}/assessments": ("minust", SEES, None),
    "POST /plans/{plan}/assessments": (
        "minust",
        PLANNER,
        {"stage": "transition", "assessed_on": "2026-01-20", **KNOWN},
    ),
    "GET /plans/{plan}/meetings": ("minust", SEES, None),
    "POST /plans/{plan}/meetings": (
        "minust",
        PLANNER,
        {"held_on": "2026-01-20", **PRESENT, **KNOWN},
    ),
    "GET /plans/{plan}/baseline": ("minust", SEES, None),
    "PUT /plans/{plan}/baseline": ("minust", PLANNER, BASELINE),
    "POST /plans/{plan}/baseline/signature": ("minust", PLANNER, None),
    "GET /plans/{plan}/snapshots": ("minust", SEES, None),
    "GET /sources": ("", frozenset({"steward"}), None),
    "GET /transfers": ("", ANY, None),
    "POST /transfers": ("", PLANNER, "transfer"),
    "GET /transfers/{transfer_uid}": ("=REFER_gao", CONCERNED, None),
    "PUT /transfers/{transfer_uid}": (
        "=REFER_gao",
        PLANNER,
        {"scope_note": "All of it.", "starts_on": None, "ends_on": None},
    ),
    "POST /transfers/{transfer_uid}/lead": ("=REFER_gao", PLANNER, None),
    "GET /capacities": ("", ANY, None),
    "GET /capacities/{capacity_uid}": ("=capacity", CONCERNED, None),
    "PUT /capacities/{capacity_uid}/quantity": ("=capacity", PLANNER, {"quantity": 3}),
    "PUT /capacities/{capacity_uid}/funding": ("=capacity", RECEIVER, {"funded_until_on": None}),
    "GET /capacities/{capacity_uid}/receipts": ("=capacity", CONCERNED, None),
    "POST /capacities/{capacity_uid}/receipts": ("=capacity", RECEIVER, {"act": "recommend"}),
    "POST /packages": ("", RECEIVER, "package"),
    "GET /plans/{plan}/checklist.xlsx": ("minust", SEES, None),
    "GET /plans/{plan}/checklist.csv": ("minust", SEES, None),
    "POST /plans/{plan}/checklist-imports": ("minust", WORKS, None),
    "GET /items": ("", ANY, None),
    "GET /items/{item_uid}": ("=item", CONCERNED, None),
    "POST /items/{item_uid}/complete": ("=item", SIDES, {"done_on": "2026-03-01"}),
    "POST /items/{item_uid}/reopen": ("=item", SIDES, {"reason": "Not whole."}),
    "POST /items/{item_uid}/set-aside": ("=item", SIDES, {"reason": "Not asked here."}),
    "POST /items/{item_uid}/agree-aside": ("=waiting", frozenset({"signer", "co-chair"}), None),
    "POST /items/{item_uid}/refuse-aside": ("=waiting", SIDES - {"field"}, None),
    "POST /items/{item_uid}/assign": ("=item", SIDES, {"assigned_to": "unicef-mali"}),
    "GET /items/{item_uid}/comments": ("=item", DETAIL - {"other team"}, None),
    "POST /items/{item_uid}/comments": ("=item", SIDES, {"text": "The list comes in May."}),
    "DELETE /items/{item_uid}/comments/{comment_uid}": ("=item =comment", PLANNER, None),
    "POST /plans/{plan}/items/changes": ("minust", SIDES, "changes"),
    "POST /plans/{plan}/items/undo": ("minust", WORKS, None),
    "POST /capacities/{capacity_uid}/items": (
        "=capacity",
        PLANNER,
        {"text": "Ask the ministry.", "due_on": "2026-05-01"},
    ),
    "POST /plans/{plan}/edition": ("minust", PLANNER, {"edition": "small.2", "dry_run": True}),
    "GET /plans/{plan}/agreements": ("minust", DETAIL, None),
    "POST /plans/{plan}/agreements": ("minust", SIDES | {"other team"}, AGREEMENT),
    "GET /agreements/{agreement_uid}": ("=agreement", DETAIL, None),
    "PATCH /agreements/{agreement_uid}": ("=agreement", SIDES | {"other team"}, {}),
    "POST /agreements/{agreement_uid}/capacities": (
        "=agreement",
        SIDES | {"other team"},
        "capacities",
    ),
    **MONEY_OPERATIONS,
    **GAP_OPERATIONS,
    **NOTICE_OPERATIONS,
    "GET /plans/{plan}/elements": ("minust", SEES, None),
    "GET /money/cover": ("", ANY, None),
    "GET /money/cover.csv": ("", ANY, None),
    "GET /money/cover.xlsx": ("", ANY, None),
    "GET /plans/{plan}/money/export.csv": ("minust", DETAIL, None),
    "GET /plans/{plan}/money/export.xlsx": ("minust", DETAIL, None),
    "GET /scans": ("", ANY, None),
    "POST /scans": ("", PLANNER | {"foreign planner", "steward"}, None),
    "GET /plans/{plan}/trail": (
        "minust",
        frozenset({"planner", "co-chair", "observer", "steward"}),
        None,
    ),
    "GET /plans/{plan}/trail.jsonl": ("minust", SEES, None),
    "GET /plans/{plan}/certificates": ("minust", SEES, None),
    "POST /plans/{plan}/certificates": (
        "minust",
        frozenset({"planner", "co-chair", "observer", "steward"}),
        {"audience": "restricted"},
    ),
    "GET /certificates/{code}": ("=certificate", ANY, None),
    "GET /certificates/{code}/file": ("=certificate", SEES, None),
    "GET /trail/verification": ("", frozenset({"observer", "steward"}), None),
    "GET /organisations": ("", ANY, None),
    "GET /me": ("", ANY, None),
    "GET /plans/{plan}/phone-form.xlsx": ("minust", WORKS, None),
    "GET /proposals": ("", RECEIVER | {"other team"}, None),
    "GET /proposals/{proposal_uid}": ("=proposal", RECEIVER, None),
    "POST /proposals/{proposal_uid}/acceptance": ("=proposal", frozenset({"signer"}), {}),
    "POST /proposals/{proposal_uid}/refusal": ("=proposal", RECEIVER, {"reason": "Not ours."}),
    "GET /money/interests": ("", ANY, None),
    "POST /money/interests": ("", DONOR, {"plan": "minust", "function": "REFER"}),
    "GET /money/interests/{interest_uid}": ("=interest", INTERESTED, None),
    "POST /money/interests/{interest_uid}/answer": (
        "=interest",
        INTERESTED - {"donor", "observer"},
        {"answer": "in-talks"},
    ),
    "POST /money/interests/{interest_uid}/withdraw": ("=interest", DONOR, None),
    "GET /money/watches": ("", ANY, None),
    "POST /money/watches": ("", ANY, {"countries": ["MLI"]}),
    "GET /money/watches/{watch_uid}": ("=watch", DONOR, None),
    "POST /money/watches/{watch_uid}/feed": ("=watch", DONOR, None),
    "DELETE /money/watches/{watch_uid}/feed": ("=watch", DONOR, None),
    "DELETE /money/watches/{watch_uid}": ("=watch", DONOR, None),
    "POST /plans/{plan}/custody": (
        "minust",
        frozenset({"signer", "other team", "co-chair"}),
        None,
    ),
    "POST /plans/{plan}/complete": ("minust", PLANNER, {}),
    "POST /plans/{plan}/cancel": ("minust", PLANNER, {"reason": "The mission stays."}),
}
# Where the ETag of an operation is read, if not at its own address.
TAGGED = {
    "/plans/minust/baseline/signature": "/plans/minust/baseline",
    "/plans/minust/custody": "/plans/minust",
}
REFUSED = (401, 403, 404)


def _filled(world: World, operation: str) -> tuple[str, str, object]:
    method, template = operation.split(" ")
    values, _callers, body = OPERATIONS[operation]
    path, query = template, ""
    for value in values.split():
        if value.startswith("?"):
            query = value
            continue
        told = world.known[value[1:].replace("_", " ")] if value.startswith("=") else value
        start, end = path.index("{"), path.index("}")
        path = path[:start] + told + path[end + 1 :]
    return method, path + query, _body(world, body)


def _body(world: World, body: object) -> object:
    uid = world.known["capacity"]
    match body:
        case "changes":
            item = {"item": world.known["item"], "version": 1, "changes": {"reason": ""}}
            return {"items": [item], "dry_run": False}
        case "mailbox":
            return {"assigned_to": world.get("/me").json()["handle"]}
        case "package":
            etag = world.get(f"/capacities/{uid}").headers["etag"]
            return {"capacities": [{"uid": uid, "etag": etag}], "act": "recommend"}
        case "capacities":
            return {"capacities": [uid]}
        case "transfer":
            there = world.items("/plans/minust/functions")[0]["uid"]
            return {
                "plan": "minust",
                "function_area_uid": there,
                "receiver": "unhcr-mali",
                "giver": "minust",
                "is_lead": False,
            }
        case _:
            return body


def _etag(world: World, path: str) -> dict[str, str]:
    parts = path.split("/")
    # a proposal is shown to those who are to answer and to nobody else
    by = "signer" if path.startswith("/proposals/") else "planner"
    for length in range(len(parts), 2, -1):
        whole = "/".join(parts[:length])
        answer = world.get(TAGGED.get(whole, whole), by=by)
        if "etag" in answer.headers:
            return {"If-Match": answer.headers["etag"]}
    return {}


def _status(world: World, operation: str, *, by: str) -> int:
    method, path, body = _filled(world, operation)
    headers = {} if method == "GET" else _etag(world, path)
    return world.call(method, path, body, by=by, headers=headers).status_code


PUBLIC = frozenset({"GET /certificates/{code}"})


def test_the_table_names_every_operation_of_the_description(world: World) -> None:
    paths = world.client.get(f"{API}/openapi.json").json()["paths"]
    described = {
        f"{method.upper()} {path.removeprefix(API)}" for path in paths for method in paths[path]
    }

    assert described == set(OPERATIONS)


@pytest.mark.parametrize("caller", sorted(ANY))
def test_each_caller_gets_in_where_the_table_says(world: World, caller: str) -> None:
    statuses = {operation: _status(world, operation, by=caller) for operation in OPERATIONS}
    found = {operation: status not in REFUSED for operation, status in statuses.items()}

    expected = {operation: caller in row[1] for operation, row in OPERATIONS.items()}
    assert expected == found
    assert max(statuses.values()) < 500


def test_nobody_gets_in_anywhere(world: World) -> None:
    found = {_status(world, operation, by="nobody") for operation in OPERATIONS.keys() - PUBLIC}

    assert {401} == found


def test_what_is_public_answers_to_nobody(world: World) -> None:
    assert {200} == {_status(world, operation, by="nobody") for operation in PUBLIC}


def test_a_country_team_sees_what_concerns_its_organisation(world: World) -> None:
    mine = {item["receiver"] for item in world.items("/capacities?limit=100", by="signer")}
    others = {item["receiver"] for item in world.items("/capacities?limit=100", by="other team")}

    assert ({"unicef-mali"}, {"unhcr-mali"}) == (mine, others)


@pytest.mark.parametrize("path", ["/capacities", "/transfers", "/items"])
def test_a_donor_sees_nothing_of_restricted_functions(world: World, path: str) -> None:
    field = "function"
    donor = {item[field] for item in world.items(f"{path}?limit=100", by="donor")}
    planner = {item[field] for item in world.items(f"{path}?limit=100")}

    assert ({"REFER"}, {"REFER", "MRM-VER"}) == (donor, planner)


@pytest.mark.parametrize(
    "path",
    ["/transfers/{MRM-VER gao}", "/capacities/{restricted}", "/capacities/{restricted}/receipts"],
)
def test_a_donor_does_not_reach_what_is_restricted_by_its_uuid(world: World, path: str) -> None:
    world.known["restricted"] = world.capacity("MRM-VER gao")
    for name, uid in world.known.items():
        path = path.replace(f"{{{name}}}", uid)

    assert 404 == world.get(path, by="donor").status_code


def test_a_donor_sees_country_and_quarter_of_restricted_gaps(world: World) -> None:
    found = [gap for gap in world.items("/gaps?limit=100", by="donor") if gap["restricted"]]
    told = ("area", "area_name", "function", "function_title", "tier", "turns_on")

    assert found
    assert all(gap["masked"] and gap["quarter"] and gap["country_iso3"] for gap in found)
    assert {None} == {gap[name] for gap in found for name in told}


def test_a_masked_gap_has_no_history_and_no_facts(world: World) -> None:
    found = [gap for gap in world.items("/gaps?limit=100", by="donor") if gap["masked"]]
    gap = world.get(f"/gaps/{found[0]['uid']}", by="donor").json()

    assert ([], {}) == (gap["history"], gap["facts"])


def test_a_donor_sees_no_lines_of_restricted_functions_in_the_baseline(world: World) -> None:
    lines = world.get("/plans/minust/baseline", by="donor").json()["lines"]

    assert ["REFER"] == [line["function_code"] for line in lines]


def test_a_donor_sees_neither_posts_nor_drops_in_a_revision(world: World) -> None:
    content = world.get("/plans/minust/revisions/in-force", by="donor").json()["content"]

    assert [] == content["posts"]
    assert all(phase["drops"] == phase["areas"] == [] for phase in content["phases"])


def test_closings_that_are_not_public_are_counted_as_hidden(world: World) -> None:
    path = "/plans/minust/areas/minust-kidal"
    body = {"reachable": None, "mandate_ends_on": None, "closings_public": False}
    etag = world.get(path).headers["etag"]
    world.call("PUT", path, body, headers={"If-Match": etag})
    area = world.get(path, by="donor").json()

    assert (None, [], True) == (area["closing"], area["claims"], area["hidden"])


@pytest.mark.parametrize("caller", ["planner", "signer", "donor", "steward"])
def test_what_a_caller_is_told_it_may_is_what_its_roles_open(world: World, caller: str) -> None:
    told = set(world.get("/me", by=caller).json()["may"])
    opened = {operation for operation, row in OPERATIONS.items() if caller in row[1]} - {"GET /me"}

    assert opened <= told
    assert {"planner": "POST /plans", "steward": "POST /missions"}.get(caller, "GET /gaps") in told
    assert caller == "planner" or "POST /plans" not in told
