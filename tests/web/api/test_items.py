"""Checklists over the API: lists, comments, the second hand, many lines at once, new editions."""

import pytest

from tests.web.api.conftest import World
from unbroken.transfers.queries.checklist_filters import View

CHANGES = "/plans/minust/items/changes"
UNDO = "/plans/minust/items/undo"
DONE = {"state": "done", "done_on": "2026-03-01"}
NOTE = {"title": "Handover note", "dated_on": "2026-02-28"}
ASIDE = {"state": "not-applicable", "reason": "Nobody asks for it here."}


def lines(world: World, query: str = "") -> list[dict[str, object]]:
    return world.items(f"/items?limit=100{query}")


def item(world: World, name: str = "item") -> dict[str, object]:
    found: dict[str, object] = world.get(f"/items/{world.known[name]}").json()
    return found


def wanted(
    world: World, changes: object, *names: str, version: int | None = None
) -> list[dict[str, object]]:
    """Return a change of each item that is known by name, in its present version."""
    return [
        {
            "item": world.known[name],
            "version": item(world, name)["version"] if version is None else version,
            "changes": changes,
        }
        for name in names or ("item",)
    ]


def bulk(world: World, items: object, *, by: str = "planner", dry_run: bool = False) -> object:
    answer = world.post(CHANGES, {"items": items, "dry_run": dry_run}, by=by)
    assert answer.status_code == 200, answer.text
    return [one["outcome"] for one in answer.json()["items"]]


# --- lists


@pytest.mark.parametrize(
    ("query", "field", "values"),
    [
        ("&area=minust-kidal", "area", {"minust-kidal"}),
        ("&function=MRM-VER", "function", {"MRM-VER"}),
        ("&capacity=funding", "dimension", {"funding"}),
        ("&tier=2", "tier", {2}),
        ("&view=waiting", "waits", {True}),
        ("&state=open&plan=minust", "plan", {"minust"}),
    ],
)
def test_a_list_is_narrowed(world: World, query: str, field: str, values: set[object]) -> None:
    found = lines(world, query)

    assert values == {entry[field] for entry in found}
    assert len(found) < len(lines(world)) or values == {"minust"}


@pytest.mark.parametrize("view", View)
def test_each_view_answers(world: World, view: View) -> None:
    assert len(lines(world, f"&view={view.value}")) <= len(lines(world))


def test_filters_stand_in_the_address_of_the_next_page(world: World) -> None:
    answer = world.get("/items?limit=1&tier=2&view=open").json()

    assert "tier=2" in answer["next"]
    assert "view=open" in answer["next"]


def test_an_entry_tells_all_that_is_known_of_a_line(world: World) -> None:
    known = item(world, "waiting")

    expected = {
        "edition": "small.1",
        "is_added": False,
        "in_content": True,
        "retired_in": None,
        "assigned_to": "",
        "mailbox": "",
        "waits": True,
        "aside_reason": "Nobody asks.",
        "state": "open",
    }
    assert expected == {name: known[name] for name in expected}
    assert known["due_on"]


def test_a_donor_sees_no_day_that_is_not_public(world: World) -> None:
    path = "/plans/minust/areas/minust-gao"
    body = {"reachable": None, "mandate_ends_on": None, "closings_public": False}
    etag = world.get(path).headers["etag"]
    world.call("PUT", path, body, headers={"If-Match": etag})
    here = f"&transfer={world.known['REFER gao']}"

    assert {None} == {entry["due_on"] for entry in world.items(f"/items?limit=9{here}", by="donor")}
    assert all(entry["due_on"] for entry in lines(world, here))


# --- one line


def test_a_line_is_assigned_and_taken_away(world: World) -> None:
    path = f"/items/{world.known['item']}"
    etag = world.get(path).headers["etag"]
    given = world.post(f"{path}/assign", {"assigned_to": "unicef-mali"}, if_match=etag)
    taken = world.post(f"{path}/assign", {"assigned_to": None}, if_match=given.headers["etag"])

    assert ("unicef-mali", "") == (given.json()["assigned_to"], taken.json()["assigned_to"])


def test_a_mailbox_brings_its_organisation(world: World) -> None:
    path = f"/items/{world.known['item']}"
    handle = world.get("/me", by="signer").json()["handle"]
    etag = world.get(path).headers["etag"]
    body = {"assigned_to": None, "mailbox": handle}
    found = world.post(f"{path}/assign", body, if_match=etag).json()

    assert ("unicef-mali", handle) == (found["assigned_to"], found["mailbox"])


