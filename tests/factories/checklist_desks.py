"""A plan's checklist of six items, who reads it, and what may have become of an item."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session, select

from tests.factories.capacities import TODAY
from tests.factories.people import make_account
from tests.factories.transfers import Scene, make_scene
from tests.scenes import kept
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions, row_id
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Grant, OrganisationKind, Role
from unbroken.plans.models import Plan, Revision, TimetableStep
from unbroken.transfers.models import Capacity, Item, ItemComment
from unbroken.transfers.queries.checklist_counts import Counts, counts_of
from unbroken.transfers.queries.checklist_filters import (
    ChecklistFilter,
    Reading,
)
from unbroken.transfers.queries.checklists import ChecklistRow, checklist_rows
from unbroken.transfers.rules.words import CapacityState

Change = Callable[[Session, Item], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """A scene with two functions passed to the agency, and who reads their checklist."""

    scene: Scene
    plan: str

    def reading(self, actor: Actor | None = None, *, detail: bool = True) -> Reading:
        """Return how ``actor`` (the planner) reads today."""
        return Reading(actor=actor or self.scene.planner, on=TODAY, detail=detail)

    def rows(
        self,
        reading: Reading | None = None,
        *,
        language: str = "en",
        **wanted: Any,  # noqa: ANN401
    ) -> tuple[ChecklistRow, ...]:
        """Return the first page of what is wanted."""
        found = replace(ChecklistFilter(plan=self.plan), **wanted)
        with self.scene.sessions.reading() as session:
            return checklist_rows(
                session, found, reading=reading or self.reading(), language=language
            )

    def ids(self, reading: Reading | None = None, **wanted: Any) -> list[str]:  # noqa: ANN401
        """Return the ids of the items wanted, in their order."""
        return [row.item_id for row in self.rows(reading, **wanted)]

    def counts(self, **wanted: Any) -> Counts:  # noqa: ANN401
        """Return the counts beside the filters."""
        found = replace(ChecklistFilter(plan=self.plan), **wanted)
        with self.scene.sessions.reading() as session:
            return counts_of(session, found, reading=self.reading())

    def change(self, item_id: str, change: Change) -> UUID:
        """Change one item behind the commands, and return its UUID."""
        with self.scene.sessions.begin() as session:
            item = session.exec(select(Item).where(Item.item_id == item_id)).one()
            change(session, item)
            session.add(item)
            return item.uid


@kept
def make_desk(sessions: Sessions, clock: FixedClock) -> Desk:
    """Return six items: MRM-VER-01 to -03 of tier 1 and DIG-REP-01 to -03 of tier 3, all open.

    They are due on the first three days of May, and of June; their work begins on 1 April.
    """
    scene = make_scene(sessions, clock)
    scene.named("MRM-VER")
    scene.named("DIG-REP")
    with sessions.begin() as session:
        plan = session.exec(select(Plan)).one()
        for code, month in (("MRM-VER", 5), ("DIG-REP", 6)):
            for number in (1, 2, 3):
                _date(session, f"{code}-{number:02}", date(2026, month, number), date(2026, 4, 1))
        return Desk(scene, plan.slug)


def _date(session: Session, item_id: str, due_on: date, begins_on: date) -> None:
    item = session.exec(select(Item).where(Item.item_id == item_id)).one()
    revision = session.exec(select(Revision)).one()
    session.add(
        TimetableStep(
            revision_id=row_id(revision),
            function_area_id=item.function_area_id,
            step=item.step,
            due_on=due_on,
            latest_start_on=begins_on,
            cannot_be_met=False,
        )
    )
    session.flush()


def dated(due_on: date, *, begins_on: date = date(2026, 4, 1)) -> Change:
    """Return the change that dates an item so."""

    def change(session: Session, item: Item) -> None:
        step = session.exec(select(TimetableStep).where(TimetableStep.step == item.step)).one()
        step.due_on, step.latest_start_on = due_on, begins_on
        session.add(step)

    return change


def facts(**facts: object) -> Change:
    """Return the change that sets these columns."""

    def change(_session: Session, item: Item) -> None:
        for name, value in facts.items():
            setattr(item, name, value)

    return change


def undated(session: Session, item: Item) -> None:
    """Take the item out of the timetable."""
    step = session.exec(select(TimetableStep).where(TimetableStep.step == item.step)).one()
    session.delete(step)


def assigned(session: Session, item: Item) -> None:
    """Assign the item to the authority."""
    query = select(Organisation.id).where(Organisation.kind == OrganisationKind.AUTHORITY)
    item.assigned_to_id = session.exec(query).one()


def commented(session: Session, item: Item) -> None:
    """Say something about the item."""
    session.add(_comment(item))


def comment_withdrawn(session: Session, item: Item) -> None:
    """Say something about the item and take it back."""
    comment = _comment(item)
    comment.withdrawn_at = comment.at
    session.add(comment)


def _comment(item: Item) -> ItemComment:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return ItemComment(item_id=row_id(item), account_uid=uuid4(), at=at, text="We began.")


def of_capacity(state: CapacityState) -> Change:
    """Return the change that puts the item's capacity in a state."""

    def change(session: Session, item: Item) -> None:
        session.get_one(Capacity, item.capacity_id).state = state

    return change


def both(*changes: Change) -> Change:
    """Return the change that makes several."""

    def change(session: Session, item: Item) -> None:
        for each in changes:
            each(session, item)

    return change


def account(desk: Desk, organisation: UUID) -> tuple[Actor, int, int]:
    """Store a planner of an organisation; return actor, account number, organisation number."""
    with desk.scene.sessions.begin() as session:
        query = select(Organisation).where(Organisation.uid == organisation)
        body = session.exec(query).one()
        known = make_account(session, grants=(Grant(Role.PLANNER),), organisation=body)
        return known.actor, row_id(known.account), row_id(body)
