"""What is done to the record behind the product's back is found and called by its name."""

# ruff: noqa: S608  (tampering is written as plain SQL, out of constants of this file)

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, select

from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden, NotFound
from unbroken.trail.commands import Act, Author, ask_erasure, grant_erasure, open_trail
from unbroken.trail.models import Chain, Entry, Value
from unbroken.trail.queries import Anchor, FaultKind, entries, heads, verify
from unbroken.trail.rules import ErasureReason

NOW = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)
PLANNER = Author(uuid4(), uuid4(), "planner")
STEWARD = Author(uuid4(), uuid4(), "steward")
OTHER_STEWARD = Author(uuid4(), uuid4(), "steward")
FIVE = 5


def fill(sessions: Sessions) -> list[UUID]:
    with sessions.begin() as session:
        recorder = open_trail(session, author=PLANNER, at=NOW)
        return recorder.record_all(
            [Act("plans:note:made", "note", uuid4(), {"n": n}) for n in range(FIVE)]
        )


def found(sessions: Sessions) -> list[tuple[str, int, int]]:
    with sessions.reading() as session:
        (report,) = verify(session)
    return [(fault.kind.value, fault.first, fault.last) for fault in report.faults]


def tamper(sessions: Sessions, *statements: str) -> None:
    with sessions.begin() as session:
        for statement in statements:
            session.connection().execute(text(statement))


def test_an_untouched_chain_is_intact(sessions: Sessions) -> None:
    fill(sessions)

    assert found(sessions) == []


DELETE_3 = (
    "DELETE FROM trail_value WHERE entry_id = (SELECT id FROM trail_entry WHERE position = 3)",
    "DELETE FROM trail_entry WHERE position = 3",
)
CUT = (
    "DELETE FROM trail_value WHERE entry_id IN (SELECT id FROM trail_entry WHERE position > 3)",
    "DELETE FROM trail_entry WHERE position > 3",
)
SWAP = (
    "UPDATE trail_entry SET position = 99 WHERE position = 2",
    "UPDATE trail_entry SET position = 2 WHERE position = 4",
    "UPDATE trail_entry SET position = 4 WHERE position = 99",
)
SWAP_NEIGHBOURS = tuple(line.replace("4", "3") for line in SWAP)
SHIFT = "UPDATE trail_entry SET position = position + 100 WHERE position >= 3"
COPY = """
INSERT INTO trail_entry (id, uid, chain_id, position, at, account_uid, organisation_uid, role,
  action, subject_kind, subject_uid, commitment, previous_hash, hash)
SELECT 900, '{uid}', chain_id, {position}, at, account_uid, organisation_uid, role, action,
  subject_kind, subject_uid, commitment, previous_hash, hash FROM trail_entry WHERE position = 2"""
COPY_VALUE = """
INSERT INTO trail_value (entry_id, salt, body) SELECT 900, salt, body FROM trail_value
WHERE entry_id = (SELECT id FROM trail_entry WHERE position = 2)"""
FORGED = "0f" * 16