def test_an_organisation_that_is_none_is_refused_where_it_stands(world: World) -> None:
    path = f"/items/{world.known['item']}"
    etag = world.get(path).headers["etag"]
    answer = world.post(f"{path}/assign", {"assigned_to": "nobody"}, if_match=etag)

    found = (answer.status_code, answer.json()["problems"][0]["path"])
    assert (422, "assigned_to") == found


@pytest.mark.parametrize(
    ("act", "state", "reason"),
    [("agree", "not-applicable", "Nobody asks."), ("refuse", "open", "")],
)
def test_the_second_hand_answers(world: World, act: str, state: str, reason: str) -> None:
    path = f"/items/{world.known['waiting']}"
    etag = world.get(path).headers["etag"]
    found = world.post(f"{path}/{act}-aside", by="signer", if_match=etag).json()

    assert (state, reason, False) == (found["state"], found["reason"], found["waits"])


def test_what_nobody_asked_is_a_conflict(world: World) -> None:
    path = f"/items/{world.known['item']}"
    etag = world.get(path).headers["etag"]
    answer = world.post(f"{path}/agree-aside", by="signer", if_match=etag)

    assert (409, "nothing-asked") == (answer.status_code, answer.json()["code"])


# --- comments


def test_comments_are_listed_as_they_were_made(world: World) -> None:
    path = f"/items/{world.known['item']}/comments"
    world.post(path, {"text": "It came."}, by="field")

    assert ["Ask in May.", "It came."] == [one["text"] for one in world.items(path)]
    first = world.get(f"{path}?limit=1").json()
    assert ["It came."] == [one["text"] for one in world.items(first["next"][len("/api/v1") :])]


def test_a_comment_sent_again_is_made_once(world: World) -> None:
    path = f"/items/{world.known['item']}/comments"
    answers = [world.post(path, {"text": "It came."}, idempotency_key="a") for _ in range(2)]

    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert 2 == len(world.items(path))


def test_a_comment_is_taken_back_by_its_author(world: World) -> None:
    path = f"/items/{world.known['item']}/comments/{world.known['comment']}"
    others, own = (world.call("DELETE", path, by=by) for by in ("signer", "planner"))

    assert (403, 200, "") == (others.status_code, own.status_code, own.json()["text"])
    assert own.json()["withdrawn_at"]


def test_a_comment_of_another_line_is_not_found(world: World) -> None:
    path = f"/items/{world.known['waiting']}/comments/{world.known['comment']}"

    assert 404 == world.call("DELETE", path).status_code


def test_a_comment_that_points_at_somebody_is_refused(world: World) -> None:
    path = f"/items/{world.known['item']}/comments"

    assert 422 == world.post(path, {"text": "Call +223 76 12 34 56"}).status_code


# --- many lines


def test_many_lines_change_in_one_act(world: World) -> None:
    answer = world.post(CHANGES, {"items": wanted(world, DONE, "item", "waiting")})

    assert answer.json()["written"]
    assert [2, 3] == [one["version"] for one in answer.json()["items"]]
    assert ("done", "done") == (item(world)["state"], item(world, "waiting")["state"])


def test_each_line_says_what_became_of_it(world: World) -> None:
    assert ["changed"] == bulk(world, wanted(world, DONE))
    assert ["unchanged"] == bulk(world, wanted(world, DONE))
    assert ["waiting"] == bulk(world, wanted(world, ASIDE))


def test_evidence_is_written_as_a_whole_and_cleared_as_a_whole(world: World) -> None:
    bulk(world, wanted(world, {**DONE, "evidence": NOTE}))
    shown = item(world)
    bulk(world, wanted(world, {"evidence": None}))

    assert ("Handover note", "restricted") == (shown["evidence_title"], shown["evidence_class"])
    assert ("", None) == (item(world)["evidence_title"], item(world)["evidence_class"])


def test_what_is_left_out_stays(world: World) -> None:
    bulk(world, wanted(world, {**DONE, "evidence": NOTE}))
    bulk(world, wanted(world, {"assigned_to": "unicef-mali"}))

    assert ("done", "Handover note") == (item(world)["state"], item(world)["evidence_title"])


def test_a_trial_says_what_each_comes_to_and_writes_nothing(world: World) -> None:
    items = [
        *wanted(world, DONE, "item"),
        *wanted(world, {"evidence": NOTE}, "waiting"),
        {"item": "00000000-0000-4000-8000-000000000000", "version": 1, "changes": DONE},
    ]
    answer = world.post(CHANGES, {"items": items, "dry_run": True}).json()

    told = [(one["outcome"], one["version"]) for one in answer["items"]]
    assert [("changed", 1), ("refused", 2), ("refused", None)] == told
    assert answer["items"][0]["changes"] == [
        {"fact": "state", "old": "open", "new": "done"},
        {"fact": "done_on", "old": None, "new": "2026-03-01"},
    ]
    assert "evidence/title" == answer["items"][1]["problems"][0]["path"]
    assert ("open", False) == (item(world)["state"], answer["written"])


