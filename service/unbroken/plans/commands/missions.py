"""Missions are added, each with the one it follows."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Problem
from unbroken.kit.slugs import is_slug, slugify
from unbroken.people.rules import Actor, author_of
from unbroken.people.rules.administration import problems_of_country
from unbroken.plans.commands.actions import PlanAction
from unbroken.plans.commands.acts import By, clean, refuse_if
from unbroken.plans.commands.rights import require_mission_keeper
from unbroken.plans.models import Mission
from unbroken.plans.models.missions import MissionKind
from unbroken.plans.queries.rows import Ref, mission_row
from unbroken.trail.commands import open_trail


@dataclass(frozen=True, slots=True)
class AddMission:
    """A mission to be added; ``predecessor`` is the slug or UUID of the one it follows.

    Without ``slug`` the acronym makes it.
    """

    acronym: str
    name: str
    kind: MissionKind
    country_iso3: str
    predecessor: Ref | None = None
    slug: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class MissionAdded:
    """The mission that was added."""

    uid: UUID
    slug: str


def add_mission(
    sessions: Sessions, order: AddMission, *, actor: Actor, clock: Clock
) -> MissionAdded:
    """Add a mission.

    Raises:
        SignInNeeded, Forbidden: the actor is neither planner of the country nor steward.
        Invalid: a name, the slug or the country cannot be used.
        NotFound: there is no such predecessor.
        Conflict: the slug is taken.
    """
    require_mission_keeper(actor, order.country_iso3)
    now = clock.now()
    with sessions.begin() as session:
        recorder = open_trail(session, author=author_of(actor, None), at=now, instance=True)
        row = add_mission_in(session, order, by=By(actor, now, recorder))
        return MissionAdded(row.uid, row.slug)


def add_mission_in(session: Session, order: AddMission, *, by: By) -> Mission:
    """Add a mission inside a command that has the instance chain open; return its row.

    Raises:
        Invalid, NotFound, Conflict: as ``add_mission``.
    """
    slug = slugify(order.acronym) if order.slug is None else order.slug
    order = clean(order, acronym=40, name=200, source=400)
    refuse_if(_problems(order, slug=slug))
    if session.exec(select(Mission.id).where(Mission.slug == slug)).first() is not None:
        raise Conflict("The slug {slug} is taken.", remedy="Give another slug.", slug=slug)
    before = None if order.predecessor is None else mission_row(session, order.predecessor)
    row = Mission(
        slug=slug,
        acronym=order.acronym,
        name=order.name,
        kind=order.kind,
        country_iso3=order.country_iso3,
        predecessor_id=None if before is None else before.id,
        source=order.source,
    )
    session.add(row)
    session.flush()
    values = {
        "slug": slug,
        "acronym": order.acronym,
        "name": order.name,
        "kind": order.kind,
        "country": order.country_iso3,
        "predecessor": None if before is None else before.uid,
    }
    by.recorder.record(PlanAction.MISSION_ADDED, kind="mission", subject=row.uid, values=values)
    return row


def _problems(order: AddMission, *, slug: str) -> list[Problem]:
    problems = [*problems_of_country(order.country_iso3, path="country_iso3")]
    named = (("acronym", order.acronym), ("name", order.name))
    problems += [
        Problem(path, "is empty", "Write it as the Security Council does.")
        for path, text in named
        if not text.strip()
    ]
    if not is_slug(slug):
        remedy = "Give a slug of a-z, 0-9 and single hyphens, at most 80."
        problems.append(Problem("slug", "cannot be made from this acronym", remedy))
    return problems
