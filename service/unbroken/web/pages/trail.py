"""The trail: who did what to what, when; whether it is intact; and erasing by two stewards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Form as FormField
from sqlmodel import Session
from starlette.responses import Response

from unbroken.kit.errors import Forbidden, Invalid, Problem
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.people.queries import account_views, organisation_views
from unbroken.people.rules import Role, author_of
from unbroken.people.rules.actors import NO_ACCOUNT
from unbroken.people.rules.administration import may_administer_people
from unbroken.plans.queries import PlanView, find_plan, plan_list
from unbroken.trail.commands import ask_erasure, grant_erasure
from unbroken.trail.queries import ChainReport, EntryView, HeadView, entries, heads, verify
from unbroken.trail.queries.erasures import ErasureView, erasures_asked
from unbroken.trail.rules import ErasureReason
from unbroken.web.addresses import local_path
from unbroken.web.dependencies import Visit
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Roles, Steward, access
from unbroken.web.trail_words import TRAIL_WORDS

router = APIRouter()
Watcher = Annotated[Visit, access(Roles(Role.STEWARD, Role.OBSERVER))]
Insider = Annotated[
    Visit,
    access(
        Roles(Role.STEWARD, Role.OBSERVER, Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR),
    ),
]
Before = Annotated[int | None, Query(ge=1)]
Text = Annotated[str, FormField(max_length=300)]
A_PAGE = 30
CHECKED_AT_ONCE = 3000
MOST_PLANS = 200
LONGEST_VALUE = 200
PAGES: Mapping[str, str] = {
    "capacity": "/capacities/",
    "transfer": "/transfers/",
    "item": "/items/",
    "gap": "/gaps/",
}


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry for people: ``done`` and ``who`` are English or names, ``path`` may be empty.

    ``values`` are name and text; ``None`` where this reader is not shown them.
    """

    entry: EntryView
    done: str
    who: str
    office: str
    path: str
    values: tuple[tuple[str, str], ...] | None


@dataclass(frozen=True, slots=True)
class ChainLine:
    """One chain with its plan; ``report`` is there where it was checked."""

    head: HeadView
    plan: PlanView | None
    report: ChainReport | None


@dataclass(frozen=True, slots=True)
class TrailPage(Page):
    """Entries of one chain, the newest first; ``plan`` is ``None`` for that of the instance.

    ``can_check`` offers to check a chain that is too long to be checked with every page.
    """

    template: ClassVar[str] = "trail/trail.html"

    plan: PlanView | None
    lines: tuple[TrailLine, ...]
    chains: tuple[ChainLine, ...]
    erasures: tuple[ErasureView, ...]
    reasons: tuple[tuple[str, str], ...]
    is_steward: bool
    own_uid: UUID | None
    check_path: str
    next: str


@router.get("/trail")
def instance_trail(visit: Watcher, before: Before = None, check: bool = False) -> Response:  # noqa: FBT001, FBT002 - a query parameter
    """Return the instance's chain and the heads of all chains."""
    with visit.sessions.reading() as session:
        found = entries(session, plan_uid=None, limit=A_PAGE + 1, before=before)
        known = {plan.uid: plan for plan in _all_plans(session, visit)}
        reports = {r.chain_uid: r for r in verify(session)} if check else {}
        chains = tuple(
            ChainLine(
                head,
                known.get(head.plan_uid) if head.plan_uid else None,
                reports.get(head.chain_uid),
            )
            for head in heads(session)
            if head.plan_uid is None or head.plan_uid in known
        )
        lines = _lines(session, visit, found[:A_PAGE], is_instance=True)
        asked = erasures_asked(session) if may_administer_people(visit.actor) else ()
    return page(visit, _shown(visit, None, found, lines=lines, chains=chains, asked=asked))


@router.get("/plans/{slug}/trail")
def plan_trail(visit: Insider, slug: str, before: Before = None, check: bool = False) -> Response:  # noqa: FBT001, FBT002 - a query parameter
    """Return the chain of one plan.

    Raises:
        Forbidden: the reader does not see detail there.
    """
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        if not visit.sees_detail(plan.place):
            raise Forbidden
        found = entries(session, plan_uid=plan.uid, limit=A_PAGE + 1, before=before)
        lines = _lines(session, visit, found[:A_PAGE], is_instance=False)
        mine = [head for head in heads(session) if head.plan_uid == plan.uid]
        is_short = all(head.entry_count <= CHECKED_AT_ONCE for head in mine)
        reports = verify(session, plan_uid=plan.uid) if check or is_short else []
        chains = tuple(ChainLine(head, plan, next(iter(reports), None)) for head in mine)
        every = erasures_asked(session) if may_administer_people(visit.actor) else ()
    asked = tuple(each for each in every if each.plan_uid == plan.uid)
    return page(visit, _shown(visit, plan, found, lines=lines, chains=chains, asked=asked))


