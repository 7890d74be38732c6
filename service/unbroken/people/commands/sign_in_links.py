"""Links that sign in without a password: in demonstrations only."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden
from unbroken.people.commands.links import MadeLink, account_behind, make_link_in, use_link_in
from unbroken.people.commands.openings import SignedIn, open_sign_in
from unbroken.people.commands.trails import own_trail, people_trail
from unbroken.people.models import Account
from unbroken.people.queries.registers import account_row
from unbroken.people.rules import SYSTEM, AccountState, LinkPurpose
from unbroken.people.rules.acts import PeopleAction
from unbroken.trail.commands import Recorder


@dataclass(frozen=True, slots=True)
class SignInByLink:
    """The secret of a demonstration's link and the cookie the browser came with."""

    secret: str = field(repr=False)
    previous_secret: str | None = field(default=None, repr=False)


def make_sign_in_link(
    sessions: Sessions, account_uid: UUID, *, clock: Clock, demonstration: bool
) -> MadeLink:
    """Return a new link that signs in as an account of a demonstration, once.

    Raises:
        Forbidden: this instance is no demonstration.
        NotFound: there is no such account.
        Conflict: it cannot sign in.
    """
    with sessions.begin() as session:
        record = people_trail(session, SYSTEM, clock.now())
        account = account_row(session, account_uid)
        return make_sign_in_link_in(session, account, record=record, demonstration=demonstration)


def make_sign_in_link_in(
    session: Session, account: Account, *, record: Recorder, demonstration: bool
) -> MadeLink:
    """Return a new sign-in link inside a command of the demonstration.

    Raises:
        Forbidden: this instance is no demonstration.
        Conflict: the account cannot sign in.
    """
    _require_demonstration(demonstration=demonstration)
    if account.state is not AccountState.ACTIVE:
        raise Conflict(
            "This account cannot sign in.", remedy="Choose another account of the demonstration."
        )
    record.record(PeopleAction.SIGN_IN_LINK_MADE, kind="account", subject=account.uid, values={})
    return make_link_in(session, account, LinkPurpose.SIGN_IN, at=record.at)


def sign_in_by_link(
    sessions: Sessions, order: SignInByLink, *, clock: Clock, demonstration: bool
) -> SignedIn:
    """Open a sign-in by a demonstration's link, end the one the browser came with, and return it.

    Raises:
        Forbidden: this instance is no demonstration.
        Conflict: the link is used, expired or unknown.
    """
    _require_demonstration(demonstration=demonstration)
    at = clock.now()
    with sessions.begin() as session:
        account = account_behind(session, order.secret, LinkPurpose.SIGN_IN, at=at)
        record = own_trail(session, account, at)
        use_link_in(session, order.secret, LinkPurpose.SIGN_IN, at=at)
        return open_sign_in(session, account, order.previous_secret, record=record)


def _require_demonstration(*, demonstration: bool) -> None:
    if not demonstration:
        raise Forbidden(
            "Sign-in links exist in demonstrations only.",
            remedy="Sign in with the name and the password of your account.",
        )
