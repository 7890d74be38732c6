"""One capacity: what is offered, until when to answer, and the acts open to the reader now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, ClassVar
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from markupsafe import Markup, escape
from starlette.responses import Response

from unbroken.kit.errors import Refused, Stale
from unbroken.kit.languages import gettext as _
from unbroken.people.queries import organisation_views
from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.commands import sign
from unbroken.transfers.queries import CapacityDetail, capacity_view
from unbroken.transfers.rules.words import Act, CapacityState
from unbroken.web.act_forms import ACT_FORMS, ActInput, OpenAct, open_acts
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.receipt_words import ReceiptLine, receipt_lines
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Reader, Roles, access

router = APIRouter()
Signatory = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
Filled = Annotated[ActInput, FormField()]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader saw of a capacity when the form was opened; it travels with the form."""

    state: CapacityState
    quantity: int | None
    parts: tuple[str, ...]
    answer_by: date | None
    receipts: int

    def text(self) -> str:
        """Return it as one line for a hidden field."""
        known = {
            "state": self.state.value,
            "quantity": "" if self.quantity is None else self.quantity,
            "parts": ",".join(self.parts),
            "answer_by": "" if self.answer_by is None else self.answer_by.isoformat(),
            "receipts": self.receipts,
        }
        return urlencode(known)


@dataclass(frozen=True, slots=True)
class Subject:
    """A capacity with what surrounds it on the page; ``parts`` are key and title of what is meant.

    Titles are English, as they are signed; ``texts`` has what stands beside them.
    ``changed_from`` is what the reader had seen, where somebody was faster; ``since`` are the
    receipts that came in between.
    """

    detail: CapacityDetail
    plan: PlanView
    title: str
    parts: tuple[tuple[str, str], ...]
    days_left: int | None
    receipts: tuple[ReceiptLine, ...]
    pending: ReceiptLine | None
    recommended: ReceiptLine | None
    seen: str
    texts: CatalogueTexts

    def titles(self, keys: tuple[str, ...]) -> tuple[Markup, ...]:
        """Return the titles of parts as they are signed, in English."""
        known = dict(self.detail.part_titles)
        return tuple(
            self.texts.english(known[key]) if key in known else escape(key) for key in keys
        )


@dataclass(frozen=True, slots=True)
class CapacityPage(Page):
    """One capacity with its acts, and what was refused.

    ``form`` is the form of an act that is not open any more: its faults and all that was typed.
    ``before`` is what the reader had seen, where somebody was faster; ``since`` what came after.
    """

    template: ClassVar[str] = "transfers/capacity.html"

    about: Subject
    acts: tuple[OpenAct, ...]
    key: str = field(default_factory=fresh_key)
    form: Form = field(default_factory=Form)
    before: Seen | None = None
    since: tuple[ReceiptLine, ...] = ()


@router.get("/capacities/{uid}")
def capacity_page(visit: Reader, uid: UUID) -> Response:
    """Return one capacity with the acts open to the reader."""
    about = subject(visit, uid)
    return page(visit, CapacityPage(about, open_acts(about.detail)))


