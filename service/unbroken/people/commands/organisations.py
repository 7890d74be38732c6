"""Organisations: made and renamed by stewards; the slug is permanent."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid, Problem, Stale
from unbroken.kit.slugs import free_slug, is_slug, slugify
from unbroken.people.commands.trails import people_trail
from unbroken.people.models import Organisation
from unbroken.people.queries.registers import (
    OrganisationView,
    organisation_by_uid,
    organisation_row,
)
from unbroken.people.rules import Actor, OrganisationKind
from unbroken.people.rules.acts import PeopleAction
from unbroken.people.rules.administration import problems_of_country, require_steward
from unbroken.people.rules.names import clean_name
from unbroken.trail.commands import Recorder


@dataclass(frozen=True, slots=True)
class NewOrganisation:
    """An organisation to be made; without ``slug`` one is made from the name."""

    name: str
    kind: OrganisationKind
    slug: str | None = None
    country_iso3: str | None = None
    party_to_conflict: bool = False


@dataclass(frozen=True, slots=True)
class RenameOrganisation:
    """A new name for the organisation seen at ``version_seen``."""

    organisation_uid: UUID
    name: str
    version_seen: int


def create_organisation(
    sessions: Sessions, order: NewOrganisation, *, actor: Actor, clock: Clock
) -> OrganisationView:
    """Make an organisation and return it.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
        Invalid: name, slug or country cannot be used, or the name looks like a person.
        Conflict: the slug asked for is taken.
    """
    require_steward(actor)
    with sessions.begin() as session:
        record = people_trail(session, actor, clock.now())
        made = create_organisation_in(session, order, record=record)
        return organisation_by_uid(session, made.uid)


def create_organisation_in(
    session: Session, order: NewOrganisation, *, record: Recorder
) -> Organisation:
    """Make an organisation inside a command that has checked the actor; return its row.

    Raises:
        Invalid: name, slug or country cannot be used, or the name looks like a person.
        Conflict: the slug asked for is taken.
    """
    name = clean_name(order.name, field="name")
    made = Organisation(
        slug=_slug_for(session, order),
        name=name,
        kind=order.kind,
        country_iso3=order.country_iso3,
        party_to_conflict=order.party_to_conflict,
    )
    session.add(made)
    session.flush()
    values = {"slug": made.slug, "name": made.name, "kind": made.kind.value}
    record.record(
        PeopleAction.ORGANISATION_CREATED, kind="organisation", subject=made.uid, values=values
    )
    return made


def rename_organisation(
    sessions: Sessions, order: RenameOrganisation, *, actor: Actor, clock: Clock
) -> OrganisationView:
    """Give an organisation another name and return it; its slug stays.

    Raises:
        SignInNeeded, Forbidden: the actor is no steward.
        NotFound: there is no such organisation.
        Invalid: the name looks like a person.
        Stale: somebody changed it since.
    """
    require_steward(actor)
    name = clean_name(order.name, field="name")
    with sessions.begin() as session:
        record = people_trail(session, actor, clock.now())
        row = organisation_row(session, order.organisation_uid)
        if row.version != order.version_seen:
            raise Stale
        row.name = name
        values = {"name": name}
        record.record(
            PeopleAction.ORGANISATION_RENAMED, kind="organisation", subject=row.uid, values=values
        )
        session.flush()
        return organisation_by_uid(session, row.uid)


def _slug_for(session: Session, order: NewOrganisation) -> str:
    slug = slugify(order.name) if order.slug is None else order.slug
    problems = [*problems_of_country(order.country_iso3, path="country_iso3")]
    if not is_slug(slug):
        remedy = "Give a slug of a-z, 0-9 and single hyphens, at most 80."
        problems.append(Problem("slug", "cannot be made from this name", remedy))
    if problems:
        raise Invalid(problems=problems)
    if order.slug is None:
        return free_slug(slug, lambda wanted: _is_taken(session, wanted))
    if _is_taken(session, slug):
        raise Conflict(
            "The slug {slug} is taken.",
            slug=slug,
            remedy="Choose another one, or use the organisation that is there.",
        )
    return slug


def _is_taken(session: Session, slug: str) -> bool:
    return (
        session.exec(select(Organisation.id).where(Organisation.slug == slug)).first() is not None
    )
