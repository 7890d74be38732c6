"""Asking outside systems on this machine: whole answers are kept, all others change nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.factories.plans import noon
from tests.forms.server import Fault, serving
from tests.sources.outside import CLIENTS, DATA, LOOPBACK, OutsideDesk, OutsideServer
from unbroken.gaps.queries.running import findings
from unbroken.gaps.rules import RULES, Finding, Scope, Severity
from unbroken.gaps.rules.explain import why
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound
from unbroken.kit.reaching import Bounds
from unbroken.money.commands.fetching import fetch_due
from unbroken.money.commands.outside_sources import AddOutsideSource, add_outside_source
from unbroken.money.models import ExchangeRate
from unbroken.sources.commands import take_outside_source
from unbroken.sources.models import OutsideSource
from unbroken.sources.queries.outside import outside_sources, outside_sources_due
from unbroken.sources.queries.snapshots import raw_answer
from unbroken.trail.models import Entry

TODAY = date(2026, 3, 2)


def silent(desk: OutsideDesk, on: date = TODAY) -> list[Finding]:
    with desk.sessions.reading() as session:
        return findings(session, Scope(on=on), rules=[RULES["source-silent"]])


def test_every_page_is_followed_and_the_whole_answer_is_kept(outside: OutsideDesk) -> None:
    uid = outside.flows()
    done = outside.fetch(uid)
    (kept,) = outside.stored()
    (view,) = outside.beside()
    figures = {each.name: each.amount for each in view.figures}

    assert (True, "") == (done.changed, done.reason)
    assert 4 == len(outside.server.asked)
    assert "/v1/public/fts/flow?year=2020&locationId=1" == outside.server.asked[1]
    assert (484, "725591299") == (kept.document["flows"], str(kept.document["received_usd"]))
    assert Decimal(2510925) == figures["received_usd"]
    assert Decimal(249997) == figures["shared_usd"]
    assert ({"country": "AFG", "year": "2020"}, True) == (view.question, bool(view.lacks))


def test_raw_answers_come_back_as_they_were_sent(outside: OutsideDesk) -> None:
    outside.fetch(outside.flows())
    (kept,) = outside.stored()
    with outside.sessions.reading() as session:
        raw = raw_answer(session, kept.uid)

    assert [(*each[:1], True) for each in raw] == [
        (f"{outside.server.address}{path}", True) for path in outside.server.asked[1:]
    ]
    assert kept.byte_count == sum(len(content) for _name, content in raw)
    assert 484 == json.loads(raw[0][1])["meta"]["count"]


def test_requests_keep_a_distance_and_say_who_asks(outside: OutsideDesk) -> None:
    outside.fetch(outside.flows())

    assert [1.0, 1.0, 1.0] == outside.slept
    assert all(each["user-agent"].startswith("unbroken/") for each in outside.server.asked_with)


def test_the_same_answer_again_changes_nothing(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    first = outside.fetch(uid)
    with outside.sessions.reading() as session:
        entries = len(session.exec(select(Entry.id)).all())
    again = outside.fetch(uid, clock=noon(date(2026, 3, 9)))
    (kept,) = outside.stored()
    with outside.sessions.reading() as session:
        assert entries == len(session.exec(select(Entry.id)).all())

    assert (True, False) == (first.changed, again.changed)
    assert (TODAY, date(2026, 3, 9)) == (kept.retrieved_at.date(), kept.last_seen_at.date())


def test_what_did_not_change_is_not_sent_again(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    outside.server.faults = {1: Fault(headers={"etag": '"a1"'}), 2: Fault(304, body=b"")}
    outside.fetch(uid)
    again = outside.fetch(uid, clock=noon(date(2026, 3, 9)))
    (kept,) = outside.stored()

    assert '"a1"' == outside.server.asked_with[1]["if-none-match"]
    assert (False, "", date(2026, 3, 9)) == (
        again.changed,
        again.reason,
        kept.last_seen_at.date(),
    )


def test_another_answer_is_added_and_says_what_was_restated(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    outside.fetch(uid)
    outside.server.faults = {2: Fault(change=_with_less_for_child_protection)}
    done = outside.fetch(uid, clock=noon(date(2026, 6, 1)))
    (view,) = outside.beside()
    received = next(each for each in view.figures if each.name == "received_usd")

    assert (True, 2) == (done.changed, view.answers), done
    assert received.restated
    assert (Decimal(2991009), date(2026, 6, 1)) == (
        received.restated.was,
        received.restated.on.date(),
    )
    assert None is next(each for each in view.figures if each.name == "required_usd").amount


def _with_less_for_child_protection(body: dict[str, object]) -> None:
    told = json.dumps(body)
    for number in (2991009, 519642163, 564467765):
        told = told.replace(str(number), str(number - 1))
    body.update(json.loads(told))


@dataclass(frozen=True)
class Bad:
    """A bad day of the server, and why nothing is kept; ``asked`` counts its requests."""

    reason: str
    fault: Fault
    asked: int


BAD_DAYS = {
    "told to wait, and to wait again": Bad("told-to-wait", Fault(429, {"retry-after": "17"}), 4),
    "told to wait for an hour": Bad("told-to-wait", Fault(429, {"retry-after": "3600"}), 2),
    "not there for now": Bad("refused", Fault(503), 4),
    "breaks off": Bad("truncated", Fault(truncated=True), 4),
    "breaks off, and says nothing of its length": Bad("not-understood", Fault(body=b'{"da'), 2),
    "an error page": Bad("not-understood", Fault(body=b"<html>Sign in</html>"), 2),
    "leads to another server": Bad("redirected", Fault(302, {"location": "http://203.0.113.7"}), 2),
    "too large": Bad("too-large", Fault(body=b"[" + b" " * 4_000_000 + b"]"), 2),
}


@pytest.mark.parametrize("bad", BAD_DAYS.values(), ids=BAD_DAYS.keys())
def test_on_a_bad_day_nothing_is_kept(outside: OutsideDesk, bad: Bad) -> None:
    outside.bounds = Bounds(private_hosts=LOOPBACK, most_bytes=3_000_000)
    uid = outside.flows()
    outside.server.fails_from(2, bad.fault)
    done = outside.fetch(uid)
    row = outside.row(uid)

    assert (bad.reason, False, []) == (done.reason, done.changed, outside.stored())
    assert bad.asked == len(outside.server.asked)
    assert (bad.reason, 1, TODAY) == (row.silent_reason, row.failures, row.silent_after_on)


def test_told_to_wait_it_waits_so_long(outside: OutsideDesk) -> None:
    uid = outside.flows()
    outside.server.faults = {2: Fault(429, {"retry-after": "17"})}

    assert outside.fetch(uid).changed
    assert 17 in outside.slept


def test_a_body_that_drips_ends_at_its_limit(outside: OutsideDesk) -> None:
    uid = outside.flows()
    outside.server.fails_from(1, Fault(dripping=True))
    outside.step = 5.0

    assert ("too-slow", []) == (outside.fetch(uid).reason, outside.stored())


def _say(name: str, value: object) -> Callable[[dict[str, object]], None]:
    def change(body: dict[str, object]) -> None:
        part = body["data"]["incoming"] if name == "fundingTotal" else body["meta"]  # type: ignore[index]
        part[name] = value  # type: ignore[index]

    return change


@pytest.mark.parametrize(
    ("number", "fault", "reason"),
    [
        (2, Fault(change=_say("fundingTotal", 1)), "not-whole"),
        (4, Fault(change=_say("count", 483)), "not-whole"),
        (3, Fault(change=_say("nextLink", None)), "not-whole"),
        (2, Fault(change=_say("nextLink", "https://elsewhere.example.org/flow")), "led-elsewhere"),
        (2, Fault(change=_say("nextLink", 7)), "led-elsewhere"),
    ],
)
def test_an_answer_that_is_not_whole_is_not_kept(
    outside: OutsideDesk, number: int, fault: Fault, reason: str
) -> None:
    uid = outside.flows()
    outside.server.faults = {number: fault}
    done = outside.fetch(uid)

    assert (reason, []) == (done.reason, outside.stored())
    assert bool(done.problems) == (reason == "not-whole")


def test_a_page_that_comes_again_ends_the_answer(outside: OutsideDesk) -> None:
    uid = outside.flows()
    second = json.dumps(outside.server.answer("/v1/public/fts/flow?year=2020&page=2")).encode()
    outside.server.faults = {3: Fault(body=second), 4: Fault(body=second)}

    assert "repeated-page" == outside.fetch(uid).reason
    assert [] == outside.stored()


def test_a_next_page_that_was_asked_before_ends_the_answer(outside: OutsideDesk) -> None:
    uid = outside.flows()
    back = f"{outside.server.address}/v1/public/fts/flow?year=2020&page=2"
    outside.server.faults = {3: Fault(change=_say("nextLink", back))}

    assert "repeated-page" == outside.fetch(uid).reason
    assert 3 == len(outside.server.asked)


def test_silence_is_told_once_and_what_was_said_before_stays(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    outside.fetch(uid)
    outside.server.fails_from(2, Fault(500))
    waits = []
    for day in range(3, 9):
        outside.fetch(uid, clock=noon(date(2026, 3, day)))
        row = outside.row(uid)
        assert row.not_before_at is not None
        assert row.read_at is not None
        waits.append(row.not_before_at - row.read_at)
    (finding,) = silent(outside, date(2026, 3, 8))
    (view,) = outside.beside()
    said = why(RULES["source-silent"], finding.found.facts, titles={})

    assert [0.5, 1, 2, 4, 8, 16] == [each / timedelta(hours=1) for each in waits]
    assert (Severity.LOW, date(2026, 3, 4)) == (finding.severity, finding.found.turns_on)
    assert "It answers with an error." in said
    assert (TODAY, "refused") == (view.retrieved_at.date(), view.silent_reason)
    assert Severity.MEDIUM is silent(outside, date(2026, 5, 1))[0].severity


def test_silence_counts_only_after_its_window(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    outside.fetch(uid)
    outside.server.fails_from(2, Fault(500))
    outside.fetch(uid, clock=noon(date(2026, 3, 3)))

    assert [] == silent(outside, date(2026, 3, 3))
    assert 1 == len(silent(outside, date(2026, 3, 4)))


def test_an_answer_ends_the_silence(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    outside.server.faults = {1: Fault(500)}
    outside.fetch(uid)
    before = len(silent(outside))
    outside.fetch(uid)
    row = outside.row(uid)

    assert (1, 0) == (before, len(silent(outside)))
    assert (0, "", None, None) == (
        row.failures,
        row.silent_reason,
        row.silent_after_on,
        row.not_before_at,
    )


def test_a_source_that_is_off_is_never_silent(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", is_on=False, plan="929")
    outside.server.fails_from(1, Fault(500))
    outside.fetch(uid)

    assert [] == silent(outside)


def test_what_is_on_and_due_is_asked_by_itself(outside: OutsideDesk) -> None:
    outside.add("fts-clusters", plan="929")
    outside.add("fts-clusters", is_on=False, plan="930")
    outside.add("hpc-monitoring", plan="1185")  # the server does not know it
    clock = outside.plan.clock
    done = fetch_due(outside.sessions, outside=outside.outside, clock=clock)
    again = fetch_due(outside.sessions, outside=outside.outside, clock=clock)

    assert ["", "not-there"] == [each.reason for each in done]
    assert [] == again


def test_a_source_that_is_being_asked_is_not_asked_twice(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    take_outside_source(outside.sessions, uid)
    with outside.sessions.reading() as session:
        assert () == outside_sources_due(session)
    with pytest.raises(Conflict):
        outside.fetch(uid)


def test_hapi_is_read_page_by_page_and_its_identifier_is_a_header(outside: OutsideDesk) -> None:
    outside.secret = "bmFtZTptYWlsQGV4YW1wbGUub3Jn"
    outside.server.rows = [_presence(number) for number in range(5)]
    uid = outside.add("hapi-presence", secret="UNBROKEN_SECRET_HAPI", country="SOM")
    done = outside.fetch(uid)
    (kept,) = outside.stored()

    assert ("", 3) == (done.reason, len(outside.server.asked))
    assert 5 == kept.document["rows"]
    assert {outside.secret} == {
        each["x-hdx-hapi-app-identifier"] for each in outside.server.asked_with
    }
    assert outside.secret not in f"{outside.server.asked}{kept.name}{kept.document}"


def _presence(number: int) -> dict[str, object]:
    return {
        "location_code": "SOM",
        "sector_code": "PRO-CPN",
        "sector_name": "Child Protection",
        "org_name": f"Organisation {number}",
        "org_acronym": f"O{number}",
        "org_type_description": "National NGO",
        "admin1_code": "SO11",
        "admin2_code": "SO1101",
        "reference_period_start": "2025-01-01T00:00:00",
        "reference_period_end": "2025-04-30T00:00:00",
    }


def test_without_what_opens_it_it_is_not_asked(outside: OutsideDesk) -> None:
    uid = outside.add("hapi-presence", secret="UNBROKEN_SECRET_HAPI", country="SOM")

    assert "no-secret" == outside.fetch(uid).reason
    assert [] == outside.server.asked


def test_projects_are_read_page_by_page_and_their_raw_text_is_not_kept(
    outside: OutsideDesk,
) -> None:
    def page(number: int) -> bytes:
        project = {
            "id": number,
            "currentRequestedFunds": 10,
            "globalClusters": [{"id": 12, "code": "PRO-CPN", "name": "Child Protection"}],
            "contacts": [{"name": "Ximena Canary"}],
        }
        pagination = {"count": 1, "total": 2, "limit": 1, "currentPage": number, "pages": 2}
        data = {"results": [project], "pagination": pagination}
        return json.dumps({"status": "ok", "data": data}).encode()

    outside.server.fixed = {"/v2/public/project/search": {}}
    outside.server.faults = {1: Fault(body=page(1)), 2: Fault(body=page(2))}
    done = outside.fetch(outside.add("hpc-projects", plan="RSYR22"))

    assert ("", 2) == (done.reason, len(outside.server.asked)), done
    with outside.sessions.reading() as session:
        assert () == raw_answer(session, outside.stored()[0].uid)


def test_rates_that_are_fetched_are_entered(outside: OutsideDesk) -> None:
    raw = (DATA / "rates" / "un-2026-11.xml").read_bytes()
    outside.server.fixed = {"/operationalrates/xsql2XML.php": {}}
    outside.server.faults = {1: Fault(body=raw)}
    done = outside.fetch(outside.add("rates", publisher="treasury"))
    with outside.sessions.reading() as session:
        rates = session.exec(select(ExchangeRate)).all()

    assert ("", True) == (done.reason, done.changed)
    assert {outside.stored()[0].uid} == {each.snapshot_uid for each in rates}
    assert "CDF" in {each.currency for each in rates}
    assert "history" not in outside.stored()[0].document


def test_the_newest_file_of_a_data_set_is_asked_for_where_hdx_gives_it_out(
    outside: OutsideDesk,
) -> None:
    def package(url: str) -> dict[str, object]:
        resource = {"id": "1", "name": "3w", "format": "CSV", "url": url}
        resource["last_modified"] = "2026-01-01T00:00:00"
        result = {"id": "1", "name": "som", "title": "Som", "resources": [resource]}
        return {"success": True, "result": result}

    sheet = b"Cluster,Organization,Region\nChild Protection,A,Bay\nChild Protection,B,Bay\n"
    outside.server.fixed = {
        "/api/3/action/package_show": package(f"{outside.server.address}/file.csv"),
        "/file.csv": {},
    }
    outside.server.faults = {2: Fault(body=sheet)}
    done = outside.fetch(outside.add("presence-sheet", dataset="som", country="SOM"))
    with serving(OutsideServer()) as other:
        outside.server.fixed = {"/api/3/action/package_show": package(f"{other.address}/file.csv")}
        away = outside.fetch(outside.add("presence-sheet", dataset="som2", country="SOM"))
        assert [] == other.asked

    assert ("", "led-elsewhere") == (done.reason, away.reason)
    assert {"organisations": Decimal(2), "rows": Decimal(2)}.items() <= {
        each.name: each.amount for each in outside.beside()[0].figures
    }.items()


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"asked": {}}, "plan"),
        ({"asked": {"plan": "929", "more": "x"}}, "more"),
        ({"asked": {"plan": "../929"}}, "plan"),
        ({"base_url": "ftp://api.hpc.tools"}, "base_url"),
        ({"base_url": "https://user@api.hpc.tools"}, "base_url"),
        ({"secret_name": "PATH"}, "secret_name"),
        ({"kind": "hapi-presence", "asked": {"country": "SOM"}}, "secret_name"),
        ({"every_minutes": 1}, "every_minutes"),
    ],
)
def test_a_source_that_cannot_be_is_refused(
    outside: OutsideDesk, changed: dict[str, object], path: str
) -> None:
    with pytest.raises(Invalid) as refused:
        _add(outside, **changed)

    assert [path] == [each.path for each in refused.value.problems]


def test_a_question_is_entered_once_by_a_steward_and_may_have_the_systems_own_address(
    outside: OutsideDesk,
) -> None:
    _add(outside)
    with pytest.raises(Conflict):
        _add(outside)
    with pytest.raises(NotFound):
        _add(outside, kind="iati")
    with pytest.raises(Forbidden):
        add_outside_source(
            outside.sessions,
            AddOutsideSource(kind="fts-clusters", asked={"plan": "1"}),
            clients=CLIENTS,
            actor=outside.plan.planner,
            clock=outside.plan.clock,
        )
    with outside.sessions.reading() as session:
        (view,) = outside_sources(session)

    assert ("https://api.hpc.tools", False) == (view.base_url, view.is_on)


def _add(outside: OutsideDesk, **changed: object) -> None:
    values = {"kind": "fts-clusters", "asked": {"plan": "929"}, **changed}
    add_outside_source(
        outside.sessions,
        AddOutsideSource(**values),  # type: ignore[arg-type]
        clients=CLIENTS,
        actor=outside.steward,
        clock=outside.plan.clock,
    )


def test_a_reading_that_was_overtaken_changes_nothing(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")

    def take_it_away(_body: dict[str, object]) -> None:
        with outside.sessions.begin() as session:
            row = session.exec(select(OutsideSource)).one()
            row.epoch += 1
            session.add(row)

    outside.server.faults = {1: Fault(change=take_it_away)}

    assert (False, []) == (outside.fetch(uid).changed, outside.stored())
