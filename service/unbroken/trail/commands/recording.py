"""Adds to the trail, inside the transaction of the act that is recorded."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from unbroken.kit.canonical import plain
from unbroken.kit.db import new_uid, put_if_absent, rows_changed
from unbroken.trail import rules
from unbroken.trail.models import Chain, Entry, Value
from unbroken.trail.rules import Author, ChainName, Link

HEADS = "unbroken.trail.heads"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to be recorded: ``values`` are what changed, with old and new where both exist.

    ``plan`` may be left out where only one chain, or the instance's, is open.
    """

    action: str
    kind: str
    subject: UUID
    values: Mapping[str, object]
    plan: UUID | None = None


@dataclass(slots=True)
class _Head:
    """A chain's head as this transaction, which holds its lock, knows it."""

    chain_id: int
    name: ChainName
    head_hash: str
    entry_count: int


@dataclass(frozen=True, slots=True)
class Recorder:
    """Appends to the chains that ``open_trail`` locked, until its transaction ends."""

    session: Session
    author: Author
    at: datetime
    heads: dict[str, _Head] = field(repr=False)

    def record(
        self,
        action: str,
        *,
        kind: str,
        subject: UUID,
        values: Mapping[str, object],
        plan: UUID | None = None,
    ) -> UUID:
        """Append one entry and return its UUID.

        Raises:
            ValueError: the action breaks the grammar, or the chain meant was not opened.
            TypeError: a value has no canonical form (a float, a naive instant).
        """
        return self.record_all([Act(action, kind, subject, values, plan)])[0]

    def record_all(self, acts: Sequence[Act]) -> list[UUID]:
        """Append one entry per act, in order, in a few statements, and return their UUIDs.

        Raises:
            ValueError, TypeError: as ``record``; nothing is appended then.
        """
        made = [(self._head(act), act, plain(act.values)) for act in acts]
        for act in acts:
            rules.check_action(act.action)
        rows = [self._row(head, act, cast("dict[str, object]", body)) for head, act, body in made]
        if rows:
            self._store(rows)
        return [row.link.uid for row in rows]

    def _head(self, act: Act) -> _Head:
        scope = rules.scope_of(act.plan)
        if act.plan is None and scope not in self.heads and len(self.heads) == 1:
            return next(iter(self.heads.values()))
        if scope not in self.heads:
            message = f"the trail of {scope} was not opened in this transaction"
            raise ValueError(message)
        return self.heads[scope]

    def _row(self, head: _Head, act: Act, body: dict[str, object]) -> "_Row":
        salt = secrets.token_hex(rules.SALT_BYTES)
        link = Link(
            uid=new_uid(),
            position=head.entry_count + 1,
            at=self.at,
            author=self.author,
            action=str(act.action),
            subject_kind=act.kind,
            subject_uid=act.subject,
            commitment=rules.commitment(salt, body),
            previous_hash=head.head_hash,
        )
        row = _Row(head, link, rules.entry_hash(head.name, link), salt, body)
        head.head_hash, head.entry_count = row.hash, link.position
        return row

    def _store(self, rows: Sequence["_Row"]) -> None:
        connection = self.session.connection()
        adding = insert(Entry).returning(col(Entry.id), sort_by_parameter_order=True)
        ids = connection.execute(adding, [row.columns() for row in rows]).scalars().all()
        values = [
            {"entry_id": number, "salt": row.salt, "body": row.body}
            for number, row in zip(ids, rows, strict=True)
        ]
        connection.execute(insert(Value), values)
        for head in {id(row.head): row.head for row in rows}.values():
            self._move(head, sum(row.head is head for row in rows))

    def _move(self, head: _Head, added: int) -> None:
        moved = rows_changed(
            self.session,
            update(Chain)
            .where(
                col(Chain.id) == head.chain_id,
                col(Chain.entry_count) == head.entry_count - added,
            )
            .values(entry_count=head.entry_count, head_hash=head.head_hash),
        )
        if moved != 1:
            message = "a chain's head moved under its lock: nothing of this transaction may be kept"
            raise RuntimeError(message)


@dataclass(frozen=True, slots=True)
class _Row:
    """One entry about to be stored."""

    head: _Head
    link: Link
    hash: str
    salt: str
    body: dict[str, object]

    def columns(self) -> dict[str, object]:
        return {
            "uid": self.link.uid,
            "chain_id": self.head.chain_id,
            "position": self.link.position,
            "at": self.link.at,
            "account_uid": self.link.author.account_uid,
            "organisation_uid": self.link.author.organisation_uid,
            "role": self.link.author.role,
            "action": self.link.action,
            "subject_kind": self.link.subject_kind,
            "subject_uid": self.link.subject_uid,
            "commitment": self.link.commitment,
            "previous_hash": self.link.previous_hash,
            "hash": self.hash,
        }


def open_trail(
    session: Session,
    *,
    author: Author,
    at: datetime,
    plans: Iterable[UUID] = (),
    instance: bool = False,
) -> Recorder:
    """Lock the heads of the chains that will be written and return what records into them.

    Call it first in a transaction, once, with every plan it touches: heads are locked in one order
    for all, so that two acts never wait for each other. Missing chains are made. ``at`` is the
    operation's one "now". Without any plan the instance's chain is opened.
    """
    wanted: list[UUID | None] = [*{*plans}]
    if instance or not wanted:
        wanted.append(None)
    heads: dict[str, _Head] = session.info.setdefault(HEADS, {})
    scopes = {rules.scope_of(plan): plan for plan in wanted}
    unlocked = sorted(scopes.keys() - heads.keys())
    _create(session, {scope: scopes[scope] for scope in unlocked})
    _lock(session, unlocked, heads)
    return Recorder(session, author, at, {scope: heads[scope] for scope in scopes})


def _create(session: Session, wanted: Mapping[str, UUID | None]) -> None:
    # All missing chains are made before any head is locked: waiting for a rival's new chain while
    # holding a lock that the rival wants would be a deadlock.
    known = set(session.exec(select(Chain.scope).where(col(Chain.scope).in_(wanted))))
    for scope, plan in wanted.items():
        if scope not in known:
            values: dict[str, object] = {
                "uid": new_uid(),
                "scope": scope,
                "plan_uid": plan,
                "head_hash": rules.GENESIS,
                "entry_count": 0,
            }
            put_if_absent(session, Chain, values)


def _lock(session: Session, scopes: Sequence[str], heads: dict[str, _Head]) -> None:
    # SQLite ignores FOR UPDATE; there BEGIN IMMEDIATE already lets one writer in at a time.
    for scope in scopes:
        chain = session.exec(
            select(Chain)
            .where(Chain.scope == scope)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one()
        name = ChainName(chain.uid, chain.plan_uid)
        heads[scope] = _Head(chain.id or 0, name, chain.head_hash, chain.entry_count)