@router.post("/capacities/{uid}/acts")
def sign_here(visit: Signatory, uid: UUID, filled: Filled) -> Response:
    """Sign one act and show its receipt, or show the form again with what was refused."""

    def act() -> Response:
        order = filled.order(uid)
        signed = sign(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        said = WAITS if signed.waits else SIGNED
        return see_other(visit, f"/capacities/{uid}#receipts", notice=said)

    try:
        return sent_once(visit, filled.key, filled.model_dump(mode="json"), act)
    except Refused as refusal:
        return _again(visit, uid, filled, refusal)


def subject(visit: Visit, uid: UUID) -> Subject:
    """Return a capacity with its surroundings.

    Raises:
        NotFound: there is none that the reader may see.
    """
    with visit.sessions.reading() as session:
        detail = capacity_view(session, uid, actor=visit.actor, on=visit.today)
        plan = find_plan(session, detail.entry.plan_slug, sight=visit.sight)
        titles = titles_of(session, detail.edition)
        names = {each.uid: each.name for each in organisation_views(session)}
        title = titles.get(detail.entry.function_code, detail.entry.function_code)
        texts = texts_for(session, visit, [title, *signed_texts(detail)])
    entry, known = detail.entry, dict(detail.part_titles)
    signed = {key: texts.english(part) for key, part in known.items()}
    lines = receipt_lines(detail.receipts, names=names, titles=signed)
    today = visit.clock.today(plan.time_zone)
    return Subject(
        detail=detail,
        plan=plan,
        title=title,
        parts=tuple((key, known.get(key, key)) for key in entry.parts),
        days_left=None if entry.answer_by is None else (entry.answer_by - today).days,
        receipts=tuple(reversed(lines)),
        pending=_last(lines, entry.waits_for) if entry.waits_for else None,
        recommended=_recommended(lines, entry.state),
        seen=_seen(detail).text(),
        texts=texts,
    )


def signed_texts(detail: CapacityDetail) -> Iterator[str]:
    """Yield the texts of the catalogue that a signature over a capacity covers."""
    titles = dict(detail.part_titles)
    yield detail.entry.unit or ""
    yield from (titles[key] for key in detail.entry.parts if key in titles)
    yield from (item.text for item in detail.items if not item.is_added)


def seen_in(text: str) -> Seen | None:
    """Return what a hidden field says was seen; ``None`` where it says nothing readable."""
    found = {name: values[0] for name, values in parse_qs(text).items()}
    try:
        return Seen(
            state=CapacityState(found["state"]),
            quantity=int(found["quantity"]) if "quantity" in found else None,
            parts=tuple(found["parts"].split(",")) if "parts" in found else (),
            answer_by=date.fromisoformat(found["answer_by"]) if "answer_by" in found else None,
            receipts=int(found["receipts"]),
        )
    except (KeyError, ValueError):
        return None


def _again(visit: Visit, uid: UUID, filled: ActInput, refusal: Refused) -> Response:
    about = subject(visit, uid)
    form = refused_form(refusal, filled.values(), reader=visit.reader)
    is_open = filled.act in about.detail.may
    before = seen_in(filled.seen) if isinstance(refusal, Stale) else None
    shown = CapacityPage(
        about=about,
        acts=open_acts(about.detail, tried=filled.act, form=form),
        form=Form() if is_open else Form(_labelled(visit, filled), form.faults),
        before=before,
        since=_since(about, before),
    )
    return page(visit, shown, status=refusal.status)


def _labelled(visit: Visit, filled: ActInput) -> Mapping[str, str]:
    act = ACT_FORMS[filled.act].title if filled.act in ACT_FORMS else filled.act.value
    words = {name: filled.values().get(name, "") for name in ("reason", "instrument", "authority")}
    return {visit.say(act): " · ".join(text for text in words.values() if text)}


def _since(about: Subject, before: Seen | None) -> tuple[ReceiptLine, ...]:
    if before is None:
        return ()
    return about.receipts[: max(0, len(about.receipts) - before.receipts)]


def _seen(detail: CapacityDetail) -> Seen:
    entry = detail.entry
    count = len(detail.receipts)
    return Seen(entry.standing, entry.quantity, entry.parts, entry.answer_by, count)


def _last(lines: tuple[ReceiptLine, ...], act: Act) -> ReceiptLine | None:
    return next((line for line in reversed(lines) if line.receipt.act is act), None)


def _recommended(lines: tuple[ReceiptLine, ...], state: CapacityState) -> ReceiptLine | None:
    return _last(lines, Act.RECOMMEND) if state is CapacityState.RECOMMENDED else None


SIGNED = _("Signed. Your receipt is below; nobody can change it.")
WAITS = _("Signed. It holds once a second signature stands under it.")
