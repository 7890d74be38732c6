"""A donor says that it would pay; receivers are told by mail, planners see it, one of them answers.

The donor never learns whom the letter went to, and the same donor has one interest in a function of
a plan, however often it is registered.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.kit.clock import Clock
from unbroken.kit.currencies import is_currency
from unbroken.kit.db import Sessions, row_id
from unbroken.kit.errors import Conflict, Forbidden, NotFound, Problem
from unbroken.kit.sentences import sentence
from unbroken.money.commands.actions import MoneyAction
from unbroken.money.commands.frame import Desk
from unbroken.money.commands.relaying import relay, relay_answer
from unbroken.money.models_interest import Interest
from unbroken.money.queries.interests import interest_view, no_interest
from unbroken.money.queries.lines import functions_of
from unbroken.money.rules.amounts import to_units
from unbroken.money.rules.answering import InterestAnswer, InterestState, Tells
from unbroken.people.models import Account, Organisation
from unbroken.people.rules import Actor, Role, author_of, sight_of
from unbroken.plans.commands.acts import check_version, clean, living_plan, refuse_if
from unbroken.plans.commands.rights import require_account
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import Ref, place_of, plan_row
from unbroken.trail.commands import open_trail

NOTE_LENGTH = 280
CHANGED = ("units", "currency", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterInterest:
    """That the actor's organisation would pay for a function; ``amount`` may stay unsaid."""

    plan: Ref
    function: str
    amount: Decimal | None = None
    currency: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawInterest:
    """An interest that holds no more."""

    uid: UUID
    version_seen: int | None


@dataclass(frozen=True, slots=True)
class AnswerInterest:
    """What a donor is answered, with a short note that it reads."""

    uid: UUID
    version_seen: int | None
    answer: InterestAnswer
    note: str = ""


@dataclass(frozen=True, slots=True)
class InterestChanged:
    """An interest after an act; ``is_new`` where it was registered for the first time."""

    uid: UUID
    version: int
    is_new: bool = False


def register_interest(
    sessions: Sessions, order: RegisterInterest, *, actor: Actor, clock: Clock
) -> InterestChanged:
    """Register an interest, or let the one that stands say something else.

    What says the same as before changes nothing and writes to nobody.

    Raises:
        SignInNeeded, Forbidden: the actor is no donor there.
        NotFound: there is no such plan, or the actor may not see it.
        Invalid: the function, the amount, the currency or the note cannot be used.
        Conflict: the plan is completed or cancelled.
    """
    order = clean(order, note=NOTE_LENGTH)
    with _acting(sessions, order.plan, actor=actor, clock=clock) as desk:
        if not actor.has(Role.DONOR, desk.place):
            raise Forbidden(
                "Only a donor registers an interest.",
                remedy="Enter money that is promised or given as a contribution.",
            )
        living_plan(desk.session, desk.plan.uid)
        refuse_if(_problems(desk, order))
        said = _said(order)
        row = _standing(desk, order.function)
        is_new = row is None
        row = row or _fresh(desk, order.function)
        if not is_new and row.state is InterestState.REGISTERED and _says(row, said):
            return InterestChanged(row.uid, row.version)
        _register(desk, row, said)
        return InterestChanged(row.uid, row.version, is_new)


def withdraw_interest(
    sessions: Sessions, order: WithdrawInterest, *, actor: Actor, clock: Clock
) -> InterestChanged:
    """Withdraw an interest of the actor's organisation; once withdrawn it stays so.

    Raises:
        SignInNeeded: nobody is signed in.
        NotFound: there is no such interest, or the actor may not know of it.
        Forbidden: it is another's.
        Stale: somebody changed it since.
    """
    with _acting_on(sessions, order.uid, actor=actor, clock=clock) as (desk, row):
        if row.state is InterestState.WITHDRAWN:
            return InterestChanged(row.uid, row.version)
        if not interest_view(desk.session, row.uid, actor=actor).may_withdraw:
            raise Forbidden("Only the donor withdraws its interest.")
        check_version(order.version_seen, row.version)
        row.state, row.changed_at = InterestState.WITHDRAWN, desk.at
        desk.session.flush()
        values: dict[str, object] = {"function": row.function_code}
        desk.record(MoneyAction.INTEREST_WITHDRAWN, row.uid, values)
        relay(desk, row, Tells.WITHDRAWN)
        return InterestChanged(row.uid, row.version)


def answer_interest(
    sessions: Sessions, order: AnswerInterest, *, actor: Actor, clock: Clock
) -> InterestChanged:
    """Answer a donor as a planner of the plan, or as one of the receivers meant.

    An answer may be followed by another. The donor reads it and not whose it is.

    Raises:
        SignInNeeded: nobody is signed in.
        NotFound: there is no such interest, or the actor may not know of it.
        Forbidden: the actor neither plans there nor would get the money.
        Conflict: the interest is withdrawn.
        Stale: somebody changed it since.
        Invalid: the note is too long, or looks like a person or a telephone.
    """
    order = clean(order, note=NOTE_LENGTH)
    with _acting_on(sessions, order.uid, actor=actor, clock=clock) as (desk, row):
        _require_answering(desk, row)
        check_version(order.version_seen, row.version)
        _answer(desk, row, order)
        relay_answer(desk, row)
        return InterestChanged(row.uid, row.version)


