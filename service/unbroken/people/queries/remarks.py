"""What people said about a thing, with the organisation and the office that said it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from unbroken.people.models import Account, Organisation, Remark

LIMIT = 50


@dataclass(frozen=True, slots=True)
class RemarkView:
    """What somebody said; empty ``text`` once taken back. ``who`` and ``office`` may be empty."""

    uid: UUID
    account_uid: UUID
    who: str
    office: str
    at: datetime
    text: str
    withdrawn_at: datetime | None


def newest_remarks(
    session: Session, table: type[Remark], about: ColumnElement[bool], *, limit: int = LIMIT
) -> tuple[RemarkView, ...]:
    """Return the remarks that ``about`` holds for, the newest first."""
    rows = _remarks(session, table, (about,), limit=limit, newest_first=True)
    return tuple(view for _key, view in rows)


def remarks_after(
    session: Session,
    table: type[Remark],
    about: ColumnElement[bool],
    *,
    after: int = 0,
    limit: int = LIMIT,
) -> list[tuple[int, RemarkView]]:
    """Return the remarks that ``about`` holds for, the first first, each with its key."""
    return _remarks(session, table, (about, col(table.id) > after), limit=limit, newest_first=False)


def _remarks(
    session: Session,
    table: type[Remark],
    conditions: tuple[ColumnElement[bool], ...],
    *,
    limit: int,
    newest_first: bool,
) -> list[tuple[int, RemarkView]]:
    key = col(table.id)
    query = (
        select(table, col(Organisation.name), col(Account.title))
        .join(Organisation, col(Organisation.uid) == table.organisation_uid, isouter=True)
        .join(Account, col(Account.uid) == table.account_uid, isouter=True)
        .where(*conditions)
        .order_by(key.desc() if newest_first else key)
        .limit(limit)
    )
    return [(row.id or 0, _view(row, who, office)) for row, who, office in session.exec(query)]


def _view(row: Remark, who: str | None, office: str | None) -> RemarkView:
    return RemarkView(
        uid=row.uid,
        account_uid=row.account_uid,
        who=who or "",
        office=office or "",
        at=row.at,
        text=row.text,
        withdrawn_at=row.withdrawn_at,
    )
