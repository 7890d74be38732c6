"""What waits for the reader: answers, second signatures, offers made, checks that are due.

Several capacities of one plan are confirmed under one signature, after one page that lists them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Form as FormField
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import Response

from unbroken.kit.errors import Invalid, NotFound, Problem, Refused, Stale
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.commands import PackageOrder, sign_package
from unbroken.transfers.queries import CapacityDetail, CapacityEntry, capacity_view, inbox
from unbroken.transfers.queries.acting import acts_open
from unbroken.transfers.queries.board import (
    LIMIT,
    DueCheck,
    checks_due,
    waiting_for_others,
    waiting_for_second,
)
from unbroken.transfers.queries.keeping import may_be_kept
from unbroken.transfers.rules.words import Act
from unbroken.web.act_forms import Short, Text
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit, wants_json
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.outcomes import applied, require_author
from unbroken.web.package_outcomes import package_refused
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Roles, access
from unbroken.web.seen import seen_of

router = APIRouter()
Signatory = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
A_PAGE = 25
MOST = 40


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One capacity that waits; ``may_confirm`` whether the reader may confirm it now.

    ``title`` is the function's in English.
    """

    entry: CapacityEntry
    title: str
    days_left: int | None
    may_confirm: bool


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """What waits in one plan, the most urgent first."""

    plan: PlanView
    lines: tuple[WaitingLine, ...]

    @property
    def packable(self) -> int:
        """Return how many of the lines the reader may confirm."""
        return sum(line.may_confirm for line in self.lines)


@dataclass(frozen=True, slots=True)
class InboxPage(Page):
    """Everything that waits; each part may be empty.

    ``left_out`` counts what a page that a device keeps does not tell.
    """

    template: ClassVar[str] = "transfers/inbox.html"

    answers: tuple[WaitingPlan, ...]
    seconds: tuple[WaitingLine, ...]
    others: tuple[WaitingLine, ...]
    checks: tuple[DueCheck, ...]
    titles: dict[str, str]
    next: str
    is_receiver: bool
    is_planner: bool
    texts: CatalogueTexts
    most: int = LIMIT
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class PackageLine:
    """One capacity of a package as it would be signed; ``changed`` since the reader saw it.

    ``title`` and ``parts`` are English, as they are signed.
    """

    detail: CapacityDetail
    title: str
    parts: tuple[str, ...]
    changed: bool
    may_confirm: bool

    @property
    def seen(self) -> str:
        """Return what a reader sees of it, for a hidden field."""
        return seen_of(self.detail).text()


@dataclass(frozen=True, slots=True)
class PackagePage(Page):
    """What one signature would cover, to be read before it is given.

    ``may_wait`` says that it may wait on the reader's device for the network.
    """

    template: ClassVar[str] = "transfers/package.html"

    lines: tuple[PackageLine, ...]
    plan: PlanView
    texts: CatalogueTexts
    is_stale: bool = False
    may_wait: bool = False
    form: Form = field(default_factory=Form)
    key: str = field(default_factory=fresh_key)


class PackageInput(BaseModel):
    """The capacities chosen, each as ``uuid.version``, and the form's key.

    ``content_hash`` are the hashes of what was read and ``seen`` the facts, one for each in the
    same order, or none.
    """

    key: Short = ""
    capacity: Annotated[list[Short], Field(max_length=MOST)] = []
    content_hash: Annotated[list[Short], Field(max_length=MOST)] = []
    seen: Annotated[list[Text], Field(max_length=MOST)] = []
    account: Short = ""

    def chosen(self) -> tuple[tuple[UUID, int], ...]:
        """Return UUIDs with the versions that were read.

        Raises:
            Invalid: none, or one that cannot be read.
        """
        try:
            pairs = [text.partition(".") for text in self.capacity]
            found = tuple((UUID(uid), int(version)) for uid, _dot, version in pairs)
        except ValueError as error:
            raise Invalid(problems=[NOT_READABLE]) from error
        if not found:
            raise Invalid(problems=[NONE_CHOSEN])
        return found

    def contents(self) -> dict[UUID, str]:
        """Return the hashes of what was read, by UUID; empty where none were sent.

        Raises:
            Invalid: not one for each capacity.
        """
        chosen = self.chosen()
        if self.content_hash and len(self.content_hash) != len(chosen):
            raise Invalid(problems=[NOT_READABLE])
        pairs = zip(chosen, self.content_hash, strict=bool(self.content_hash))
        return {uid: seen for (uid, _version), seen in pairs}


