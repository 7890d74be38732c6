"""One capacity: what is offered, until when to answer, and the acts open to the reader now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from fastapi import Form as FormField
from markupsafe import Markup, escape
from starlette.responses import Response

from unbroken.kit.errors import NotFound, Refused, Stale
from unbroken.kit.languages import gettext as _
from unbroken.people.queries import organisation_views
from unbroken.people.queries.answering import Answering, answering_for
from unbroken.people.rules import Role, Signing
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.commands import sign
from unbroken.transfers.commands.announcing import AskToSign, ask_to_sign
from unbroken.transfers.queries import CapacityDetail, capacity_view
from unbroken.transfers.queries.keeping import may_be_kept
from unbroken.transfers.rules.words import Act, CapacityState
from unbroken.web import outcomes
from unbroken.web.act_forms import ACT_FORMS, ActInput, OpenAct, Short, open_acts
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit, wants_json
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.receipt_words import ReceiptLine, receipt_lines
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Reader, Roles, access
from unbroken.web.seen import Seen, differences, isolated, seen_in, seen_of
from unbroken.web.words import word_for

router = APIRouter()
Signatory = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
Filled = Annotated[ActInput, FormField()]


@dataclass(frozen=True, slots=True)
class Subject:
    """A capacity with what surrounds it on the page; ``parts`` are key and title of what is meant.

    Titles are English, as they are signed; ``texts`` has what stands beside them.
    ``may_wait`` says that its forms may wait on the reader's device for the network.
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
    may_wait: bool = False

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
    ``action`` is where forms are sent. ``link_until`` is when the link by mail ends through which
    the page was opened, ``link_changed`` whether the content has changed since it was sent.
    ``signatories`` are the mailboxes that the reader may ask to sign.
    """

    template: ClassVar[str] = "transfers/capacity.html"

    about: Subject
    acts: tuple[OpenAct, ...]
    action: str = ""
    link_until: datetime | None = None
    link_changed: bool = False
    signatories: tuple[Answering, ...] = ()
    key: str = field(default_factory=fresh_key)
    form: Form = field(default_factory=Form)
    before: Seen | None = None
    since: tuple[ReceiptLine, ...] = ()


@router.get("/capacities/{uid}")
def capacity_page(visit: Reader, uid: UUID) -> Response:
    """Return one capacity with the acts open to the reader."""
    about = subject(visit, uid)
    return page(visit, _page(visit, about, open_acts(about.detail)))


@router.post("/capacities/{uid}/signatory")
def ask_signatory(
    visit: Signatory,
    uid: UUID,
    handle: Annotated[Short, FormField()] = "",
    act: Annotated[Act, FormField()] = Act.CONFIRM,
) -> Response:
    """Write to the one who signs for the reader's organisation, with a link that opens on an act.

    Raises:
        Forbidden: the reader does not answer for the receiver.
        NotFound, Invalid: nobody of that name signs there.
        NotOffered: nothing is open to be answered.
    """
    order = AskToSign(capacity_uid=uid, handle=handle, act=act)
    ask_to_sign(visit.sessions, order, actor=visit.actor, clock=visit.clock)
    return see_other(visit, f"/capacities/{uid}", notice=ASKED)


@router.post("/capacities/{uid}/acts")
def sign_here(visit: Signatory, uid: UUID, filled: Filled) -> Response:
    """Sign one act and show its receipt, or show the form again with what was refused."""

    def act() -> Response:
        outcomes.require_author(visit, filled.account)
        order = filled.order(uid)
        signed = sign(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        said = WAITS if signed.waits else SIGNED
        return see_other(visit, f"/capacities/{uid}#receipts", notice=said)

    # What a later edition of this form adds and leaves empty changes nothing of what was sent.
    sent = filled.model_dump(mode="json", exclude_defaults=True)
    try:
        response = sent_once(visit, filled.key, sent, act, guarded=True)
    except Refused as refusal:
        if wants_json(visit.request):
            return _refused(visit, uid, filled, refusal)
        return page(visit, again(visit, uid, filled, refusal), status=refusal.status)
    return _applied(visit, uid, response) if wants_json(visit.request) else response


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
        may_wait = uid in may_be_kept(session, [uid])
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
        seen=seen_of(detail).text(),
        texts=texts,
        may_wait=may_wait,
    )


def signed_texts(detail: CapacityDetail) -> Iterator[str]:
    """Yield the texts of the catalogue that a signature over a capacity covers."""
    titles = dict(detail.part_titles)
    yield detail.entry.unit or ""
    yield from (titles[key] for key in detail.entry.parts if key in titles)
    yield from (item.text for item in detail.items if not item.is_added)


def _applied(visit: Visit, uid: UUID, response: Response) -> Response:
    waits = subject(visit, uid).detail.entry.waits_for
    return outcomes.applied(visit, response, said=WAITS if waits else SIGNED_LATER)


def _refused(visit: Visit, uid: UUID, filled: ActInput, refusal: Refused) -> Response:
    link, before = f"/capacities/{uid}", seen_in(filled.seen)
    if isinstance(refusal, NotFound):
        return outcomes.refused(visit, refusal, link="/inbox")
    about = subject(visit, uid)
    if before and _stands(visit, about, filled, before):
        return outcomes.counted_before(visit, link=f"{link}#receipts")
    compared = compare(visit, about, before) if isinstance(refusal, Stale) else None
    return outcomes.refused(visit, refusal, link=link, compared=(compared,) if compared else ())


def _stands(visit: Visit, about: Subject, filled: ActInput, before: Seen) -> bool:
    """Return whether the first act after what was seen is this very one: it was not lost."""
    after = about.detail.receipts[before.receipts :]
    try:
        order = filled.order(about.detail.entry.uid)
    except Refused:
        return False
    return bool(after) and outcomes.is_own(after[0], order, visit)


def compare(visit: Visit, about: Subject, before: Seen | None) -> outcomes.Compared:
    """Return a capacity as the reader saw it and as it is now, in the reader's words."""
    known, zone = dict(about.detail.part_titles), about.plan.time_zone
    told = [
        f"{visit.say(line.done)} · {visit.reader.written(line.who)} · "
        f"{visit.reader.instant(line.receipt.at, zone=zone)} {zone}"
        for line in _since(about, before)
    ]
    return outcomes.Compared(
        title=name_of(visit, about),
        rows=differences(
            before,
            seen_of(about.detail),
            title=lambda key: about.texts.plain(known.get(key, key)),
            reader=visit.reader,
        ),
        since=tuple(told),
    )


