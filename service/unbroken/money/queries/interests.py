"""Interests of donors, for those who may know: the donor, the receivers meant, who plans or reads.

A donor never learns who the receivers are: nothing here names them or who of them answered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, or_
from sqlalchemy import select as sa_select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from unbroken.functions.models import EditionRow, FunctionRow
from unbroken.kit.errors import NotFound
from unbroken.money.models import MoneyMonth, Requirement
from unbroken.money.models_interest import Interest
from unbroken.money.queries.cover import covers
from unbroken.money.rules.amounts import to_amount
from unbroken.money.rules.answering import InterestAnswer, InterestState
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place, Role, sight_of
from unbroken.plans.models import FunctionArea, Mission, Plan
from unbroken.plans.queries.rows import Ref, place_of
from unbroken.transfers.models import Transfer
from unbroken.transfers.rules.words import TransferState

LIMIT = 50
EVERY_INTEREST = (Role.PLANNER, Role.OBSERVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestView:
    """One interest; ``donor`` is a slug, ``function_title`` English.

    ``amount`` is ``None`` and ``currency`` empty where no amount is said. ``answer`` is ``None``
    until somebody answers, and after a new registration. ``version`` goes back with an act.
    """

    uid: UUID
    version: int
    plan: str
    plan_title: str
    country: str
    function: str
    function_title: str
    donor: str
    donor_name: str
    amount: Decimal | None
    currency: str
    note: str
    state: InterestState
    answer: InterestAnswer | None
    answer_note: str
    registered_at: datetime
    changed_at: datetime
    answered_at: datetime | None
    may_withdraw: bool
    may_answer: bool


@dataclass(frozen=True, slots=True)
class InterestPage:
    """Interests in the order in which they were first registered; ``after`` goes on behind them."""

    items: tuple[InterestView, ...]
    after: int | None


def interest_list(
    session: Session,
    *,
    actor: Actor,
    plan: Ref | None = None,
    state: InterestState | None = None,
    after: int = 0,
    limit: int = LIMIT,
) -> InterestPage:
    """Return the interests that ``actor`` may know of, of one plan or of all.

    Empty where there are none.

    Raises:
        NotFound: there is no such plan, or the actor may not see it.
    """
    conditions: list[ColumnElement[bool]] = [col(Interest.id) > after]
    if plan is not None:
        place = place_of(session, plan, sight=sight_of(actor))
        conditions.append(col(Plan.uid) == place.plan_uid)
    if state is not None:
        conditions.append(col(Interest.state) == state)
    statement = _seen(session, actor).where(*conditions)
    rows = session.execute(statement.order_by(col(Interest.id)).limit(limit + 1)).all()
    shown = rows[:limit]
    last = shown[-1][0].id if len(rows) > limit else None
    return InterestPage(tuple(_view(row, actor) for row in shown), last)


def interest_view(session: Session, uid: UUID, *, actor: Actor) -> InterestView:
    """Return one interest.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    row = session.execute(_seen(session, actor).where(col(Interest.uid) == uid)).first()
    if row is None:
        raise no_interest(uid)
    return _view(row, actor)


def no_interest(uid: UUID) -> NotFound:
    """Return the refusal that says nothing about whether there is one that one may not see."""
    return NotFound("There is no interest {uid}.", uid=str(uid))


def receivers_of(session: Session, interest: Interest) -> list[Organisation]:
    """Return the bodies that would get the money: who takes the function over, or asks for it.

    By slug; may be empty.
    """
    meant = or_(*_receives(Interest, col(Organisation.id)))
    query = (
        select(Organisation)
        .join(Interest, col(Interest.id) == interest.id)
        .where(meant)
        .order_by(col(Organisation.slug))
    )
    return list(session.exec(query))


