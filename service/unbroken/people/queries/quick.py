"""Whose token it is, in one prepared read."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, literal_column, select

from unbroken.kit.db import Sessions, table
from unbroken.people import models
from unbroken.people.rules.actors import Grant
from unbroken.people.rules.lives import SEEN_EVERY, is_seen_due

_LOADED = models  # its import fills the metadata
token, account, given = table("bearer_token"), table("account"), table("role_grant")
Scope = tuple[tuple[str, str, str], ...]
"""What an answer depends on of its reader: role, country and plan of each grant, in order."""


class Visited(NamedTuple):
    """What whoever comes with a token sees, and until when that holds if nothing is committed."""

    scope: Scope
    until: datetime


def scope_of(grants: tuple[Grant, ...]) -> Scope:
    """Return what answers depend on of these grants, whoever holds them."""
    return _scope((each.role.value, each.country_iso3, each.plan_uid) for each in grants)


def quick_statement() -> Select[*tuple[Any, ...]]:
    """Return the statement behind ``quick_visit``; make it once, as it is prepared by identity."""
    return (
        select(
            token.c.expires_at,
            token.c.used_at,
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
    sessions: Sessions, statement: Select[*tuple[Any, ...]], secret_hash: str, *, at: datetime
) -> Visited | None:
    """Return what whoever comes with a token sees, asked of the database.

    Nothing where the token is unknown, revoked or expired, its account closed, or where its use is
    to be written down: then the ordinary way has to be gone.
    """
    rows = sessions.quick(statement, {"secret_hash": secret_hash})
    if not rows:
        return None
    expires_at, used_at = rows[0][:2]
    used = None if used_at is None else _instant(used_at)
    if used is None or at >= _instant(expires_at) or is_seen_due(used, at=at):
        return None
    scope = _scope(row[2:] for row in rows if row[2] is not None)
    return Visited(scope, min(_instant(expires_at), used + SEEN_EVERY))


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
