"""A plan's checklists as files of the API: whole as far as one sees, and taken back."""

import io
from datetime import timedelta

import openpyxl
import pytest
from httpx2 import Response
from sqlalchemy import update

from tests.web.api.conftest import API, NOW, World
from tests.workbooks.item_files import SHEET, Edits, column, edited, uids
from unbroken.plans.models import Area

DAY = NOW.date() - timedelta(days=1)
DONE: Edits = {(2, "State"): "Done", (2, "Done on"): DAY}
PLAN = "/plans/minust"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(world: World, *, by: str = "planner") -> bytes:
    answer = world.get(f"{PLAN}/checklist.xlsx", by=by)
    assert answer.status_code == 200, answer.text
    return answer.content


def send(
    world: World, raw: bytes, *, by: str = "planner", query: str = "", **headers: str
) -> Response:
    sent = {"Authorization": f"Bearer {world.tokens[by]}", "Content-Type": XLSX}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    path = f"{API}{PLAN}/checklist-imports{query}"
    return world.client.post(path, content=raw, headers=sent)


def test_the_workbook_holds_every_item(world: World) -> None:
    known = {each["uid"] for each in world.items("/items?plan=minust&limit=100")}

    assert known == {str(uid) for uid in uids(workbook(world))}


def test_days_are_days_in_the_workbook(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(world)))
    row = [cell.is_date for cell in book[SHEET][2] if cell.value is not None]

    assert True in row


def test_the_csv_has_a_line_for_every_item(world: World) -> None:
    answer = world.get(f"{PLAN}/checklist.csv")

    assert answer.headers["content-type"].startswith("text/csv")
    assert len(uids(workbook(world))) + 1 == len(answer.text.splitlines())


def test_donors_get_the_part_that_they_see(world: World) -> None:
    assert set(uids(workbook(world, by="donor"))) < set(uids(workbook(world)))


def test_days_that_are_not_public_are_hidden_from_donors(world: World) -> None:
    with world.house.sessions.begin() as session:
        session.execute(update(Area).values(closings_public=False))

    assert {None} == set(column(workbook(world, by="donor"), "Due"))
    assert None not in column(workbook(world), "Due")


def test_a_dry_run_says_what_would_change_and_writes_nothing(world: World) -> None:
    raw = workbook(world)
    told = send(world, edited(raw, DONE), query="?dry_run=true").json()

    assert (False, 1, len(uids(raw)) - 1) == (told["written"], told["changed"], told["unchanged"])
    assert column(raw, "State") == column(workbook(world), "State")


def test_an_import_writes_what_is_sound(world: World) -> None:
    raw = workbook(world)
    told = send(world, edited(raw, DONE)).json()

    assert (True, 1, [], []) == tuple(
        told[name] for name in ("written", "changed", "refused", "conflicts")
    )
    assert "done" == world.get(f"/items/{uids(raw)[0]}").json()["state"]


def test_a_row_that_cannot_be_read_holds_the_others(world: World) -> None:
    told = send(world, edited(workbook(world), {**DONE, (3, "State"): "perhaps"})).json()

    assert (False, 0, 1) == (told["written"], told["changed"], told["held"])
    assert [(SHEET, 3, True)] == [
        (each["sheet"], each["row"], each["blocks"]) for each in told["refused"]
    ]


def test_both_values_of_a_conflict_are_told(world: World) -> None:
    raw = workbook(world)
    send(world, edited(raw, DONE))
    told = send(world, edited(raw, {**DONE, (2, "Done on"): DAY - timedelta(days=1)})).json()

    assert [("done_on", str(DAY - timedelta(days=1)), str(DAY))] == [
        (each["field"], each["yours"], each["theirs"]) for each in told["conflicts"]
    ]


def test_the_same_import_sent_again_gets_the_same_answer(world: World) -> None:
    raw = edited(workbook(world), DONE)
    answers = [send(world, raw, Idempotency_Key="one of mine").json() for _ in range(2)]

    assert [1, 1] == [each["changed"] for each in answers]


def test_csv_goes_the_same_way(world: World) -> None:
    raw = world.get(f"{PLAN}/checklist.csv").content
    told = send(world, raw, Content_Type="text/csv").json()

    assert (False, told["rows"]) == (told["written"], told["unchanged"])


@pytest.mark.parametrize("by", ["donor", "observer", "steward"])
def test_who_only_reads_may_not_import(world: World, by: str) -> None:
    assert 403 == send(world, b"x", by=by).status_code


def test_a_plan_out_of_sight_is_not_there(world: World) -> None:
    assert 404 == world.get(f"{PLAN}/checklist.xlsx", by="foreign planner").status_code
    assert 404 == send(world, b"x", by="foreign planner").status_code


def test_what_is_no_workbook_is_a_problem_document(world: World) -> None:
    answer = send(world, b"%PDF-1.7 renamed")

    assert (422, "application/problem+json") == (
        answer.status_code,
        answer.headers["content-type"],
    )
