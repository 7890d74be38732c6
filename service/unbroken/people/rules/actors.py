"""Actors, their roles and what they see.

Accounts are role mailboxes ("CPA office, MINUSMA"), not private persons. A role holds everywhere,
for one country or for one plan.
Source: resolution 2764 (2024), elements F, G, L; need-to-know by role.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from unbroken.trail.rules import Author


class Role(StrEnum):
    """What an account is for. Stewards never sign for anyone."""

    PLANNER = "planner"
    COUNTRY_TEAM = "country-team"
    CO_CHAIR = "co-chair"
    DONOR = "donor"
    OBSERVER = "observer"
    STEWARD = "steward"


class Signing(StrEnum):
    """How far a country-team account's answer goes."""

    NONE = "none"
    RECOMMENDS = "recommends"
    SIGNS = "signs"


class OrganisationKind(StrEnum):
    """What kind of body an organisation is; a receiver may be any of them."""

    MISSION = "mission"
    COORDINATION = "coordination"
    AGENCY = "agency"
    TASK_FORCE = "task-force"
    AUTHORITY = "authority"
    REGIONAL = "regional"
    OUT_OF_COUNTRY = "out-of-country-office"
    NGO = "ngo"
    DONOR = "donor"
    SECRETARIAT = "secretariat"


class AccountState(StrEnum):
    """Whether an account can sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    CLOSED = "closed"


class LinkPurpose(StrEnum):
    """What a one-time link does; ``SIGN_IN`` exists in demonstrations only."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password-reset"  # noqa: S105
    SIGN_IN = "sign-in"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role of an account and where it holds: both ``None`` means everywhere."""

    role: Role
    signing: Signing = Signing.NONE
    country_iso3: str | None = None
    plan_uid: UUID | None = None

    def covers(self, place: "Place") -> bool:
        """Return whether this grant holds at ``place``."""
        country_fits = self.country_iso3 in (None, place.country_iso3)
        return country_fits and self.plan_uid in (None, place.plan_uid)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an act happens: a plan and its country."""

    plan_uid: UUID
    country_iso3: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or reads: an account, its organisation and its grants (may be empty)."""

    account_uid: UUID | None
    handle: str
    organisation_uid: UUID | None
    grants: tuple[Grant, ...] = ()
    language: str = "en"

    def has(self, role: Role, place: Place | None = None) -> bool:
        """Return whether the actor holds ``role`` at ``place`` (``None``: anywhere at all)."""
        return any(g.role is role and (place is None or g.covers(place)) for g in self.grants)

    def signing(self, place: Place) -> Signing:
        """Return how far the actor's answers go at ``place``: the strongest of the grants."""
        found = {g.signing for g in self.grants if g.role is Role.COUNTRY_TEAM and g.covers(place)}
        for strength in (Signing.SIGNS, Signing.RECOMMENDS):
            if strength in found:
                return strength
        return Signing.NONE

    def role_at(self, place: Place | None) -> Role | None:
        """Return the first role held at ``place``, in the order of ``Role``; it names the trail."""
        return next((role for role in Role if self.has(role, place)), None)


NOBODY = Actor(account_uid=None, handle="", organisation_uid=None)
SYSTEM = Actor(account_uid=None, handle="unbroken", organisation_uid=None)

# What the trail names where no account acted: the system itself, or somebody not known yet.
NO_ACCOUNT = UUID(int=0)
SYSTEM_ROLE = "system"


def author_of(actor: Actor, place: Place | None) -> Author:
    """Return ``actor`` as the trail names it: with the role it holds at ``place``, or anywhere.

    The system, and an actor without any role there, is named ``system`` or ``none``.
    """
    if actor.account_uid is None:
        return Author(NO_ACCOUNT, NO_ACCOUNT, SYSTEM_ROLE)
    role = actor.role_at(place)
    return Author(
        account_uid=actor.account_uid,
        organisation_uid=actor.organisation_uid or NO_ACCOUNT,
        role="none" if role is None else role.value,
    )


@dataclass(frozen=True, slots=True)
class Sight:
    """Which plans an actor sees: everything, or these plans and countries (both may be empty)."""

    everything: bool
    plan_uids: frozenset[UUID] = frozenset()
    countries: frozenset[str] = frozenset()

    def covers(self, place: Place) -> bool:
        """Return whether the plan at ``place`` is seen."""
        return (
            self.everything
            or place.plan_uid in self.plan_uids
            or place.country_iso3 in self.countries
        )


def sight_of(actor: Actor) -> Sight:
    """Return what ``actor`` sees of plans; an actor without grants sees nothing."""
    return Sight(
        everything=any(g.plan_uid is None and g.country_iso3 is None for g in actor.grants),
        plan_uids=frozenset(_present(g.plan_uid for g in actor.grants)),
        countries=frozenset(
            g.country_iso3 for g in actor.grants if g.country_iso3 and g.plan_uid is None
        ),
    )


def sees_detail(actor: Actor, place: Place) -> bool:
    """Return whether ``actor`` sees areas and days of restricted functions.

    Donors see quarter and country only: a map of where nobody watches is itself dangerous.
    """
    return any(g.role is not Role.DONOR and g.covers(place) for g in actor.grants)


def _present(values: Iterable[UUID | None]) -> Iterable[UUID]:
    return (value for value in values if value is not None)
