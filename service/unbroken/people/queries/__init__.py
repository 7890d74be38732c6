"""What can be read of people: who acts, and the lists of organisations and accounts."""

from unbroken.people.queries.actors import (
    SessionActor,
    TokenActor,
    actor_by_handle,
    actor_by_session_secret,
    actor_by_token,
)
from unbroken.people.queries.mailboxes import mailboxes_of
from unbroken.people.queries.registers import (
    AccountView,
    OrganisationView,
    SignInView,
    TokenView,
    account_view,
    account_views,
    accounts_seen_by,
    organisation_by_slug,
    organisation_by_uid,
    organisation_views,
    sign_in_views,
    token_views,
)

__all__ = [
    "AccountView",
    "OrganisationView",
    "SessionActor",
    "SignInView",
    "TokenActor",
    "TokenView",
    "account_view",
    "account_views",
    "accounts_seen_by",
    "actor_by_handle",
    "actor_by_session_secret",
    "actor_by_token",
    "mailboxes_of",
    "organisation_by_slug",
    "organisation_by_uid",
    "organisation_views",
    "sign_in_views",
    "token_views",
]