def test_a_trial_says_what_is_stale(world: World) -> None:
    items = wanted(world, DONE, version=7)

    assert ["stale"] == bulk(world, items, dry_run=True)


def test_one_fault_keeps_all_of_it_from_being_written(world: World) -> None:
    items = [*wanted(world, DONE, "item"), *wanted(world, {"evidence": NOTE}, "waiting")]
    answer = world.post(CHANGES, {"items": items})

    path = f"items/{world.known['waiting']}/evidence/title"
    assert (422, path) == (answer.status_code, answer.json()["problems"][0]["path"])
    assert "open" == item(world)["state"]


def test_what_is_stale_is_named(world: World) -> None:
    items = [*wanted(world, DONE, version=7), *wanted(world, DONE, "waiting")]
    answer = world.post(CHANGES, {"items": items})

    path = f"items/{world.known['item']}"
    assert (412, [path]) == (
        answer.status_code,
        [problem["path"] for problem in answer.json()["problems"]],
    )


@pytest.mark.parametrize("changes", [{"state": None}, {"state": "lost"}, {"colour": "red"}])
def test_what_is_no_change_is_refused(world: World, changes: object) -> None:
    assert 422 == world.post(CHANGES, {"items": wanted(world, changes)}).status_code


def test_changes_sent_again_are_made_once(world: World) -> None:
    body = {"items": wanted(world, DONE)}
    answers = [world.post(CHANGES, body, idempotency_key="a") for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert 2 == item(world)["version"]


def test_the_last_act_is_undone_and_done_again(world: World) -> None:
    # the clock of these tests stands still, so that this is the only act of this account
    bulk(world, wanted(world, DONE), by="field")
    undone = world.post(UNDO, by="field").json()
    state = item(world)["state"]

    assert ([world.known["item"]], "open") == (undone["items"], state)


def test_without_an_act_nothing_is_undone(world: World) -> None:
    answer = world.post(UNDO, by="co-chair")

    assert (409, "nothing-to-undo") == (answer.status_code, answer.json()["code"])


# --- lines of one's own, and another edition


def test_a_line_of_ones_own_is_added(world: World) -> None:
    body = {"text": "Ask the ministry.", "due_on": "2026-05-01", "wanted_evidence": "The list."}
    answer = world.post(f"/capacities/{world.known['capacity']}/items", body)

    made = world.get(answer.headers["location"][len("/api/v1") :]).json()
    expected = ("Ask the ministry.", "2026-05-01", True, False, "ADDED-01")
    assert 201 == answer.status_code
    assert expected == (
        made["text"],
        made["due_on"],
        made["is_added"],
        made["in_content"],
        made["item_id"],
    )


@pytest.mark.parametrize("body", [{}, {"due_on": "2026-05-01", "anchor": "receiver-named"}])
def test_a_line_has_one_day(world: World, body: dict[str, str]) -> None:
    path = f"/capacities/{world.known['capacity']}/items"

    assert 422 == world.post(path, {"text": "Ask the ministry.", **body}).status_code


def test_a_trial_of_an_edition_writes_nothing(world: World) -> None:
    plan = world.get("/plans/minust")
    body = {"edition": "small.2", "dry_run": True}
    report = world.post("/plans/minust/edition", body, if_match=plan.headers["etag"]).json()

    assert (False, "small.1", "small.2") == (report["written"], report["old"], report["new"])
    assert ["Do it otherwise."] == [one["new"] for one in report["changes"]["reworded"]]
    assert plan.content == world.get("/plans/minust").content


def test_a_plan_adopts_an_edition(world: World) -> None:
    etag = world.get("/plans/minust").headers["etag"]
    answer = world.post("/plans/minust/edition", {"edition": "small.2"}, if_match=etag)

    assert answer.json()["written"]
    assert "small.2" == world.get("/plans/minust").json()["edition"]
    assert answer.headers["etag"] == world.get("/plans/minust").headers["etag"]


@pytest.mark.parametrize(("edition", "status"), [("small.1", 409), ("nowhere", 404)])
def test_an_edition_that_cannot_be_adopted_is_refused(
    world: World, edition: str, status: int
) -> None:
    etag = world.get("/plans/minust").headers["etag"]
    answer = world.post("/plans/minust/edition", {"edition": edition}, if_match=etag)

    assert status == answer.status_code
