"""Outside sources: what they say beside a plan; for stewards how each is, and on and off."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.languages import gettext as _
from unbroken.money.commands.outside_sources import switch_outside_source
from unbroken.plans.queries import PlanView, find_plan, plan_list
from unbroken.sources.asking import asked_of
from unbroken.sources.ports import Silence
from unbroken.sources.queries.outside import OutsideSourceView, outside_sources
from unbroken.sources.queries.snapshots import SnapshotView, snapshots_of
from unbroken.sources.silences import SILENCE_WORDS
from unbroken.web.dependencies import Visit
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Reader, Steward

router = APIRouter()
MOST_PLANS = 500


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source; ``age_days`` since its last answer (``None``: none yet), ``plans`` by slug."""

    source: OutsideSourceView
    asked: dict[str, str]
    age_days: int | None
    why: str
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourcesPage(Page):
    """Every outside source."""

    template: ClassVar[str] = "sources/sources.html"

    lines: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class BesidePage(Page):
    """The newest answers of outside systems beside a plan."""

    template: ClassVar[str] = "sources/plan.html"

    plan: PlanView
    snapshots: tuple[SnapshotView, ...]


@router.get("/plans/{slug}/outside")
def beside_page(visit: Reader, slug: str) -> Response:
    """Return what outside systems say of what a plan is about."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        found = snapshots_of(session, plan.uid, country_iso3=plan.country_iso3)
    return page(visit, BesidePage(plan, found))


@router.get("/sources")
def sources_page(visit: Steward) -> Response:
    """Return every outside source, by kind and question."""
    with visit.sessions.reading() as session:
        found = outside_sources(session)
        known = plan_list(session, sight=visit.sight, limit=MOST_PLANS)
    slugs = {each.uid: each.slug for each in known}
    return page(visit, SourcesPage(tuple(_line(visit, each, slugs) for each in found)))


@router.post("/sources/{uid}/on")
def switch_on(visit: Steward, uid: UUID) -> Response:
    """Let a source be asked by itself."""
    return _switched(visit, uid, is_on=True)


@router.post("/sources/{uid}/off")
def switch_off(visit: Steward, uid: UUID) -> Response:
    """Stop asking a source."""
    return _switched(visit, uid, is_on=False)


def _switched(visit: Visit, uid: UUID, *, is_on: bool) -> Response:
    switch_outside_source(visit.sessions, uid, is_on=is_on, actor=visit.actor, clock=visit.clock)
    on, off = _("The source is on."), _("The source is off; what it answered stays with its date.")
    return see_other(visit, "/sources", notice=on if is_on else off)


def _line(visit: Visit, source: OutsideSourceView, slugs: dict[UUID, str]) -> SourceLine:
    age = None if source.answered_at is None else visit.clock.now() - source.answered_at
    is_known = source.silent_reason in set(Silence)
    return SourceLine(
        source=source,
        asked=asked_of(source.question),
        age_days=None if age is None else max(age, timedelta()).days,
        why=SILENCE_WORDS[Silence(source.silent_reason)] if is_known else "",
        plans=tuple(slugs[each] for each in source.plan_uids if each in slugs),
    )
