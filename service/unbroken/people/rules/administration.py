"""Who may change people, and which roles may stand on one account.

Source: design, "stewards never sign for anyone": who keeps the register of people takes no part in
what the register lets people sign.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from unbroken.kit.errors import Conflict, Forbidden, Invalid, Problem, SignInNeeded
from unbroken.kit.languages import LANGUAGES
from unbroken.kit.slugs import is_slug
from unbroken.people.rules.actors import Actor, Grant, Role, Signing

COUNTRY = re.compile(r"[A-Z]{3}")
MAILBOX = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
MAILBOX_LENGTH = 254
# What a steward's account may hold beside it: reading only.
BESIDE_STEWARD = frozenset({Role.STEWARD, Role.OBSERVER})


def require_steward(actor: Actor) -> None:
    """Pass where ``actor`` may change organisations and accounts of people: a steward everywhere.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: the actor is no steward.
    """
    if may_administer_people(actor):
        return
    if actor.account_uid is None:
        raise SignInNeeded
    raise Forbidden(
        "Only a steward changes people and organisations.", remedy="Ask a steward of this instance."
    )


def may_administer_people(actor: Actor) -> bool:
    """Return whether ``actor`` is a steward everywhere."""
    return actor.account_uid is not None and _is_steward(actor.grants)


def require_own_or_steward(actor: Actor, account_uid: UUID) -> None:
    """Pass where ``actor`` may end sign-ins and tokens of an account: its own, or as a steward.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: another's account.
    """
    if actor.account_uid is None or actor.account_uid != account_uid:
        require_steward(actor)


def require_grantable(actor: Actor, *, account_uid: UUID | None, grants: Sequence[Grant]) -> None:
    """Pass where ``actor`` may give an account ``grants``; ``None`` is an account not made yet.

    On its own account a steward may take roles away and never add one, so that nobody gives itself
    a right to act or to sign.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: the actor is no steward, or adds a role to itself.
        Invalid: the grants contradict themselves or each other.
    """
    require_steward(actor)
    if account_uid == actor.account_uid and set(grants) - set(actor.grants):
        raise Forbidden(
            "Nobody gives a role to their own account.", remedy="Ask another steward to do it."
        )
    problems = problems_of_grants(grants)
    if problems:
        raise Invalid(problems=problems)


def problems_of_grants(grants: Sequence[Grant]) -> tuple[Problem, ...]:
    """Return what is wrong with the roles of one account, in their order; may be empty."""
    each = (problem for n, grant in enumerate(grants) for problem in _problems_of(n, grant))
    return (*each, *_problems_together(grants))


def require_another_steward(account_uid: UUID, *, others: Iterable[UUID]) -> None:
    """Pass where an active steward is left when ``account_uid`` is none any more.

    Raises:
        Conflict: nobody could administer people.
    """
    if not set(others) - {account_uid}:
        raise Conflict(
            "This is the last active steward.", remedy="Let another steward be active first."
        )


def problems_of_account(*, handle: str, mailbox: str, language: str) -> tuple[Problem, ...]:
    """Return what is wrong with an account's names and language; empty when all can be used."""
    problems = []
    if not is_slug(handle):
        problems.append(
            Problem("handle", "is not a short name", "Use a-z, 0-9 and single hyphens, at most 80.")
        )
    if len(mailbox) > MAILBOX_LENGTH or not MAILBOX.fullmatch(mailbox):
        problems.append(
            Problem("mailbox", "is not a mail address", "Give the address of a role, in a-z.")
        )
    if language not in LANGUAGES:
        problems.append(Problem("language", "is not spoken here", "Use en, fr, ar or es."))
    return tuple(problems)


def problems_of_country(iso3: str | None, *, path: str) -> tuple[Problem, ...]:
    """Return what is wrong with a country code; empty when it is missing or three capitals."""
    if iso3 is None or COUNTRY.fullmatch(iso3):
        return ()
    return (Problem(path, "is not a country code", "Use three capital letters of ISO 3166."),)


def _is_steward(grants: Iterable[Grant]) -> bool:
    return Grant(Role.STEWARD) in set(grants)


def _problems_of(number: int, grant: Grant) -> Iterable[Problem]:
    path = f"grants/{number}"
    if grant.signing is not Signing.NONE and grant.role is not Role.COUNTRY_TEAM:
        yield Problem(path, "answers for a receiver", "Only country-team accounts answer.")
    if grant.role is Role.STEWARD and grant != Grant(Role.STEWARD):
        yield Problem(path, "is a steward of one place", "A steward's role holds everywhere.")
    yield from problems_of_country(grant.country_iso3, path=f"{path}/country_iso3")


def _problems_together(grants: Sequence[Grant]) -> Iterable[Problem]:
    roles = {grant.role for grant in grants}
    if not grants:
        yield Problem("grants", "are missing", "Give the account at least one role.")
    if Role.STEWARD in roles and roles - BESIDE_STEWARD:
        yield Problem(
            "grants",
            "join a steward with a role that acts on plans",
            "Use two accounts: stewards never act or sign for anyone.",
        )
    places = Counter((g.role, g.country_iso3, g.plan_uid) for g in grants)
    if max(places.values(), default=0) > 1:
        yield Problem("grants", "name one role twice for one place", "Keep one of the two.")
