"""Blanks values of the trail, by two stewards and on the record; the chain goes on verifying."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, NotFound
from unbroken.trail import rules
from unbroken.trail.commands.recording import open_trail
from unbroken.trail.models import Chain, Entry, Erasure, Value
from unbroken.trail.rules import Author, ErasureReason, TrailAction


def ask_erasure(
    sessions: Sessions, *, author: Author, at: datetime, entry_uid: UUID, reason: ErasureReason
) -> UUID:
    """Enter a steward's request to blank the values of one entry and return the request's UUID.

    Raises:
        Forbidden: not a steward.
        NotFound: there is no such entry.
        Conflict: its values are gone already.
    """
    rules.check_asker(author)
    with sessions.begin() as session:
        plan = _plan_of(session, entry_uid)
        recorder = open_trail(session, author=author, at=at, plans=() if plan is None else (plan,))
        if _value_of(session, entry_uid).erased_at is not None:
            raise Conflict("These values were erased before.", remedy="Nothing is left to do.")
        erasure = Erasure(
            entry_uid=entry_uid, reason_code=reason, asked_by_uid=author.account_uid, asked_at=at
        )
        session.add(erasure)
        recorder.record(
            TrailAction.ERASURE_ASKED,
            kind="entry",
            subject=entry_uid,
            values={"erasure": erasure.uid, "reason": reason},
        )
        return erasure.uid


def grant_erasure(sessions: Sessions, *, author: Author, at: datetime, erasure_uid: UUID) -> None:
    """Blank the values and the salt; what stays says who asked, who granted, when and why.

    Raises:
        Forbidden: not a steward, or the one who asked.
        NotFound: there is no such request.
        Conflict: the values are gone already.
    """
    with sessions.begin() as session:
        erasure = _erasure(session, erasure_uid)
        plan = _plan_of(session, erasure.entry_uid)
        recorder = open_trail(session, author=author, at=at, plans=() if plan is None else (plan,))
        session.refresh(erasure)
        rules.check_granter(author, asked_by=erasure.asked_by_uid, granted_at=erasure.granted_at)
        _blank(session, erasure, author=author, at=at)
        recorder.record(
            TrailAction.ERASED,
            kind="entry",
            subject=erasure.entry_uid,
            values={"erasure": erasure.uid, "reason": erasure.reason_code},
        )


def _blank(session: Session, erasure: Erasure, *, author: Author, at: datetime) -> None:
    value = _value_of(session, erasure.entry_uid)
    if value.erased_at is not None:
        raise Conflict("These values were erased before.", remedy="Nothing is left to do.")
    value.salt, value.body = None, None
    value.erased_at, value.erased_by_uid = at, author.account_uid
    erasure.granted_at, erasure.granted_by_uid = at, author.account_uid
    session.add_all([value, erasure])
    session.flush()


def _plan_of(session: Session, entry_uid: UUID) -> UUID | None:
    # Read before the lock: entries never move from chain to chain.
    found = session.exec(
        select(Chain).join(Entry, col(Entry.chain_id) == Chain.id).where(Entry.uid == entry_uid)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found.plan_uid


def _value_of(session: Session, entry_uid: UUID) -> Value:
    found = session.exec(
        select(Value).join(Entry, col(Entry.id) == Value.entry_id).where(Entry.uid == entry_uid)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def _erasure(session: Session, uid: UUID) -> Erasure:
    found = session.exec(select(Erasure).where(Erasure.uid == uid)).one_or_none()
    if found is None:
        raise NotFound
    return found
