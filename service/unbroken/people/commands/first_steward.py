"""The first steward of a fresh instance, who invites everybody else."""

from dataclasses import dataclass

from sqlmodel import Session, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict
from unbroken.people.commands.invitations import NewAccount, create_account_in
from unbroken.people.commands.links import MadeLink, make_link_in
from unbroken.people.commands.organisations import NewOrganisation, create_organisation_in
from unbroken.people.commands.trails import people_trail
from unbroken.people.models import Account
from unbroken.people.queries.registers import active_stewards
from unbroken.people.rules import (
    SYSTEM,
    AccountState,
    Grant,
    LinkPurpose,
    OrganisationKind,
    Role,
)
from unbroken.trail.commands import Recorder


@dataclass(frozen=True, slots=True)
class FirstSteward:
    """The office that will administer people, and the name of its organisation."""

    organisation: str
    handle: str
    title: str
    mailbox: str
    language: str = "en"


def invite_first_steward(sessions: Sessions, order: FirstSteward, *, clock: Clock) -> MadeLink:
    """Make the organisation and the first steward's account; return its one-time link.

    For the command line on the machine itself: whoever can write to the database may begin. Asked
    again before the link was used, it returns a new link for the same handle.

    Raises:
        Conflict: there is an active steward, or the mailbox is taken.
        Invalid: names cannot be used.
    """
    at = clock.now()
    with sessions.begin() as session:
        record = people_trail(session, SYSTEM, at)
        if active_stewards(session):
            raise Conflict("There is a steward already.", remedy="Ask a steward for an account.")
        account = _invited_before(session, order) or _make(session, order, record=record)
        return make_link_in(session, account, LinkPurpose.INVITATION, at=at)


def _invited_before(session: Session, order: FirstSteward) -> Account | None:
    return session.exec(
        select(Account).where(
            Account.handle == order.handle,
            Account.mailbox == order.mailbox,
            Account.state == AccountState.INVITED,
        )
    ).first()


def _make(session: Session, order: FirstSteward, *, record: Recorder) -> Account:
    body = NewOrganisation(order.organisation, OrganisationKind.SECRETARIAT)
    made = create_organisation_in(session, body, record=record)
    account = NewAccount(
        handle=order.handle,
        title=order.title,
        mailbox=order.mailbox,
        organisation_uid=made.uid,
        grants=(Grant(Role.STEWARD),),
        language=order.language,
    )
    return create_account_in(session, account, record=record)
