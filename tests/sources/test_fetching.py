"""Asking outside systems on this machine: whole answers are kept, all others change nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.factories.plans import noon
from tests.forms.server import Fault
from tests.sources.outside import LOOPBACK, OutsideDesk
from unbroken.kit.reaching import Bounds
from unbroken.sources.queries.snapshots import raw_answer
from unbroken.trail.models import Entry

TODAY = date(2026, 3, 2)


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
