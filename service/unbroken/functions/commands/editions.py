"""Loading an edition, once and for all."""

import re
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from unbroken.functions.commands.acts import CatalogueAction, require_steward
from unbroken.functions.models import ChecklistItemRow, EditionRow, FunctionRow
from unbroken.functions.queries import loaded_edition
from unbroken.functions.rules import (
    Edition,
    Function,
    Item,
    differences,
    dump,
    edition_uid,
    function_uid,
    item_uid,
)
from unbroken.kit.canonical import digest
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid
from unbroken.people.rules import Actor, author_of
from unbroken.trail.commands import open_trail

MOST_NAMED = 10
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,39}")


def load_edition(sessions: Sessions, *, edition: Edition, actor: Actor, clock: Clock) -> UUID:
    """Write ``edition`` where it is not loaded yet; return its UUID, the same on every instance.

    A loaded edition never changes: loading the same content again does nothing.

    Raises:
        Forbidden: the actor is neither a steward nor the system itself.
        Invalid: its name is none for an edition.
        Conflict: an edition of this name is loaded with other content; says what differs.
    """
    require_steward(actor)
    _require_name(edition.name)
    now = clock.now()
    with sessions.begin() as session:
        # The lock on the chain's head makes two loaders follow one another on both databases.
        trail = open_trail(session, author=author_of(actor, None), at=now, instance=True)
        query = select(EditionRow.digest).where(EditionRow.name == edition.name)
        known = session.exec(query).one_or_none()
        if known is None:
            _write(session, edition=edition, now=now)
            trail.record(
                CatalogueAction.EDITION_LOADED,
                kind="edition",
                subject=edition_uid(edition.name),
                values=_summary(edition),
            )
        elif known != edition.digest:
            raise _changed(session, edition=edition)
    return edition_uid(edition.name)


def _require_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise Invalid(
            "{name} is no name for an edition.",
            remedy="Name the folder like 2026.1: letters, digits and . _ - +, at most 40 of them.",
            name=name,
        )


def _write(session: Session, *, edition: Edition, now: datetime) -> None:
    row = EditionRow(
        uid=edition_uid(edition.name), name=edition.name, digest=edition.digest, loaded_at=now
    )
    session.add(row)
    session.flush()
    session.add_all(_function_row(row, function) for function in edition.functions.values())
    for function in edition.functions.values():
        session.add_all(_item_row(row, function.code, item=item) for item in function.items)


def _summary(edition: Edition) -> dict[str, object]:
    return {
        "edition": edition.name,
        "digest": edition.digest,
        "functions": len(edition.functions),
        "items": sum(len(function.items) for function in edition.functions.values()),
    }


def _function_row(edition: EditionRow, function: Function) -> FunctionRow:
    return FunctionRow(
        uid=function_uid(edition.name, function.code),
        edition_id=_number(edition),
        code=function.code,
        tier=function.tier,
        level=function.level,
        restricted=function.restricted,
        body={**dump(function)},
    )


def _item_row(edition: EditionRow, code: str, *, item: Item) -> ChecklistItemRow:
    return ChecklistItemRow(
        uid=item_uid(edition.name, code, item.id),
        edition_id=_number(edition),
        function_code=code,
        item_id=item.id,
        dimension=item.dimension,
        milestone=item.milestone,
        text_digest=digest(item.text),
    )


def _number(edition: EditionRow) -> int:
    if edition.id is None:
        raise RuntimeError("an edition has its number only once it is flushed")
    return edition.id


def _changed(session: Session, *, edition: Edition) -> Conflict:
    found = differences(loaded_edition(session, edition.name), edition)
    named = "; ".join(str(one) for one in found[:MOST_NAMED])
    return Conflict(
        "Edition {edition} is loaded and cannot change. {count} things differ: {named}.",
        remedy="Make a new edition: copy the folder under a new number and change the copy.",
        edition=edition.name,
        count=len(found),
        named=named,
    )
