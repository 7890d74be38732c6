"""Where money is missing, by API: rows, sums, files, and answers that are kept while they hold."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from httpx2 import Response
from sqlalchemy import delete, text, update

from tests.web.api.conftest import API, NOW, World
from tests.web.api.money_entered import (
    account_of,
    enter,
    given,
    need,
    without_lines,
)
from unbroken.kit.db import table
from unbroken.people.models import RoleGrant
from unbroken.plans.models import Area
from unbroken.web.kept_answers import KeptAnswer, KeptAnswers, Key
from unbroken.web.short_cut import ShortCut

COVER = "/money/cover"


@pytest.fixture
def funded(world: World) -> World:
    enter(
        without_lines(world),
        need("184", area="minust-gao", receiver="unicef-mali"),
        given("61", starts_on=date(2026, 4, 1), ends_on=date(2026, 5, 31)),
        given("30", ""),
        need("184.0001", "MRM-VER", area="minust-gao"),
        need(None, "MRM-VER"),
    )
    return world


def told(world: World, query: str = "", *, by: str = "donor") -> Any:  # noqa: ANN401 - JSON
    answer = world.get(f"{COVER}{query}", by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_donor_reads_where_money_is_missing_and_from_when(funded: World) -> None:
    found = told(funded, "?by=function")

    rows = {row["function"]: row for row in found["items"]}
    assert ("184.00", "61.00", "123.00", "0") == tuple(
        rows["REFER"][name] for name in ("required", "covered", "uncovered", "unstated")
    )
    assert (None, None, "1-9") == tuple(
        rows["MRM-CHAIR"][name] for name in ("required", "uncovered", "unstated")
    )
    assert ("184.0001", "1-9", True) == tuple(
        rows["MRM-VER"][name] for name in ("required", "unstated", "restricted")
    )
    cliffs = {each["function"]: each for each in found["cliffs"]}
    assert ("2026-03-01", "2026-01-01", True) == (
        cliffs["REFER"]["first_uncovered_on"],
        cliffs["MRM-VER"]["first_uncovered_on"],
        cliffs["MRM-VER"]["by_quarter"],
    )


def test_totals_are_the_planners_and_pools_stand_beside(funded: World) -> None:
    donor, planner = (told(funded, by=by) for by in ("donor", "planner"))

    assert donor["totals"] == planner["totals"]
    assert ("368.0001", "307.0001", "61.00", "30.00") == (
        donor["totals"]["required"],
        donor["totals"]["uncovered"],
        donor["totals"]["voluntary"],
        donor["totals"]["pools"]["voluntary"],
    )
    (plan,) = donor["totals"]["plans"]
    assert ("minust", "2026-03-02", False) == (plan["plan"], plan["as_of"], plan["illustrative"])
    assert "2026-03-02" == donor["as_of"]


@pytest.mark.parametrize("query", ["?by=month", "?by=area,receiver", "?by=", "?by=area&by=month"])
def test_totals_are_the_same_by_whatever_columns(funded: World, query: str) -> None:
    assert told(funded)["totals"] == told(funded, query)["totals"]


def test_a_donor_sees_no_area_and_no_month_of_what_is_restricted(funded: World) -> None:
    every = "?by=function,month,area,receiver"
    rows = told(funded, every)["items"]
    hidden = [row for row in rows if row["function"] == "MRM-VER"]

    assert {(None, None, True)} == {(r["area"], r["receiver"], r["by_quarter"]) for r in hidden}
    assert ["2026-01-01", "2026-04-01", "2026-07-01"] == [row["starts_on"] for row in hidden]
    shown = [row for row in rows if row["function"] == "REFER" and row["required"]]
    assert {("minust-gao", "unicef-mali")} == {(row["area"], row["receiver"]) for row in shown}
    planner = told(funded, every, by="planner")["items"]
    assert "minust-gao" in {r["area"] for r in planner if r["function"] == "MRM-VER"}


@pytest.mark.parametrize(
    ("query", "functions"),
    [
        ("?plan=minust&plan=other", {"MRM-VER", "REFER", "MRM-CHAIR", None}),
        ("?plan=other", set()),
        ("?mission=minust&country=MLI", {"MRM-VER", "REFER", "MRM-CHAIR", None}),
        ("?country=HTI", set()),
        ("?function=REFER&function=MRM-CHAIR", {"REFER", "MRM-CHAIR"}),
        ("?tier=2", {"REFER"}),
        ("?theme=A", {"MRM-VER", "REFER", "MRM-CHAIR"}),
        ("?theme=B", set()),
        ("?receiver=unicef-mali", {"REFER"}),
        ("?area=minust-gao", {"REFER"}),
        ("?area=minust-kidal", set()),
        ("?lacking=true", {"MRM-VER", "REFER"}),
        ("?least=123.0001", {"MRM-VER"}),
        ("?first=2026-08-01&last=2026-08-31&lacking=true", {"REFER"}),
        ("?first=2026-07-01&last=2026-09-30&lacking=true", {"REFER", "MRM-VER"}),
    ],
)
def test_filters(funded: World, query: str, functions: set[str | None]) -> None:
    assert functions == {row["function"] for row in told(funded, query)["items"]}


@pytest.mark.parametrize(
    "query",
    ["least=-1", "least=much", "least=0.00001", "by=colour", "country=mali", "first=2026-13"],
)
def test_a_question_that_cannot_be_read_says_where(world: World, query: str) -> None:
    answer = world.get(f"{COVER}?{query}", by="donor")

    assert 422 == answer.status_code
    assert query.partition("=")[0] in answer.json()["problems"][0]["path"]
    assert answer.json()["problems"][0]["remedy"] is not None


def test_pages_hold_all_rows_once_and_a_change_between_them_is_told(funded: World) -> None:
    whole = told(funded)["items"]
    found, link = [], f"{API}{COVER}?limit=4"
    while link:
        page = funded.get(link.removeprefix(API), by="donor").json()
        found += page["items"]
        last, link = link, page["next"]
    assert whole == found

    enter(funded, need("1"))
    answer = funded.get(last.removeprefix(API), by="donor")
    assert (409, "conflict") == (answer.status_code, answer.json()["code"])


def asked_again(world: World, first: Response, query: str = "", *, by: str = "donor") -> Response:
    headers = {"If-None-Match": first.headers["etag"]}
    return world.call("GET", f"{COVER}{query}", by=by, headers=headers)


def test_an_answer_that_holds_is_not_sent_again(funded: World) -> None:
    first = funded.get(COVER, by="donor")
    again = asked_again(funded, first)

    assert (304, b"", first.headers["etag"]) == (
        again.status_code,
        again.content,
        again.headers["etag"],
    )
    assert {"cache-control", "vary"} <= set(again.headers)
    whole = funded.get(COVER, by="donor")
    assert {"content-security-policy", "x-content-type-options"} <= set(whole.headers)
    enter(funded, need("1"))
    assert 200 == asked_again(funded, first).status_code


def test_what_a_donor_cannot_see_change_does_not_change_the_answer(funded: World) -> None:
    """A need moves within its quarter and to another area: not even the ETag tells."""
    sessions = funded.house.sessions
    first, planner = (funded.get(COVER, by=by) for by in ("donor", "planner"))
    with sessions.begin() as session:
        moved = (
            "UPDATE money_month SET month_on = '2026-06-01', area_id = NULL "
            "WHERE function_code = 'MRM-VER' AND month_on = '2026-05-01'"
        )
        session.connection().execute(text(moved))
        session.connection().execute(text("UPDATE money_state SET version = version + 1"))

    assert 304 == asked_again(funded, first).status_code
    assert 200 == asked_again(funded, planner, by="planner").status_code


@pytest.mark.parametrize("change", ["token", "account", "grant"])
def test_a_right_that_ends_ends_at_once(funded: World, change: str) -> None:
    first = funded.get(COVER, by="donor")
    for _ in range(2):  # the second comes out of memory
        assert 304 == asked_again(funded, first).status_code
    uid = account_of(funded, "donor")
    with funded.house.sessions.begin() as session:
        account = table("account")
        number = session.connection().scalar(
            account.select().with_only_columns(account.c.id).where(account.c.uid == uid)
        )
        token = table("bearer_token")
        match change:
            case "token":
                ended = update(token).where(token.c.account_id == number).values(ended_at=NOW)
                session.connection().execute(ended)
            case "account":
                closed = update(account).where(account.c.id == number).values(state="closed")
                session.connection().execute(closed)
            case _:
                grant = table(str(RoleGrant.__tablename__))
                session.connection().execute(delete(grant).where(grant.c.account_id == number))

    again = asked_again(funded, first)

    assert (200 if change == "grant" else 401) == again.status_code
    assert change != "grant" or [] == again.json()["items"]


def test_what_is_kept_is_never_told_to_another_scope(funded: World) -> None:
    every = "?by=function,month,area"
    planner = told(funded, every, by="planner")
    donor = told(funded, every, by="donor")

    assert planner["items"] != donor["items"]
    assert donor == told(funded, every, by="donor")
    assert planner == told(funded, every, by="observer") == told(funded, every, by="planner")
    assert [] == told(funded, every, by="foreign planner")["items"]


def test_an_area_whose_end_is_not_public_any_more_counts_at_once(funded: World) -> None:
    every = "?by=function,month,area&function=REFER"
    assert {None, "minust-gao"} == {row["area"] for row in told(funded, every)["items"]}
    path = "/plans/minust/areas/minust-gao"
    body = {"reachable": True, "mandate_ends_on": None, "closings_public": False}
    etag = funded.get(path).headers["etag"]
    assert 200 == funded.call("PUT", path, body, headers={"If-Match": etag}).status_code

    rows = told(funded, every)["items"]
    assert {(None, True)} == {(row["area"], row["by_quarter"]) for row in rows}


def test_the_day_is_part_of_what_is_kept() -> None:
    kept = KeptAnswers()
    key = Key((("donor", "", ""),), NOW.date(), COVER, b"")
    kept.keep(key, KeptAnswer("1.2", '"x"', b"{}"))

    assert kept.find(key, stamp="1.2") is not None
    assert kept.find(key, stamp="1.3") is None
    assert kept.find(key._replace(on=NOW.date() + timedelta(days=1)), stamp="1.2") is None
    assert kept.find(key._replace(scope=()), stamp="1.2") is None


def test_no_more_is_kept_than_fits() -> None:
    kept = KeptAnswers(most=2, most_bytes=100)
    keys = [Key((), NOW.date(), COVER, str(n).encode()) for n in range(4)]
    for key in keys[:3]:
        kept.keep(key, KeptAnswer("1", '"x"', b"x" * 10))
    kept.keep(keys[3], KeptAnswer("1", '"x"', b"x" * 101))

    found = [kept.find(key, stamp="1") is not None for key in keys]
    assert [False, True, True, False] == found


def test_a_fault_of_the_short_cut_goes_the_ordinary_way(
    funded: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = funded.get(COVER, by="donor")

    def broken(*_given: object) -> None:
        message = "disk I/O error"
        raise RuntimeError(message)

    monkeypatch.setattr("unbroken.web.short_cut.quick_visit", broken)
    assert 304 == asked_again(funded, first).status_code


def test_compressed_answers_are_the_same(funded: World) -> None:
    for _ in range(2):
        answer = funded.call("GET", COVER, by="donor", headers={"Accept-Encoding": "gzip"})
        assert "gzip" == answer.headers["content-encoding"]
        assert answer.json() == told(funded)


def test_the_short_cut_is_taken(funded: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = funded.get(COVER, by="donor")
    taken = []
    answered = ShortCut._answer

    async def note(self: ShortCut, *given_: Any) -> int:  # noqa: ANN401
        taken.append(1)
        return await answered(self, *given_)

    monkeypatch.setattr(ShortCut, "_answer", note)
    assert 304 == asked_again(funded, first).status_code
    assert first.json() == told(funded)
    assert 304 == asked_again(funded, first).status_code
    assert [1, 1, 1] == taken
    assert (
        "text/csv"
        in funded.call("GET", COVER, by="donor", headers={"Accept": "text/csv"}).headers[
            "content-type"
        ]
    )
    assert 3 == len(taken)


def rows_of(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_csv_holds_every_row_and_ends_with_their_number(funded: World) -> None:
    answer = funded.get(f"{COVER}.csv?by=function,month", by="donor")
    rows = rows_of(answer.content)
    items = told(funded)["items"]

    assert answer.headers["content-type"].startswith("text/csv")
    assert ["count", str(len(items))] == rows[-1][:2]
    table_ = [dict(zip(rows[0], row, strict=True)) for row in rows[1:-1]]
    assert [item["required"] or "" for item in items] == [row["required_usd"] for row in table_]
    assert [item["starts_on"] or "" for item in items] == [row["starts_on"] for row in table_]
    assert {""} == {row["area"] for row in table_}
    same = funded.call("GET", COVER, by="donor", headers={"Accept": "text/csv"})
    assert rows == rows_of(same.content)


def test_hashtags_stand_below_the_names(funded: World) -> None:
    names, tags, *_rows = rows_of(funded.get(f"{COVER}.csv?hxl=true", by="donor").content)

    assert "#value+funding+required+usd" == tags[names.index("required_usd")]
    assert all(tag.startswith("#") for tag in tags)
    assert len(tags) == len(set(tags))


def test_the_workbook_holds_numbers_and_days(funded: World) -> None:
    answer = funded.get(f"{COVER}.xlsx?by=function,month&hxl=true", by="donor")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    at = rows[0].index("required_usd")

    items = told(funded)["items"]
    assert ("count", len(items)) == rows[-1][:2]
    assert [item["required"] and float(item["required"]) for item in items] == [
        row[at] for row in rows[2:-1]
    ]


@pytest.mark.parametrize("by", ["nobody"])
def test_nobody_reads_it_without_a_token(funded: World, by: str) -> None:
    assert 401 == funded.get(COVER, by=by).status_code


def test_the_last_sign_of_an_unpublished_area(funded: World) -> None:
    with funded.house.sessions.begin() as session:
        hidden = update(Area).values(closings_public=False, version=Area.version + 1)
        session.execute(hidden)

    assert [] == told(funded, "?area=minust-gao")["items"]
