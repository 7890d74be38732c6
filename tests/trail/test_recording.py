"""Entries are appended without a fork, in the transaction of what they record."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from unbroken.kit.db import Sessions
from unbroken.trail.commands import Act, Author, open_trail
from unbroken.trail.queries import entries, heads, history, verify
from unbroken.trail.rules import Action

AUTHOR = Author(uuid4(), uuid4(), "planner")
NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)


def write(
    sessions: Sessions, plans: list[UUID], *, count: int = 1, author: Author = AUTHOR
) -> None:
    with sessions.begin() as session:
        recorder = open_trail(session, author=author, at=NOW, plans=plans)
        for plan in plans:
            for number in range(count):
                recorder.record(
                    "plans:plan:changed",
                    kind="plan",
                    subject=uuid4(),
                    values={"n": number},
                    plan=plan,
                )


def test_what_was_recorded_is_read_newest_first(sessions: Sessions) -> None:
    plan = uuid4()
    write(sessions, [plan], count=3)
    with sessions.reading() as session:
        found = entries(session, plan_uid=plan, limit=2)

    assert [(e.position, e.values) for e in found] == [(3, {"n": 2}), (2, {"n": 1})]
    assert (found[0].at, found[0].author) == (NOW, AUTHOR)


def test_a_page_goes_on_before_the_last_position(sessions: Sessions) -> None:
    plan = uuid4()
    write(sessions, [plan], count=5)
    with sessions.reading() as session:
        found = entries(session, plan_uid=plan, limit=10, before=3)

    assert [e.position for e in found] == [2, 1]


def test_the_history_of_one_thing_leaves_others_out(sessions: Sessions) -> None:
    thing = uuid4()
    with sessions.begin() as session:
        recorder = open_trail(session, author=AUTHOR, at=NOW, instance=True)
        recorder.record("people:account:made", kind="account", subject=uuid4(), values={})
        recorder.record("people:account:closed", kind="account", subject=thing, values={})
    with sessions.reading() as session:
        found = history(session, plan_uid=None, subject_uid=thing, limit=9)

    assert [e.action for e in found] == ["people:account:closed"]


def test_values_of_every_kind_verify_as_the_database_returns_them(sessions: Sessions) -> None:
    values = {
        "money": Decimal("57000000.10"),
        "on": NOW.date(),
        "at": NOW.astimezone(timezone(timedelta(hours=3))),
        "big": 2**60,
        "text": "cafe\u0301 عربي 😀",
        "who": uuid4(),
        "list": [1, None, True, {"z": 1, "a": "2"}],
        "nothing": None,
    }
    with sessions.begin() as session:
        recorder = open_trail(session, author=AUTHOR, at=NOW, instance=True)
        recorder.record("money:pledge:made", kind="pledge", subject=uuid4(), values=values)
    with sessions.reading() as session:
        reports = verify(session)

    assert [report.faults for report in reports] == [()]


@pytest.mark.parametrize("microsecond", [0, 1, 999_999, 123_000])
def test_an_instant_verifies_at_any_precision_and_offset(
    sessions: Sessions, microsecond: int
) -> None:
    at = datetime(2026, 3, 2, 1, 2, 3, microsecond, tzinfo=timezone(timedelta(hours=-11)))
    with sessions.begin() as session:
        recorder = open_trail(session, author=AUTHOR, at=at)
        recorder.record("people:account:made", kind="account", subject=uuid4(), values={})
    with sessions.reading() as session:
        assert all(report.is_intact for report in verify(session))


def test_a_float_is_refused_and_leaves_no_trace(sessions: Sessions) -> None:
    with sessions.begin() as session:
        recorder = open_trail(session, author=AUTHOR, at=NOW, instance=True)
        with pytest.raises(TypeError, match="float"):
            recorder.record("a:b:c", kind="x", subject=uuid4(), values={"share": 0.5})
        recorder.record("a:b:c", kind="x", subject=uuid4(), values={"share": Decimal("0.5")})
    with sessions.reading() as session:
        assert [report.entry_count for report in verify(session) if report.is_intact] == [1]


def test_an_act_that_fails_is_not_in_the_trail(sessions: Sessions) -> None:
    with pytest.raises(ZeroDivisionError), sessions.begin() as session:  # noqa: PT012
        recorder = open_trail(session, author=AUTHOR, at=NOW)
        recorder.record("a:b:c", kind="x", subject=uuid4(), values={})
        raise ZeroDivisionError
    with sessions.reading() as session:
        assert heads(session) == []


def test_many_acts_are_appended_in_their_order(sessions: Sessions) -> None:
    acts = [Act("gaps:gap:opened", "gap", uuid4(), {"n": n}) for n in range(700)]
    with sessions.begin() as session:
        made = open_trail(session, author=AUTHOR, at=NOW).record_all(acts)
    with sessions.reading() as session:
        found = entries(session, plan_uid=None, limit=1000)
        assert verify(session)[0].is_intact

    assert [e.uid for e in reversed(found)] == made
    assert [e.values for e in reversed(found)] == [act.values for act in acts]


def test_two_recorders_of_one_transaction_share_the_chain(sessions: Sessions) -> None:
    with sessions.begin() as session:
        first = open_trail(session, author=AUTHOR, at=NOW)
        second = open_trail(session, author=AUTHOR, at=NOW)
        for recorder in (first, second, first):
            recorder.record("a:b:c", kind="x", subject=uuid4(), values={})
    with sessions.reading() as session:
        assert [(r.entry_count, r.faults) for r in verify(session)] == [(3, ())]


def test_a_chain_that_was_not_opened_is_refused(sessions: Sessions) -> None:
    with sessions.begin() as session:
        recorder = open_trail(session, author=AUTHOR, at=NOW, plans=[uuid4(), uuid4()])
        with pytest.raises(ValueError, match="was not opened"):
            recorder.record("a:b:c", kind="x", subject=uuid4(), values={})


def test_a_name_against_the_grammar_is_refused(sessions: Sessions) -> None:
    with sessions.begin() as session:
        recorder = open_trail(session, author=AUTHOR, at=NOW)
        with pytest.raises(ValueError, match="source:subject:action"):
            recorder.record("Confirmed", kind="x", subject=uuid4(), values={})


def test_a_feature_declares_its_names_as_a_kind_of_action(sessions: Sessions) -> None:
    class Made(Action):
        OFFERED = "transfers:capacity:offered"

    with sessions.begin() as session:
        open_trail(session, author=AUTHOR, at=NOW).record(
            Made.OFFERED, kind="capacity", subject=uuid4(), values={}
        )
    with sessions.reading() as session:
        assert entries(session, plan_uid=None, limit=1)[0].action == "transfers:capacity:offered"


def test_eight_writers_of_one_new_chain_never_fork_it(sessions: Sessions) -> None:
    plan = uuid4()
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write, sessions, [plan], count=2) for _ in range(80)]:
            done.result()
    with sessions.reading() as session:
        reports = verify(session, plan_uid=plan)

    assert [(r.entry_count, r.faults) for r in reports] == [(160, ())]


def test_eight_writers_of_overlapping_chains_never_wait_for_each_other(sessions: Sessions) -> None:
    plans = [uuid4() for _ in range(6)]
    orders = [[plans[(start + step) % 6] for step in range(1 + start % 4)] for start in range(64)]
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write, sessions, order) for order in orders]:
            done.result()
    with sessions.reading() as session:
        reports = verify(session)

    assert sum(r.entry_count for r in reports) == sum(len(order) for order in orders)
    assert all(r.is_intact for r in reports)
