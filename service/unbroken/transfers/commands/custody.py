"""Takes custody of a plan: a signed act by the body that holds it after the last day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from unbroken.kit.canonical import digest
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, new_uid, row_id
from unbroken.kit.errors import Conflict, NotFound
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place
from unbroken.plans.commands.acts import By, check_version, touch
from unbroken.plans.models import Custody
from unbroken.plans.queries.rows import Ref, country_of, plan_row
from unbroken.transfers.commands.actions import TransferAction
from unbroken.transfers.commands.frame import acting, named_plan, record, require_alive
from unbroken.transfers.queries.cases import custodian_of
from unbroken.transfers.rules.surroundings import require_may_take_custody

VERSION = 1


@dataclass(frozen=True, slots=True)
class TakeCustody:
    """A plan that the actor's own organisation will hold; ``version_seen`` is the plan's."""

    plan: Ref
    version_seen: int | None = None


@dataclass(frozen=True, slots=True)
class CustodyTaken:
    """Who holds the plan from now on."""

    custody_uid: UUID
    organisation_uid: UUID
    taken_on: date


def take_custody(
    sessions: Sessions, order: TakeCustody, *, actor: Actor, clock: Clock
) -> CustodyTaken:
    """Let the actor's organisation hold the plan; who takes it last holds it.

    Raises:
        SignInNeeded, Forbidden: the actor does not sign for an organisation that may hold it.
        NotFound, Stale: no such plan, or not as it was read.
        Conflict: the organisation holds it already.
    """
    with acting(sessions, named_plan(order.plan), actor=actor, clock=clock) as (session, by):
        return take_custody_in(session, order, by=by)


def take_custody_in(session: Session, order: TakeCustody, *, by: By) -> CustodyTaken:
    """Take custody within a transaction that has locked the plan's trail; raises as above."""
    plan = plan_row(session, order.plan)
    check_version(order.version_seen, plan.version)
    require_alive(plan)
    query = select(Organisation).where(Organisation.uid == by.actor.organisation_uid)
    organisation = session.exec(query).first()
    place = Place(plan.uid, country_of(session, plan))
    kind = None if organisation is None else organisation.kind
    require_may_take_custody(by.actor, place, kind=kind)
    if organisation is None:
        raise NotFound("There is no organisation that could hold the plan.")
    if custodian_of(session, plan) == organisation.uid:
        raise Conflict("This organisation holds the plan already.", remedy="Nothing is left to do.")
    custody = _custody(row_id(plan), plan.uid, organisation, by=by, on=by.today(plan))
    session.add(custody)
    session.flush()
    values = {"organisation": organisation.uid, "signature": custody.signature}
    record(by, plan, TransferAction.CUSTODY_TAKEN, row=custody, values=values)
    touch(session, plan, by=by)
    return CustodyTaken(custody.uid, organisation.uid, custody.taken_on)


def _custody(
    plan_id: int, plan_uid: UUID, organisation: Organisation, *, by: By, on: date
) -> Custody:
    uid, account = new_uid(), by.recorder.author.account_uid
    statement = {
        "version": VERSION,
        "custody": uid,
        "plan": plan_uid,
        "organisation": organisation.uid,
        "account": account,
        "at": by.at,
        "taken_on": on,
    }
    return Custody(
        uid=uid,
        plan_id=plan_id,
        organisation_id=row_id(organisation),
        taken_on=on,
        taken_at=by.at,
        taken_by_uid=account,
        signature=digest(statement),
    )