def is_restricted(session: Session, plan: Plan, function: str) -> bool:
    """Return whether a function of a plan is told by number only: it, or a place of it, is hidden.

    What no edition knows is restricted too.
    """
    in_edition = select(FunctionRow.restricted).join(EditionRow)
    named = in_edition.where(EditionRow.name == plan.edition, FunctionRow.code == function)
    months = select(MoneyMonth.id).where(
        MoneyMonth.plan_id == plan.id,
        MoneyMonth.function_code == function,
        col(MoneyMonth.gone_on).is_(None),
        col(MoneyMonth.restricted),
    )
    known = session.exec(named).first()
    return known is not False or session.exec(months.limit(1)).first() is not None


def _receives(
    interest: type[Interest], organisation: Mapped[int | None] | int
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    takes_over = exists().where(
        col(Transfer.plan_id) == col(interest.plan_id),
        col(Transfer.state) == TransferState.OPEN,
        col(Transfer.receiver_id) == organisation,
        col(Transfer.function_area_id) == col(FunctionArea.id),
        col(FunctionArea.function_code) == col(interest.function_code),
    )
    asks = exists().where(
        col(Requirement.plan_id) == col(interest.plan_id),
        col(Requirement.function_code) == col(interest.function_code),
        col(Requirement.receiver_id) == organisation,
        col(Requirement.gone_on).is_(None),
    )
    return takes_over, asks


def _seen(session: Session, actor: Actor) -> Select[*tuple[Any, ...]]:
    own = select(Organisation.id).where(Organisation.uid == actor.organisation_uid)
    number = session.exec(own).first()
    is_own = false() if number is None else col(Interest.organisation_id) == number
    receives = false() if number is None else or_(*_receives(Interest, number))
    is_receiver = and_(_within(actor, (Role.COUNTRY_TEAM,)), receives)
    title = col(FunctionRow.body)["title"].as_string()
    return (
        sa_select(
            Interest,
            Plan,
            col(Mission.country_iso3),
            Organisation,
            title,
            is_own.label("is_own"),
            is_receiver.label("is_receiver"),
        )
        .join(Plan, col(Plan.id) == Interest.plan_id)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .join(Organisation, col(Organisation.id) == Interest.organisation_id)
        .outerjoin(EditionRow, col(EditionRow.name) == Plan.edition)
        .outerjoin(
            FunctionRow,
            and_(
                col(FunctionRow.edition_id) == EditionRow.id,
                col(FunctionRow.code) == Interest.function_code,
            ),
        )
        .where(covers(sight_of(actor)), or_(is_own, is_receiver, _within(actor, EVERY_INTEREST)))
    )


def _within(actor: Actor, roles: Iterable[Role]) -> ColumnElement[bool]:
    """Return the condition that a plan is one where the actor holds one of ``roles``."""
    held = tuple(grant for grant in actor.grants if grant.role in set(roles))
    return covers(sight_of(Actor(actor.account_uid, actor.handle, actor.organisation_uid, held)))


def _view(row: Row[*tuple[Any, ...]], actor: Actor) -> InterestView:
    interest, plan, country, donor, title, is_own, is_receiver = row
    place = Place(plan.uid, country)
    may_plan = actor.account_uid is not None and actor.has(Role.PLANNER, place)
    stands = interest.state is not InterestState.WITHDRAWN
    return InterestView(
        uid=interest.uid,
        version=interest.version,
        plan=plan.slug,
        plan_title=plan.title,
        country=country,
        function=interest.function_code,
        function_title=title or interest.function_code,
        donor=donor.slug,
        donor_name=donor.name,
        amount=None if interest.units is None else to_amount(interest.units),
        currency=interest.currency,
        note=interest.note,
        state=interest.state,
        answer=interest.answer,
        answer_note=interest.answer_note,
        registered_at=interest.registered_at,
        changed_at=interest.changed_at,
        answered_at=interest.answered_at,
        may_withdraw=stands and bool(is_own) and actor.has(Role.DONOR, place),
        may_answer=stands and (may_plan or bool(is_receiver)),
    )
