"""Ways into the demonstration: sign-in links and tokens, one for each role."""

from collections.abc import Mapping
from datetime import timedelta

from sqlmodel import Session, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import NotFound
from unbroken.kit.instance import read_instance
from unbroken.people.commands.links import MadeLink
from unbroken.people.commands.sign_in_links import make_sign_in_link
from unbroken.people.commands.tokens import NewToken, make_token
from unbroken.people.models import Account
from unbroken.people.queries.actors import actor_by_handle

HANDLES: Mapping[str, str] = {
    "planner": "planner",
    "country_team": "country-team",
    "country_team_field": "country-team-field",
    "co_chair": "co-chair",
    "donor": "donor",
    "observer": "observer",
    "steward": "steward",
}
"""The handle of the account that stands for each role."""

TOKEN_LIVES = timedelta(days=90)
TOKEN_NAME = "demonstration"  # noqa: S105 - what the token is called


def sign_in_links(sessions: Sessions, *, clock: Clock) -> Mapping[str, MadeLink]:
    """Return a fresh link for each role that signs in once; older unused ones end.

    ``clock`` is the machine's own: links do not live by the day that a demonstration plays.

    Raises:
        Forbidden: this instance is no demonstration.
        NotFound: nothing is loaded.
    """
    with sessions.reading() as session:
        demonstration = read_instance(session).is_demonstration
        accounts = {role: _account(session, handle) for role, handle in HANDLES.items()}
    return {
        role: make_sign_in_link(sessions, account.uid, clock=clock, demonstration=demonstration)
        for role, account in accounts.items()
    }


def tokens(sessions: Sessions, *, clock: Clock) -> Mapping[str, str]:
    """Return a fresh bearer token for each role; earlier ones stay valid until their own end.

    ``clock`` is the machine's own, as for links.

    Raises:
        NotFound: nothing is loaded.
    """
    with sessions.reading() as session:
        actors = {role: actor_by_handle(session, handle) for role, handle in HANDLES.items()}
    order = NewToken(TOKEN_NAME, TOKEN_LIVES)
    return {
        role: make_token(sessions, order, actor=actor, clock=clock).secret
        for role, actor in actors.items()
    }


def _account(session: Session, handle: str) -> Account:
    found = session.exec(select(Account).where(Account.handle == handle)).first()
    if found is None:
        raise NotFound("There is no account {handle}.", remedy="Load first.", handle=handle)
    return found
