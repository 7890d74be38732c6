"""Puts letters about interests into the outbox; nothing is sent from here.

A letter leaves the house: one about a restricted function has a number and a link, nothing else.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.money.commands.frame import Desk
from unbroken.money.models_interest import Interest
from unbroken.money.queries.interests import is_restricted, receivers_of
from unbroken.money.rules.amounts import to_amount
from unbroken.money.rules.answering import NUMBER_LENGTH, TOPIC, Tells
from unbroken.outbox.commands import Draft, put
from unbroken.people.models import Account, Organisation, RoleGrant
from unbroken.people.queries.actors import actor_of
from unbroken.people.rules import AccountState, Place, Role
from unbroken.plans.queries.timetables import titles_of


def relay(desk: Desk, interest: Interest, tells: Tells) -> None:
    """Put a letter to each role mailbox of the receivers meant; without any, to the planners."""
    bodies = [each.uid for each in receivers_of(desk.session, interest)]
    found = _accounts(desk.session, Role.COUNTRY_TEAM, desk.place, bodies) if bodies else []
    told = found or _accounts(desk.session, Role.PLANNER, desk.place)
    donor = desk.session.get_one(Organisation, interest.organisation_id)
    facts = _facts(desk, interest, tells, {"donor": donor.name, **_wish(interest)})
    _put(desk.session, interest, facts, told)


def relay_answer(desk: Desk, interest: Interest) -> None:
    """Put a letter to the mailbox that registered, while it is open: that there is an answer."""
    account = desk.session.get_one(Account, interest.account_id)
    if account.state is not AccountState.ACTIVE:
        return
    said: dict[str, object] = {"answer": interest.answer, "answer_note": interest.answer_note}
    _put(desk.session, interest, _facts(desk, interest, Tells.ANSWERED, said), [account])


def _put(
    session: Session, interest: Interest, facts: dict[str, object], told: Sequence[Account]
) -> None:
    for account in told:
        body = facts | {"account": account.uid, "language": account.language}
        key = f"interest:{interest.uid}:{interest.version}:{account.uid}"
        put(session, Draft(TOPIC, key, account.mailbox, body))


def _wish(interest: Interest) -> dict[str, object]:
    amount = None if interest.units is None else to_amount(interest.units)
    return {"amount": amount, "currency": interest.currency, "note": interest.note}


def _facts(
    desk: Desk, interest: Interest, tells: Tells, said: dict[str, object]
) -> dict[str, object]:
    facts: dict[str, object] = {
        "tells": tells,
        "number": interest.uid.hex[:NUMBER_LENGTH],
        "link": f"/money/interests/{interest.uid}",
    }
    if is_restricted(desk.session, desk.plan, interest.function_code):
        return facts
    titles = titles_of(desk.session, desk.plan.edition)
    return facts | {
        "plan": desk.plan.title,
        "plan_slug": desk.plan.slug,
        "function": titles[interest.function_code],
        "function_code": interest.function_code,
        **said,
    }


def _accounts(
    session: Session, role: Role, place: Place, organisations: Sequence[UUID] = ()
) -> list[Account]:
    """Return the open mailboxes with a role there, of these organisations or of any, by handle."""
    holders = select(RoleGrant.account_id).where(RoleGrant.role == role)
    query = select(Account).where(
        Account.state == AccountState.ACTIVE, col(Account.id).in_(holders)
    )
    if organisations:
        body = select(Organisation.id).where(col(Organisation.uid).in_(organisations))
        query = query.where(col(Account.organisation_id).in_(body))
    rows = session.exec(query.order_by(col(Account.handle)))
    return [row for row in rows if actor_of(session, row).has(role, place)]
