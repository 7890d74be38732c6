"""What the headings of an organisation's workbooks mean, remembered for its next one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from unbroken.kit.db import Sessions, put_if_absent, rows_changed
from unbroken.people.rules import Actor
from unbroken.workbooks.models import HeadingMapping
from unbroken.workbooks.plan_fields import TableKind, folded, slots_by_name
from unbroken.workbooks.plan_files import Choice
from unbroken.workbooks.plan_mapping import Memory


def memory_of(session: Session, actor: Actor) -> Memory:
    """Return what the actor's organisation chose before; fields that are gone are left out."""
    if actor.organisation_uid is None:
        return {}
    kinds = {kind.value: kind for kind in TableKind}
    rows = session.exec(
        select(HeadingMapping).where(
            HeadingMapping.organisation_uid == actor.organisation_uid,
            col(HeadingMapping.kind).in_(kinds),
        )
    )
    found = {(kinds[row.kind], row.heading): row.slot for row in rows}
    return {
        (kind, heading): slot
        for (kind, heading), slot in found.items()
        if not slot or slot in slots_by_name(kind)
    }


def remember_headings(sessions: Sessions, choices: Sequence[Choice], *, actor: Actor) -> None:
    """Keep what each heading means for the actor's organisation; the newest choice holds.

    A heading that stands twice in its table is not kept: it means two things.
    """
    if actor.organisation_uid is None:
        return
    with sessions.begin() as session:
        for choice in choices:
            for column, slot in zip(choice.table.columns, choice.slots, strict=True):
                heading = folded(column.heading)
                if heading and heading not in choice.table.proposal.twice:
                    kind = choice.table.kind
                    _keep(session, actor.organisation_uid, kind, heading=heading, slot=slot)


def _keep(
    session: Session, organisation: UUID, kind: TableKind, *, heading: str, slot: str
) -> None:
    key = {"organisation_uid": organisation, "kind": kind.value, "heading": heading}
    row = HeadingMapping(organisation_uid=organisation, kind=kind, heading=heading, slot=slot)
    if put_if_absent(session, HeadingMapping, {**key, "uid": row.uid, "slot": slot}):
        return
    mine = [getattr(HeadingMapping, name) == value for name, value in key.items()]
    rows_changed(session, update(HeadingMapping).where(*mine).values(slot=slot))
