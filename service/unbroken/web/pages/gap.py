"""One gap: why it is there, where it is mended, what happened to it, and the acts on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi import Form as FormField
from sqlmodel import Session
from starlette.responses import Response

from unbroken.gaps.commands import withdraw_gap_comment
from unbroken.gaps.queries import EventView, GapView, find_gap, history
from unbroken.gaps.queries.comments import newest_comments
from unbroken.gaps.queries.hands import hand_of
from unbroken.gaps.queries.mailboxes import gap_mailboxes
from unbroken.gaps.rules import GapState
from unbroken.gaps.rules.acts import GapAct, Stand, open_acts
from unbroken.kit.errors import NotFound, Refused
from unbroken.kit.languages import gettext as _
from unbroken.people.queries.remarks import RemarkView
from unbroken.people.rules import sees_detail
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.queries.assignees import Assignee
from unbroken.web.act_forms import LARGEST
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.gap_forms import ACTS, GapInput
from unbroken.web.gap_pictures import LifePicture, life_picture
from unbroken.web.mending import Mend, mends
from unbroken.web.pages.checklists import Worker
from unbroken.web.pages.gaps import GapLine, first_titles, gap_lines, gap_titles
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Reader

router = APIRouter()
MOST_EVENTS = 40
Number = Annotated[int, Query(ge=0, le=LARGEST)]


Filled = Annotated[GapInput, FormField()]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapPage(Page):
    """One gap: facts, the rule's sentence, what it means for children, what mends it, its life.

    ``head`` is the gap that explains it. ``events`` are the newest; ``earlier`` leads to those
    before, where there are any. ``tried`` names the form that was refused, ``form`` what was typed.
    """

    template: ClassVar[str] = "gaps/gap.html"

    line: GapLine
    head: GapLine | None
    mend: Mend | None
    events: tuple[EventView, ...]
    earlier: str
    picture: LifePicture | None
    titles: Mapping[str, str]
    texts: CatalogueTexts
    may: frozenset[GapAct]
    bodies: tuple[Assignee, ...]
    comments: tuple[RemarkView, ...]
    own_uid: UUID | None
    tried: str = ""
    form: Form = field(default_factory=Form)
    blank: Form = field(default_factory=Form)
    key: str = field(default_factory=fresh_key)


@router.get("/gaps/{uid}")
def gap_page(visit: Reader, uid: UUID, before: Number = 0) -> Response:
    """Return one gap and why it is there; ``before`` leaves out so many of its newest events."""
    return page(visit, gap_shown(visit, uid, before=before))


@router.post("/gaps/{uid}/{act}")
def act_on_gap(visit: Worker, uid: UUID, act: GapAct, filled: Filled) -> Response:
    """Do one act on a gap, or show its page again with what was refused."""
    command, said = ACTS[act]

    def done() -> None:
        command(visit, uid, filled)

    return _answer(visit, uid, filled, done, tried=act.value, said=said)


@router.post("/gaps/{uid}/comments/{comment_uid}/withdraw")
def withdraw(visit: Worker, uid: UUID, comment_uid: UUID, filled: Filled) -> Response:
    """Take back one's own comment."""

    def done() -> None:
        withdraw_gap_comment(visit.sessions, comment_uid, actor=visit.actor, clock=visit.clock)

    said = _("The comment is taken back.")
    return _answer(visit, uid, filled, done, tried=GapAct.COMMENT.value, said=said)


def _answer(
    visit: Visit, uid: UUID, filled: GapInput, done: Callable[[], None], *, tried: str, said: str
) -> Response:
    def acted() -> Response:
        done()
        return see_other(visit, f"/gaps/{uid}", notice=said)

    try:
        return sent_once(visit, filled.key, filled.model_dump(), acted)
    except Refused as refusal:
        form = refused_form(refusal, filled.values(), reader=visit.reader)
        shown = gap_shown(visit, uid, tried=tried, form=form)
        return page(visit, shown, status=refusal.status)


def gap_shown(
    visit: Visit, uid: UUID, *, before: int = 0, tried: str = "", form: Form | None = None
) -> GapPage:
    """Return what the page of a gap shows; ``tried`` and ``form`` are of a refused form."""
    actor, now = visit.actor, visit.clock.now()
    with visit.sessions.reading() as session:
        gap = find_gap(session, uid, actor=actor, at=now)
        head = _head(session, visit, gap)
        found = history(session, gap, actor=actor, newest=MOST_EVENTS + 1, after=before)
        events = tuple(found[-MOST_EVENTS:])
        titles = titles_of(session, gap.edition) if gap.tier_1 else {}
        shown = [gap] if head is None else [gap, head]
        texts = texts_for(session, visit, [*gap_titles(shown), *first_titles([gap], titles)])
        may = _may(session, visit, gap)
        lines = gap_lines(visit, shown, texts)
        until = now if gap.state is GapState.OPEN else None
        return GapPage(
            line=lines[0],
            head=lines[1] if head is not None else None,
            mend=mends(session, [gap], actor=actor).get(gap.id),
            events=events,
            earlier=_earlier(gap, before) if len(found) > MOST_EVENTS else "",
            picture=life_picture(events, until=None if before else until, time_zone=gap.time_zone),
            titles=titles,
            texts=texts,
            may=may,
            bodies=gap_mailboxes(session, gap.place) if GapAct.ASSIGN in may else (),
            comments=newest_comments(session, gap, actor=actor),
            own_uid=actor.account_uid,
            tried=tried,
            form=form or Form(),
        )


def _head(session: Session, visit: Visit, gap: GapView) -> GapView | None:
    if gap.headline is None:
        return None
    try:
        return find_gap(session, gap.headline, actor=visit.actor)
    except NotFound:
        return None


def _earlier(gap: GapView, before: int) -> str:
    return f"/gaps/{gap.uid}?before={before + MOST_EVENTS}#history"


def _may(session: Session, visit: Visit, gap: GapView) -> frozenset[GapAct]:
    if gap.masked or not sees_detail(visit.actor, gap.place):
        return frozenset()
    stand = Stand(
        state=gap.state,
        is_acknowledged=gap.acknowledged_at is not None,
        is_assigned=gap.assigned_to is not None,
        waiver_asked_by=gap.waiver_asked_by_uid,
        waiver_asked_until_on=gap.waiver_asked_until_on,
        is_waived=gap.waived_until_on is not None,
        on=visit.clock.today(gap.time_zone),
    )
    return open_acts(hand_of(session, gap.function_area_id, gap.place, visit.actor), stand)
