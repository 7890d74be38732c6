"""The frame of every act on money: who may, the lock, the cover derived anew at the end."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from unbroken.kit.clock import Clock, civil_date
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Forbidden
from unbroken.money.commands.actions import MoneyAction
from unbroken.money.commands.deriving import derive
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place, Role, author_of, sight_of
from unbroken.plans.commands.acts import living_plan
from unbroken.plans.commands.rights import may_edit, require_account
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, place_of
from unbroken.trail.commands import Act, Recorder, open_trail


@dataclass(frozen=True, slots=True)
class Desk:
    """One act on the money of a plan: who acts, when, and the recorder on the plan's chain."""

    session: Session
    plan: Plan
    place: Place
    actor: Actor
    at: datetime
    recorder: Recorder

    @property
    def today(self) -> date:
        """Return the civil date of the act where the plan is."""
        return civil_date(self.at, zone=self.plan.time_zone)

    def record(self, action: MoneyAction, line: UUID, values: dict[str, object]) -> None:
        """Add one entry about a line to the chain of the plan."""
        self.record_all([(action, line, values)])

    def record_all(self, told: Iterable[tuple[MoneyAction, UUID, dict[str, object]]]) -> None:
        """Add one entry for each act on a line to the chain of the plan, in this order."""
        acts = [
            Act(action, action.value.split(":")[1], line, values, self.plan.uid)
            for action, line, values in told
        ]
        self.recorder.record_all(acts)

    def check_right(self, receiver: Organisation | None) -> None:
        """Pass where the actor may say something of money meant for ``receiver``.

        A planner of the plan may; the country team may for its own organisation.

        Raises:
            Forbidden: neither.
        """
        if may_edit(self.actor, self.place):
            return
        is_own = receiver is not None and receiver.uid == self.actor.organisation_uid
        if not (is_own and self.actor.has(Role.COUNTRY_TEAM, self.place)):
            raise Forbidden(
                "Only a planner enters the money of a plan; a receiver enters its own.",
                remedy="Name your own organisation as the receiver, or ask a planner.",
            )


@contextmanager
def acting_on_money(sessions: Sessions, plan: Ref, *, actor: Actor, clock: Clock) -> Iterator[Desk]:
    """Yield the one transaction of an act on money; on leaving, the plan's cover is derived anew.

    Writers of one plan follow each other on both databases: the head of its chain is locked first.

    Raises:
        SignInNeeded, Forbidden: the actor may not enter money of this plan.
        NotFound: there is no such plan, or the actor may not see it.
        Conflict: the plan is completed or cancelled.
    """
    require_account(actor)
    now = clock.now()
    with sessions.begin() as session:
        place = place_of(session, plan, sight=sight_of(actor))
        _check_role(actor, place)
        author = author_of(actor, place)
        recorder = open_trail(session, author=author, at=now, plans=[place.plan_uid])
        desk = Desk(session, living_plan(session, plan), place, actor, now, recorder)
        yield desk
        session.flush()
        derive(session, desk.plan, on=desk.today, at=now)


def _check_role(actor: Actor, place: Place) -> None:
    if not may_edit(actor, place) and not actor.has(Role.COUNTRY_TEAM, place):
        raise Forbidden(
            "Only a planner or a receiver of this plan enters money.", remedy="Ask a planner."
        )


def id_of(row: Organisation | None) -> int | None:
    """Return the number of a row, ``None`` for none."""
    return None if row is None else row_id(row)