def _answer(desk: Desk, row: Interest, order: AnswerInterest) -> None:
    row.state, row.answer, row.answer_note = InterestState.ANSWERED, order.answer, order.note
    row.answered_by_uid, row.answered_at = desk.actor.account_uid, desk.at
    row.changed_at = desk.at
    desk.session.flush()
    values: dict[str, object] = {"answer": order.answer, "note": order.note}
    values["function"] = row.function_code
    desk.record(MoneyAction.INTEREST_ANSWERED, row.uid, values)


def _require_answering(desk: Desk, row: Interest) -> None:
    if interest_view(desk.session, row.uid, actor=desk.actor).may_answer:
        return
    if row.state is InterestState.WITHDRAWN:
        raise Conflict("This interest is withdrawn; there is nothing to answer.")
    raise Forbidden("Only a planner, or who would receive the money, answers a donor.")


@contextmanager
def _acting(sessions: Sessions, plan: Ref, *, actor: Actor, clock: Clock) -> Iterator[Desk]:
    """Yield the one transaction of an act on a plan's interests; writers follow each other."""
    require_account(actor)
    now = clock.now()
    with sessions.begin() as session:
        place = place_of(session, plan, sight=sight_of(actor))
        author = author_of(actor, place)
        recorder = open_trail(session, author=author, at=now, plans=[place.plan_uid])
        yield Desk(session, plan_row(session, place.plan_uid), place, actor, now, recorder)


@contextmanager
def _acting_on(
    sessions: Sessions, uid: UUID, *, actor: Actor, clock: Clock
) -> Iterator[tuple[Desk, Interest]]:
    """Yield the same with the interest, read once the chain of its plan is locked."""
    require_account(actor)
    with sessions.reading() as session:
        interest_view(session, uid, actor=actor)
        of_plan = select(Plan.uid).join(Interest, col(Interest.plan_id) == Plan.id)
        plan = session.exec(of_plan.where(Interest.uid == uid)).one()
    try:
        with _acting(sessions, plan, actor=actor, clock=clock) as desk:
            interest_view(desk.session, uid, actor=actor)
            yield desk, desk.session.exec(select(Interest).where(Interest.uid == uid)).one()
    except NotFound:
        # that there is an interest must not tell that there is a plan
        raise no_interest(uid) from None


def _problems(desk: Desk, order: RegisterInterest) -> list[Problem]:
    found = []
    if order.function not in functions_of(desk.session, desk.plan):
        what = sentence("{code} is no function", code=order.function)
        found.append(Problem("function", what, "Give a code such as MRM-VER."))
    if order.amount is None:
        return found
    if not is_currency(order.currency):
        what = sentence("{currency} is no currency", currency=order.currency)
        found.append(Problem("currency", what, "Give its three letters, such as USD."))
    if order.amount <= 0:
        found.append(Problem("amount", "is not above 0", "Give more than 0, or leave it out."))
    elif _units(order.amount) is None:
        remedy = "Give at most four places and less than 10,000,000,000,000."
        found.append(Problem("amount", "is no amount", remedy))
    return found


def _units(amount: Decimal) -> int | None:
    try:
        return to_units(amount)
    except ValueError:
        return None


def _said(order: RegisterInterest) -> dict[str, object]:
    units = None if order.amount is None else to_units(order.amount)
    return {"units": units, "currency": order.currency if units else "", "note": order.note}


def _says(row: Interest, said: dict[str, object]) -> bool:
    return all(getattr(row, name) == said[name] for name in CHANGED)


def _standing(desk: Desk, function: str) -> Interest | None:
    own = select(Organisation.id).where(Organisation.uid == desk.actor.organisation_uid)
    query = select(Interest).where(
        Interest.plan_id == desk.plan.id,
        Interest.function_code == function,
        col(Interest.organisation_id).in_(own),
    )
    return desk.session.exec(query).first()


def _fresh(desk: Desk, function: str) -> Interest:
    account = _account(desk.session, desk.actor)
    return Interest(
        account_id=row_id(account),
        organisation_id=account.organisation_id,
        plan_id=row_id(desk.plan),
        function_code=function,
        state=InterestState.REGISTERED,
        registered_at=desk.at,
        changed_at=desk.at,
    )


def _account(session: Session, actor: Actor) -> Account:
    return session.exec(select(Account).where(Account.uid == actor.account_uid)).one()


def _register(desk: Desk, row: Interest, said: dict[str, object]) -> None:
    row.sqlmodel_update(said)
    row.state, row.changed_at = InterestState.REGISTERED, desk.at
    row.account_id = row_id(_account(desk.session, desk.actor))
    row.answer, row.answer_note, row.answered_by_uid, row.answered_at = None, "", None, None
    desk.session.add(row)
    desk.session.flush()
    values = {"function": row.function_code, **said}
    desk.record(MoneyAction.INTEREST_REGISTERED, row.uid, values)
    relay(desk, row, Tells.REGISTERED)
