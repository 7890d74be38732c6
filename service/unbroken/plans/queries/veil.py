"""What readers without detail see of a plan: one veil for every query, before any way in.

Source: service/decisions/0010: a map of where nobody watches is itself dangerous.
"""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.people.rules import Actor, Place, sees_detail
from unbroken.plans.models import Area, Mission, Plan
from unbroken.plans.rules.content import RevisionContent


def reads_detail(session: Session, plan_uid: UUID, *, actor: Actor) -> bool:
    """Return whether ``actor`` sees areas and days of restricted functions of a plan.

    A plan that does not exist is in no country.
    """
    query = select(Mission.country_iso3).join(Plan, col(Plan.mission_id) == Mission.id)
    country = session.exec(query.where(Plan.uid == plan_uid)).first()
    return sees_detail(actor, Place(plan_uid, country or ""))


def veiled_areas(session: Session, plan_uid: UUID) -> frozenset[str]:
    """Return the slugs of a plan's areas whose closings are not public; may be empty."""
    query = select(Area.slug).join(Plan, col(Plan.id) == Area.plan_id)
    veiled = query.where(Plan.uid == plan_uid, col(Area.closings_public).is_(False))
    return frozenset(session.exec(veiled))


def veiled_content(content: RevisionContent, *, areas: Collection[str]) -> RevisionContent:
    """Return ``content`` without posts, what phases drop where, and the closings of ``areas``."""
    # which posts end where, and what is dropped where, tells where nobody watches
    phases = (replace(phase, areas=(), drops=()) for phase in content.phases)
    places = (replace(area, closing=None) if area.slug in areas else area for area in content.areas)
    return replace(content, areas=tuple(places), phases=tuple(phases), posts=())
