"""Puts one letter for each account and period, whatever happened; nothing is sent from here."""

from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from unbroken.gaps.queries import open_counts
from unbroken.gaps.rules.words import Severity
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, new_uid, put_if_absent, row_id
from unbroken.kit.errors import Stale
from unbroken.notices.models import NoticeReader
from unbroken.notices.queries.readers import (
    Reader,
    accounts_without_reader,
    newest_notice,
    pieces_for,
    reader_of,
    readers,
    zone_for,
)
from unbroken.notices.rules.digests import Digest, digest_of, is_pressing
from unbroken.notices.rules.wishes import (
    is_at_once_due,
    is_period_due,
    period_of,
    wish_of,
)
from unbroken.outbox.commands import Draft, put
from unbroken.people.models import Account
from unbroken.people.rules import Actor

TOPIC = "digest"
WORST = Severity.CRITICAL


def welcome_readers(sessions: Sessions, *, now: datetime) -> None:
    """Note for every new account how it is told; what happened before is no news to it."""
    with sessions.reading() as session:
        new = accounts_without_reader(session)
    if not new:
        return
    with sessions.begin() as session:
        newest = newest_notice(session)
        for account, actor in new:
            _welcome(session, account, actor, newest=newest, now=now)


def put_digests(sessions: Sessions, *, clock: Clock) -> int:
    """Put every letter that is due and return how many; each thing is told an account once."""
    now = clock.now()
    with sessions.reading() as session:
        newest, pressing = newest_notice(session), newest_notice(session, severity=WORST)
        known = [each for each in readers(session) if _may_be_due(each, pressing, now=now)]
        due = [each for each in known if _is_due(session, each, newest, now=now)]
    return sum(_put(sessions, each, now=now) for each in due)


def _welcome(
    session: Session, account: Account, actor: Actor, *, newest: int, now: datetime
) -> None:
    wish = wish_of(actor.role_at(None), zone=zone_for(session, actor))
    values: dict[str, object] = {
        "uid": new_uid(),
        "version": 1,
        "account_id": row_id(account),
        "chosen": False,
        "told_to": newest,
        "told_period_on": period_of(wish, now),
        **asdict(wish),
    }
    put_if_absent(session, NoticeReader, values)


def _may_be_due(reader: Reader, pressing: int, *, now: datetime) -> bool:
    row, wish = reader.row, reader.wish
    if is_period_due(wish, told=row.told_period_on, now=now):
        return True
    is_new = pressing > row.told_to
    return is_new and is_at_once_due(wish, told_at=row.told_at, now=now)


def _is_due(session: Session, reader: Reader, newest: int, *, now: datetime) -> bool:
    if is_period_due(reader.wish, told=reader.row.told_period_on, now=now):
        return True
    # looked at without writing: what presses elsewhere is new to this reader at every turn
    return is_pressing(pieces_for(session, reader, after=reader.row.told_to, upto=newest))


def _put(sessions: Sessions, due: Reader, *, now: datetime) -> int:
    try:
        with sessions.begin() as session:
            return _put_in(session, due, now=now)
    except Stale:
        # another process told this account meanwhile, with the same news
        return 0


def _put_in(session: Session, due: Reader, *, now: datetime) -> int:
    reader = reader_of(session, due.account.uid)
    if reader is None or reader.row.version != due.row.version:
        return 0
    row, upto = reader.row, newest_notice(session)
    pieces = pieces_for(session, reader, after=row.told_to, upto=upto)
    is_due = is_period_due(reader.wish, told=row.told_period_on, now=now)
    if not is_due and not is_pressing(pieces):
        return 0
    row.told_to = upto
    if is_due:
        row.told_period_on = period_of(reader.wish, now)
    if not pieces:
        return 0
    row.told_at = now
    body = _body(session, reader, digest_of(pieces), now=now)
    key = f"digest:{reader.account.uid}:{upto}"
    put(session, Draft(TOPIC, key, reader.account.mailbox, body))
    return 1


def _body(session: Session, reader: Reader, digest: Digest, *, now: datetime) -> dict[str, object]:
    still_open = open_counts(session, actor=reader.actor)
    return {
        "account": reader.account.uid,
        "language": reader.account.language,
        "at": now,
        "count": digest.count,
        "rest": digest.rest,
        "by_kind": {kind.value: count for kind, count in digest.by_kind.items() if count},
        "by_severity": {one.value: count for one, count in digest.by_severity.items() if count},
        "open": sum(sum(counts.values()) for counts in still_open.values()),
        "lines": [
            {
                "kind": line.kind.value,
                "severity": line.severity and line.severity.value,
                "number": line.number,
                "path": line.path,
            }
            for line in digest.lines
        ],
    }
