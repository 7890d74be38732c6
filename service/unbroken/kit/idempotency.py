"""Requests that may be sent twice and count once.

A request is entered before its act and settled after it. If the process dies in between nobody
knows whether the act happened; the key then stays taken until it is forgotten: doing it twice would
be worse. Source: IETF draft idempotency-key-header-07 (October 2025).
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Text, UniqueConstraint, delete, update
from sqlmodel import Field, Session, SQLModel, col, select

from unbroken.kit.db import Sessions, enum_column, json_column, put_if_absent, rows_changed
from unbroken.kit.errors import Conflict, Invalid, Problem
from unbroken.kit.languages import gettext as _

KEY_LENGTH = 255
FORGOTTEN_AT_ONCE = 500


class StillRunning(Conflict):
    """The same request is still running, or was cut off before it answered."""

    remedy = _("Wait a little and send it again; if it stays so, look whether it took effect.")


class RequestState(StrEnum):
    """Whether a request's answer is known."""

    RUNNING = "running"
    DONE = "done"


class IdempotencyKey(SQLModel, table=True):
    """One request of an account under a key that the client chose, and its answer."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("account_uid", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    account_uid: UUID
    key: str = Field(max_length=KEY_LENGTH)
    request_digest: str = Field(max_length=64)
    state: RequestState = Field(sa_column=enum_column(RequestState, "state"))
    status: int | None = Field(default=None)
    body: str | None = Field(default=None, sa_type=Text)
    headers: dict[str, str] | None = Field(
        default=None, sa_column=json_column("headers", nullable=True)
    )
    created_at: datetime = Field(index=True)


@dataclass(frozen=True, slots=True)
class Request:
    """Who sends what: the client's ``key`` and a digest over method, path and body."""

    account_uid: UUID
    key: str
    request_digest: str


@dataclass(frozen=True, slots=True)
class New:
    """The request was never seen: do it, then ``finish_request`` or ``drop_request``."""

    request: Request


@dataclass(frozen=True, slots=True)
class Replay:
    """The request was done before: send this answer again and do nothing."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def begin_request(
    sessions: Sessions, request: Request, *, at: datetime, retake_before: datetime | None = None
) -> New | Replay:
    """Enter ``request`` in a transaction of its own; return whether to do it or what to answer.

    ``retake_before`` is for acts that name the state they were decided on, so that doing one twice
    is refused anyway: what has been running since before that instant was cut off; it is done anew.

    Raises:
        Invalid: the key is empty or too long, or came before with another content.
        StillRunning: the same request is running, or its process died before it answered.
    """
    _check_key(request.key)
    with sessions.begin() as session:
        is_new = put_if_absent(
            session,
            IdempotencyKey,
            {
                "account_uid": request.account_uid,
                "key": request.key,
                "request_digest": request.request_digest,
                "state": RequestState.RUNNING,
                "created_at": at,
            },
        )
        if is_new:
            return New(request)
        mine = col(IdempotencyKey.account_uid) == request.account_uid
        known = session.exec(
            select(IdempotencyKey).where(mine, col(IdempotencyKey.key) == request.key)
        ).one()
        if retake_before and _retaken(session, request, at=at, before=retake_before):
            return New(request)
        return _answer(known, request)


def finish_request(sessions: Sessions, new: New, answer: Replay) -> None:
    """Keep the ``answer`` for whoever sends the same request again."""
    with sessions.begin() as session:
        rows_changed(
            session,
            update(IdempotencyKey)
            .where(*_is_running(new.request))
            .values(
                state=RequestState.DONE,
                status=answer.status,
                body=answer.body,
                headers=answer.headers,
            ),
        )


def drop_request(sessions: Sessions, new: New) -> None:
    """Free the key: the act surely did not happen, so the client may try again with it."""
    with sessions.begin() as session:
        rows_changed(session, delete(IdempotencyKey).where(*_is_running(new.request)))


def forget_old(sessions: Sessions, *, before: datetime, limit: int = FORGOTTEN_AT_ONCE) -> int:
    """Delete keys entered before the instant ``before``, ``limit`` at most; return how many.

    Writes nothing where there is nothing to delete.
    """
    old = col(IdempotencyKey.created_at) < before
    with sessions.reading() as session:
        ids = session.exec(select(IdempotencyKey.id).where(old).limit(limit)).all()
    if not ids:
        return 0
    with sessions.begin() as session:
        return rows_changed(session, delete(IdempotencyKey).where(col(IdempotencyKey.id).in_(ids)))


def _answer(known: IdempotencyKey, request: Request) -> Replay:
    if known.request_digest != request.request_digest:
        raise Invalid(
            "This Idempotency-Key was used for another request.",
            remedy="Use a new key for a new request.",
        )
    if known.state is RequestState.RUNNING:
        raise StillRunning
    return Replay(known.status or 0, known.body or "", known.headers or {})


def _retaken(session: Session, request: Request, *, at: datetime, before: datetime) -> bool:
    old = update(IdempotencyKey).where(
        *_is_running(request), col(IdempotencyKey.created_at) < before
    )
    return rows_changed(session, old.values(created_at=at)) == 1


def _is_running(request: Request) -> tuple[ColumnElement[bool], ...]:
    return (
        col(IdempotencyKey.account_uid) == request.account_uid,
        col(IdempotencyKey.key) == request.key,
        col(IdempotencyKey.request_digest) == request.request_digest,
        col(IdempotencyKey.state) == RequestState.RUNNING,
    )


def _check_key(key: str) -> None:
    if not (0 < len(key) <= KEY_LENGTH and key.isascii() and key.isprintable()):
        problem = Problem(
            "Idempotency-Key", "is empty, too long or not plain ASCII", "Send a random UUID."
        )
        raise Invalid(problems=[problem])