@router.get("/inbox")
def inbox_page(visit: Signatory, after: Annotated[UUID | None, Query()] = None) -> Response:
    """Return what waits for the reader, the most urgent first."""
    return page(visit, inbox_content(visit, after=after))


def inbox_content(visit: Visit, *, after: UUID | None = None) -> InboxPage:
    """Return what waits for the reader of ``visit``, to be shown or to be kept."""
    actor, on = visit.actor, visit.today
    own = actor.organisation_uid
    with visit.sessions.reading() as session:
        found = inbox(session, own, actor=actor, on=on, after=after, limit=A_PAGE) if own else None
        entries = found.items if found else ()
        plans = _plans(session, visit)
        answers = _by_plan(session, visit, entries, plans)
        seconds = waiting_for_second(session, actor=actor, on=on)
        others = waiting_for_others(session, actor=actor, on=on)
        checks = checks_due(session, actor=actor, on=on)
        slugs = {e.plan_slug for e in (*seconds, *others, *(c.entry for c in checks))}
        titles = _titles(session, [plans(slug) for slug in slugs])
        second = tuple(_line(each, titles, on=on) for each in seconds)
        other = tuple(_line(each, titles, on=on) for each in others)
        lines = [*second, *other, *(line for found in answers for line in found.lines)]
        due = [titles.get(each.entry.function_code) for each in checks]
        texts = texts_for(session, visit, [*(line.title for line in lines), *due])
    return InboxPage(
        answers=answers,
        seconds=second,
        others=other,
        checks=checks,
        titles=titles,
        next=f"/inbox?after={found.after}" if found and found.after else "",
        is_receiver=actor.has(Role.COUNTRY_TEAM),
        is_planner=actor.has(Role.PLANNER),
        texts=texts,
    )


@router.get("/inbox/package")
def package_page(
    visit: Signatory, capacity: Annotated[list[UUID] | None, Query(max_length=MOST)] = None
) -> Response:
    """Return the capacities chosen as one signature would cover them."""
    if not capacity:
        return see_other(visit, "/inbox", notice=_("Tick what you want to confirm, then go on."))
    return page(visit, _package(visit, [(uid, None) for uid in dict.fromkeys(capacity)]))