def name_of(visit: Visit, about: Subject) -> str:
    """Return what a capacity is called where no page stands around it."""
    entry = about.detail.entry
    dimension = word_for(visit.reader)("dimension", entry.dimension).label
    return f"{dimension}: {isolated(about.texts.plain(about.title))} · {isolated(entry.area_name)}"


def _page(visit: Visit, about: Subject, acts: tuple[OpenAct, ...]) -> CapacityPage:
    action = f"/capacities/{about.detail.entry.uid}/acts"
    return CapacityPage(about, acts, action, signatories=_signatories(visit, about))


def _signatories(visit: Visit, about: Subject) -> tuple[Answering, ...]:
    """Return whom the reader may ask to sign: of the same receiver, not the reader; often empty."""
    if Act.RECOMMEND not in about.detail.may and about.recommended is None:
        return ()
    own = visit.actor.organisation_uid
    if own is None or about.detail.entry.receiver_uid != own:
        return ()
    with visit.sessions.reading() as session:
        known = answering_for(session, own, about.plan.place)
    return tuple(
        each
        for each in known
        if each.signing is Signing.SIGNS and each.uid != visit.actor.account_uid
    )


def again(visit: Visit, uid: UUID, filled: ActInput, refusal: Refused) -> CapacityPage:
    """Return a capacity's page after a refused act: what was typed, and both states if stale."""
    about = subject(visit, uid)
    form = refused_form(refusal, filled.values(), reader=visit.reader)
    is_open = filled.act in about.detail.may
    before = seen_in(filled.seen) if isinstance(refusal, Stale) else None
    return replace(
        _page(visit, about, open_acts(about.detail, tried=filled.act, form=form)),
        form=Form() if is_open else Form(_labelled(visit, filled), form.faults),
        before=before,
        since=_since(about, before),
    )


def _labelled(visit: Visit, filled: ActInput) -> Mapping[str, str]:
    act = ACT_FORMS[filled.act].title if filled.act in ACT_FORMS else filled.act.value
    words = {name: filled.values().get(name, "") for name in ("reason", "instrument", "authority")}
    return {visit.say(act): " · ".join(text for text in words.values() if text)}


def _since(about: Subject, before: Seen | None) -> tuple[ReceiptLine, ...]:
    if before is None:
        return ()
    return about.receipts[: max(0, len(about.receipts) - before.receipts)]


def _last(lines: tuple[ReceiptLine, ...], act: Act) -> ReceiptLine | None:
    return next((line for line in reversed(lines) if line.receipt.act is act), None)


def _recommended(lines: tuple[ReceiptLine, ...], state: CapacityState) -> ReceiptLine | None:
    return _last(lines, Act.RECOMMEND) if state is CapacityState.RECOMMENDED else None


ASKED = _("Asked. The letter waits to be sent; its link signs one act, once.")
SIGNED = _("Signed. Your receipt is below; nobody can change it.")
SIGNED_LATER = _("Signed. Your receipt stands on the page of the capacity.")
WAITS = _("Signed. It holds once a second signature stands under it.")