@router.post("/trail/erasures")
def ask(visit: Steward, entry: Text = "", reason: Text = "", back: Text = "/trail") -> Response:
    """Ask for the values of one entry to be erased."""
    ask_erasure(
        visit.sessions,
        author=author_of(visit.actor, None),
        at=visit.clock.now(),
        entry_uid=_uid(entry),
        reason=ErasureReason(reason) if reason in set(ErasureReason) else ErasureReason.OTHER,
    )
    said = _("Asked. Another steward must grant it before anything goes.")
    return see_other(visit, local_path(back, otherwise="/trail"), notice=said)


@router.post("/trail/erasures/grant")
def grant(visit: Steward, erasure: Text = "", back: Text = "/trail") -> Response:
    """Grant an erasure that another steward asked for."""
    author = author_of(visit.actor, None)
    uid = _uid(erasure)
    grant_erasure(visit.sessions, author=author, at=visit.clock.now(), erasure_uid=uid)
    said = _("Erased. What stays says who asked, who granted, when and why; the chain still fits.")
    return see_other(visit, local_path(back, otherwise="/trail"), notice=said)


def _shown(
    visit: Visit,
    plan: PlanView | None,
    found: Sequence[EntryView],
    *,
    lines: tuple[TrailLine, ...],
    chains: tuple[ChainLine, ...],
    asked: tuple[ErasureView, ...],
) -> TrailPage:
    path = visit.request.url.path
    return TrailPage(
        plan=plan,
        lines=lines,
        chains=chains,
        erasures=asked,
        reasons=tuple((each.value, REASON_WORDS[each]) for each in ErasureReason),
        is_steward=may_administer_people(visit.actor),
        own_uid=visit.actor.account_uid,
        check_path=f"{path}?check=yes",
        next=f"{path}?before={lines[-1].entry.position}" if len(found) > A_PAGE else "",
    )


def _lines(
    session: Session, visit: Visit, found: Sequence[EntryView], *, is_instance: bool
) -> tuple[TrailLine, ...]:
    names = {each.uid: each.name for each in organisation_views(session)}
    offices = {each.uid: each.title for each in account_views(session)}
    # What happens to people names mailboxes: only stewards read it.
    reads = may_administer_people(visit.actor) or (visit.is_signed_in and not is_instance)
    reads = reads or (visit.is_demonstration and not is_instance)
    return tuple(
        TrailLine(
            entry=entry,
            done=TRAIL_WORDS.get(entry.action, entry.action),
            who=_who(entry, names),
            office=offices.get(entry.author.account_uid, ""),
            path=_path(entry, reads_people=may_administer_people(visit.actor)),
            values=_values(entry) if reads else None,
        )
        for entry in found
    )


def _who(entry: EntryView, names: Mapping[UUID, str]) -> str:
    if entry.author.account_uid == NO_ACCOUNT:
        return SYSTEM
    return names.get(entry.author.organisation_uid, "")


def _path(entry: EntryView, *, reads_people: bool) -> str:
    if entry.subject_kind == "account" and reads_people:
        return f"/people/accounts/{entry.subject_uid}"
    start = PAGES.get(entry.subject_kind)
    return f"{start}{entry.subject_uid}" if start else ""


def _values(entry: EntryView) -> tuple[tuple[str, str], ...]:
    given = entry.values or {}
    return tuple(
        (name.replace("_", " "), _short(value))
        for name, value in given.items()
        if value not in (None, "", [], {})
    )


def _short(value: object) -> str:
    text = ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _all_plans(session: Session, visit: Visit) -> tuple[PlanView, ...]:
    return plan_list(session, sight=visit.sight, limit=MOST_PLANS)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(
            problems=[Problem("entry", _("cannot be read"), _("Choose an entry from the list."))]
        ) from error


SYSTEM = sentence("the system itself")
REASON_WORDS: Mapping[ErasureReason, str] = {
    ErasureReason.PERSON: _("It names a person"),
    ErasureReason.CONTACT: _("It holds a telephone number or address"),
    ErasureReason.CASE: _("It describes a case"),
    ErasureReason.PLACE: _("It gives away a place"),
    ErasureReason.OTHER: _("Another reason"),
}