CASES = {
    "value edited": (
        ["UPDATE trail_value SET body = '{\"n\": 7}' WHERE entry_id = 2"],
        [("value-edited", 2, 2)],
    ),
    "entry edited": (
        ["UPDATE trail_entry SET role = 'donor' WHERE position = 4"],
        [("entry-edited", 4, 4)],
    ),
    "entry deleted": (DELETE_3, [("entry-deleted", 3, 3)]),
    "first entry deleted": (
        [line.replace("3", "1") for line in DELETE_3],
        [("entry-deleted", 1, 1)],
    ),
    "tail cut": (CUT, [("tail-cut", 4, 5)]),
    "far entries swapped": (SWAP, [("entries-reordered", 2, 4)]),
    "neighbours swapped": (SWAP_NEIGHBOURS, [("entries-reordered", 2, 3)]),
    "value deleted": (
        ["DELETE FROM trail_value WHERE entry_id = 3"],
        [("value-missing", 3, 3)],
    ),
    "value blanked by nobody": (
        ["UPDATE trail_value SET body = NULL, salt = NULL WHERE entry_id = 3"],
        [("value-blanked", 3, 3)],
    ),
    "value blanked with a false tombstone": (
        [
            (
                "UPDATE trail_value SET body = NULL, salt = NULL,"
                " erased_at = '2026-03-02 09:00:00',"
                f" erased_by_uid = '{FORGED}' WHERE entry_id = 3"
            )
        ],
        [("value-blanked", 3, 3)],
    ),
    "head edited": (
        [f"UPDATE trail_chain SET head_hash = '{'a' * 64}'"],
        [("head-edited", 5, 5)],
    ),
    "count edited": (["UPDATE trail_chain SET entry_count = 7"], [("tail-cut", 6, 7)]),
    "chain given to a plan": (
        [f"UPDATE trail_chain SET scope = '{uuid4()}'"],
        [("head-edited", 0, 0)],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_tampering_is_named(sessions: Sessions, case: str) -> None:
    statements, expected = CASES[case]
    fill(sessions)
    tamper(sessions, *statements)

    assert found(sessions) == expected


def test_an_entry_put_in_between_is_named(sessions: Sessions) -> None:
    fill(sessions)
    tamper(
        sessions,
        SHIFT,
        "UPDATE trail_entry SET position = position - 99 WHERE position > 100",
        COPY.format(uid=FORGED, position=3),
        COPY_VALUE,
    )

    assert ("entry-inserted", 3, 3) in found(sessions)


def test_an_entry_put_at_the_end_is_named(sessions: Sessions) -> None:
    fill(sessions)
    tamper(sessions, COPY.format(uid=FORGED, position=6), COPY_VALUE)

    assert ("entry-inserted", 6, 6) in found(sessions)


def test_an_entry_taken_out_and_the_gap_closed_is_named(sessions: Sessions) -> None:
    fill(sessions)
    tamper(
        sessions,
        *DELETE_3,
        SHIFT,
        "UPDATE trail_entry SET position = position - 101 WHERE position > 100",
    )

    assert ("entry-deleted", 3, 3) in found(sessions)


def test_an_entry_changed_and_hashed_anew_is_named(sessions: Sessions) -> None:
    fill(sessions)
    tamper(sessions, f"UPDATE trail_entry SET hash = '{'b' * 64}' WHERE position = 3")

    assert ("entry-edited", 3, 3) in found(sessions)


def test_a_chain_cut_with_its_head_shows_against_a_published_head(sessions: Sessions) -> None:
    fill(sessions)
    with sessions.reading() as session:
        (head,) = heads(session)
    third = "(SELECT hash FROM trail_entry WHERE position = 3)"
    tamper(sessions, *CUT, f"UPDATE trail_chain SET entry_count = 3, head_hash = {third}")
    anchor = Anchor(head.chain_uid, head.entry_count, head.head_hash)
    with sessions.reading() as session:
        assert verify(session)[0].is_intact
        (report,) = verify(session, anchors=[anchor])

    assert [fault.kind for fault in report.faults] == [FaultKind.TAIL_CUT]


def test_a_rewritten_chain_shows_against_a_published_head(sessions: Sessions) -> None:
    fill(sessions)
    with sessions.reading() as session:
        (head,) = heads(session)
        (report,) = verify(session, anchors=[Anchor(head.chain_uid, 3, "c" * 64)])

    assert [(fault.kind, fault.first) for fault in report.faults] == [(FaultKind.REWRITTEN, 3)]


def test_a_chain_that_is_gone_shows_against_a_published_head(sessions: Sessions) -> None:
    anchor = Anchor(uuid4(), 4, "d" * 64)
    with sessions.reading() as session:
        (report,) = verify(session, anchors=[anchor])

    assert [fault.kind for fault in report.faults] == [FaultKind.CHAIN_MISSING]


def test_what_is_no_entry_at_all_is_reported_and_not_a_crash(sessions: Sessions) -> None:
    fill(sessions)
    if not sessions.is_sqlite:
        return  # PostgreSQL refuses such values itself
    tamper(sessions, "UPDATE trail_entry SET at = 'yesterday' WHERE position = 2")

    assert [kind for kind, _, _ in found(sessions)] == ["unreadable"]


CHANGES = {
    "uid": st.uuids(),
    "position": st.integers(6, 2**31 - 1) | st.integers(-10, 0),
    "at": st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
    | st.just(NOW + timedelta(microseconds=1)),
    "account_uid": st.uuids(),
    "organisation_uid": st.uuids(),
    "role": st.text("abc", max_size=40),
    "action": st.text("abc:-", max_size=90),
    "subject_kind": st.text("abc", max_size=40),
    "subject_uid": st.uuids(),
    "commitment": st.text("0123456789abcdef", min_size=64, max_size=64),
    "previous_hash": st.text("0123456789abcdef", min_size=64, max_size=64),
    "hash": st.text("0123456789abcdef", min_size=64, max_size=64),
}
VALUE_CHANGES = {
    "salt": st.none() | st.text("0123456789abcdefxyz", max_size=64),
    "body": st.none()
    | st.dictionaries(st.text("abn", max_size=3), st.integers(-9, 9) | st.booleans(), max_size=3),
    "erased_at": st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "erased_by_uid": st.uuids(),
}


@pytest.mark.parametrize(
    ("kind", "name"),
    [(Entry, name) for name in CHANGES] + [(Value, name) for name in VALUE_CHANGES],
)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_change_of_any_field_is_found(
    sessions: Sessions, kind: type[Entry] | type[Value], name: str, data: st.DataObject
) -> None:
    if not _has_entries(sessions):
        fill(sessions)
    number = data.draw(st.integers(1, FIVE), label="entry")
    value = data.draw((CHANGES if kind is Entry else VALUE_CHANGES)[name], label="value")

    changed, faults = _try_change(sessions, kind, name, number, value)

    assert bool(faults) == changed


class _UndoError(Exception):
    """Leaves a transaction without keeping anything."""


def _try_change(
    sessions: Sessions, kind: type[Entry] | type[Value], name: str, number: int, value: object
) -> tuple[bool, list[object]]:
    with pytest.raises(_UndoError), sessions.begin() as session:  # noqa: PT012
        row = session.get(kind, number)
        changed = getattr(row, name) != value
        setattr(row, name, value)
        session.flush()
        faults: list[object] = [f for report in verify(session) for f in report.faults]
        raise _UndoError
    return changed, faults


def _has_entries(sessions: Sessions) -> bool:
    with sessions.reading() as session:
        return session.exec(select(Chain)).first() is not None


def _erase(sessions: Sessions, entry: UUID) -> None:
    asked = ask_erasure(
        sessions, author=STEWARD, at=NOW, entry_uid=entry, reason=ErasureReason.PERSON
    )
    grant_erasure(sessions, author=OTHER_STEWARD, at=NOW, erasure_uid=asked)


def test_two_stewards_blank_a_value_and_the_chain_still_verifies(sessions: Sessions) -> None:
    made = fill(sessions)
    _erase(sessions, made[1])
    with sessions.reading() as session:
        listed = entries(session, plan_uid=None, limit=10)

    assert found(sessions) == []
    assert [(e.values, e.erased_at) for e in listed if e.uid == made[1]] == [(None, NOW)]


def test_an_erasure_is_itself_in_the_trail(sessions: Sessions) -> None:
    made = fill(sessions)
    _erase(sessions, made[1])
    with sessions.reading() as session:
        newest = entries(session, plan_uid=None, limit=2)

    assert [(e.action, e.subject_uid, e.author) for e in newest] == [
        ("trail:value:erased", made[1], OTHER_STEWARD),
        ("trail:value:erasure-asked", made[1], STEWARD),
    ]


@pytest.mark.parametrize(
    "field", ["erased_at = '2020-01-01 00:00:00'", f"erased_by_uid = '{FORGED}'"]
)
def test_a_changed_tombstone_is_found(sessions: Sessions, field: str) -> None:
    made = fill(sessions)
    _erase(sessions, made[1])
    tamper(sessions, f"UPDATE trail_value SET {field} WHERE entry_id = 2")

    assert found(sessions) == [("value-blanked", 2, 2)]


def test_the_steward_who_asked_cannot_grant(sessions: Sessions) -> None:
    made = fill(sessions)
    asked = ask_erasure(
        sessions, author=STEWARD, at=NOW, entry_uid=made[0], reason=ErasureReason.CASE
    )
    with pytest.raises(Forbidden, match="second steward"):
        grant_erasure(sessions, author=STEWARD, at=NOW, erasure_uid=asked)
    with sessions.reading() as session:
        assert _value(session, 1).body == {"n": 0}


def test_only_stewards_erase(sessions: Sessions) -> None:
    made = fill(sessions)
    with pytest.raises(Forbidden, match="Only a steward"):
        ask_erasure(sessions, author=PLANNER, at=NOW, entry_uid=made[0], reason=ErasureReason.CASE)
    with sessions.reading() as session:
        assert _value(session, 1).erased_at is None


def test_an_erased_value_cannot_be_erased_again(sessions: Sessions) -> None:
    made = fill(sessions)
    _erase(sessions, made[0])
    with pytest.raises(Conflict, match="erased before"):
        _erase(sessions, made[0])
    assert found(sessions) == []


def test_an_unknown_entry_cannot_be_erased(sessions: Sessions) -> None:
    with pytest.raises(NotFound):
        _erase(sessions, uuid4())
    with sessions.reading() as session:
        assert heads(session) == []


def _value(session: Session, number: int) -> Value:
    return session.exec(select(Value).where(Value.entry_id == number)).one()
