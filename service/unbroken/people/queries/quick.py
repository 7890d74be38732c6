"""Whose token it is and what of an answer's ground has changed: one prepared read for both."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, bindparam, literal_column, select

from unbroken.kit.db import Sessions, table
from unbroken.people import models
from unbroken.people.rules.actors import Grant
from unbroken.people.rules.lives import hash_of, is_seen_due

_LOADED = models  # its import fills the metadata
token, account, given = table("bearer_token"), table("account"), table("role_grant")
Scope = tuple[tuple[str, str, str], ...]
"""What an answer depends on of its reader: role, country and plan of each grant, in order."""


@dataclass(frozen=True, slots=True)
class QuickVisit:
    """Who holds a living token: what they see, and the state of what the answer rests on."""

    scope: Scope
    stamp: str


def scope_of(grants: tuple[Grant, ...]) -> Scope:
    """Return what answers depend on of these grants, whoever holds them."""
    return _scope((each.role.value, each.country_iso3, each.plan_uid) for each in grants)


def quick_statement(stamp: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - any scalar of SQL
    """Return the statement behind ``quick_visit``; make it once, as it is prepared by identity."""
    return (
        select(
            token.c.expires_at,
            token.c.used_at,
            stamp.label("stamp"),
            given.c.role,
            given.c.country_iso3,
            given.c.plan_uid,
        )
        .select_from(
            token.join(account, account.c.id == token.c.account_id).outerjoin(
                given, given.c.account_id == account.c.id
            )
        )
        .where(
            token.c.secret_hash == bindparam("secret_hash"),
            token.c.ended_at.is_(None),
            account.c.state == literal_column("'active'"),
        )
    )


def quick_visit(
    sessions: Sessions, statement: Select[*tuple[Any, ...]], secret: str, *, at: datetime
) -> QuickVisit | None:
    """Return who comes with a token, asked of the database each time.

    Nothing where the token is unknown, revoked or expired, its account closed, or where its use is
    to be written down: then the ordinary way has to be gone.
    """
    rows = sessions.quick(statement, {"secret_hash": hash_of(secret)})
    if not rows:
        return None
    expires_at, used_at, stamp = rows[0][:3]
    used = None if used_at is None else _instant(used_at)
    if at >= _instant(expires_at) or is_seen_due(used, at=at):
        return None
    return QuickVisit(_scope(row[3:] for row in rows if row[3] is not None), str(stamp))


def _scope(grants: Any) -> Scope:  # noqa: ANN401 - rows of either database
    return tuple(
        sorted(
            (str(getattr(role, "value", role)), country or "", _hex(plan))
            for role, country, plan in grants
        )
    )


def _hex(uid: object) -> str:
    return "" if uid is None else str(uid).replace("-", "")


def _instant(told: str | datetime) -> datetime:
    found = datetime.fromisoformat(told) if isinstance(told, str) else told
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