@router.post("/inbox/package")
def sign_here(visit: Signatory, filled: Annotated[PackageInput, FormField()]) -> Response:
    """Confirm everything listed under one signature: all of it or nothing."""

    def act() -> Response:
        require_author(visit, filled.account)
        order = PackageOrder(
            act=Act.CONFIRM, capacities=filled.chosen(), contents_seen=filled.contents()
        )
        signed = sign_package(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        waits = any(each.waits for each in signed)
        return see_other(visit, "/inbox", notice=WAITS if waits else CONFIRMED)

    sent = filled.model_dump(exclude_defaults=True)
    try:
        response = sent_once(visit, filled.key, sent, act, guarded=True)
    except Refused as refusal:
        if wants_json(visit.request):
            return package_refused(visit, filled.chosen(), filled.seen, refusal)
        form = refused_form(refusal, reader=visit.reader)
        shown = _package(visit, filled.chosen(), form=form, is_stale=isinstance(refusal, Stale))
        return page(visit, shown, status=refusal.status)
    # Whether a second signature is needed is told on the capacities' own pages.
    return applied(visit, response, said=SIGNED) if wants_json(visit.request) else response


def _package(
    visit: Visit,
    chosen: Sequence[tuple[UUID, int | None]],
    *,
    form: Form | None = None,
    is_stale: bool = False,
) -> PackagePage:
    with visit.sessions.reading() as session:
        seen = [
            (capacity_view(session, uid, actor=visit.actor, on=visit.today), version)
            for uid, version in chosen
        ]
        plan = find_plan(session, seen[0][0].entry.plan_slug, sight=visit.sight)
        titles = _titles(session, [plan])
        lines = tuple(_package_line(detail, titles, version=version) for detail, version in seen)
        texts = texts_for(session, visit, _english(lines))
        uids = frozenset(line.detail.entry.uid for line in lines)
        may_wait = may_be_kept(session, uids) == uids
    if any(detail.entry.plan_slug != plan.slug for detail, _version in seen):
        raise NotFound(_("One signature covers capacities of one plan."))
    return PackagePage(lines, plan, texts, is_stale, may_wait, form or Form())


def _english(lines: Sequence[PackageLine]) -> Iterator[str]:
    for line in lines:
        yield from (line.title, line.detail.entry.unit or "", *line.parts)


def _package_line(
    detail: CapacityDetail, titles: dict[str, str], *, version: int | None
) -> PackageLine:
    entry, known = detail.entry, dict(detail.part_titles)
    return PackageLine(
        detail=detail,
        title=titles.get(entry.function_code, entry.function_code),
        parts=tuple(known.get(key, key) for key in entry.parts),
        changed=version is not None and version != entry.version,
        may_confirm=Act.CONFIRM in detail.may,
    )


@dataclass(frozen=True, slots=True)
class _Plans:
    """Finds each plan once."""

    session: Session
    visit: Visit
    known: dict[str, PlanView] = field(default_factory=dict)

    def __call__(self, slug: str) -> PlanView:
        if slug not in self.known:
            self.known[slug] = find_plan(self.session, slug, sight=self.visit.sight)
        return self.known[slug]


def _plans(session: Session, visit: Visit) -> _Plans:
    return _Plans(session, visit)


def _by_plan(
    session: Session, visit: Visit, entries: Sequence[CapacityEntry], plans: _Plans
) -> tuple[WaitingPlan, ...]:
    acts = acts_open(session, [e.uid for e in entries], actor=visit.actor, on=visit.today)
    ordered = sorted(entries, key=lambda e: e.plan_slug)
    made = []
    for slug, those in groupby(ordered, key=lambda e: e.plan_slug):
        plan = plans(slug)
        titles, today = _titles(session, [plan]), visit.clock.today(plan.time_zone)
        lines = tuple(
            _line(e, titles, on=today, may_confirm=Act.CONFIRM in acts[e.uid]) for e in those
        )
        made.append(WaitingPlan(plan, lines))
    return tuple(sorted(made, key=lambda found: found.lines[0].entry.answer_by or date.max))


def _titles(session: Session, plans: Sequence[PlanView]) -> dict[str, str]:
    found: dict[str, str] = {}
    for edition in {plan.edition for plan in plans}:
        found.update(titles_of(session, edition))
    return found


def _line(
    entry: CapacityEntry, titles: dict[str, str], *, on: date, may_confirm: bool = False
) -> WaitingLine:
    left = None if entry.answer_by is None else (entry.answer_by - on).days
    title = titles.get(entry.function_code, entry.function_code)
    return WaitingLine(entry, title, left, may_confirm)


NONE_CHOSEN = Problem("capacity", _("Nothing is chosen."), _("Tick at least one."))
NOT_READABLE = Problem("capacity", _("cannot be read"), _("Choose from the list again."))
CONFIRMED = _("Confirmed. Each capacity has its receipt, all under one signature.")
SIGNED = _("Signed. Each capacity has its receipt, all under one signature.")
WAITS = _("Signed. It holds once a second signature stands under it.")
