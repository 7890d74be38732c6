"""Issues certificates: the same unchanged state gives the certificate that stands already."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from unbroken.documents.drawing import draw, drawing_of
from unbroken.documents.models import Certificate
from unbroken.documents.queries.exporting import head_of
from unbroken.documents.queries.issued import newest_like
from unbroken.documents.queries.states import plan_state, transfer_state
from unbroken.documents.rules.certificates import (
    ChainHead,
    Data,
    Frame,
    Issuer,
    certificate_data,
    code_for,
    content_hash_of,
)
from unbroken.documents.rules.permits import is_written, require_may_have
from unbroken.documents.rules.texts import texts_of
from unbroken.documents.rules.veil import public_state
from unbroken.documents.rules.words import CERTIFICATE_ISSUED, Audience, Kind
from unbroken.functions.queries import texts_in
from unbroken.kit.canonical import digest
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions, new_uid
from unbroken.kit.errors import Conflict, Invalid, NotFound, Problem
from unbroken.kit.instance import read_instance
from unbroken.kit.languages import Languages
from unbroken.kit.languages import gettext as _
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, author_of, sight_of
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.rows import Ref, plan_row
from unbroken.trail.commands import open_trail
from unbroken.transfers.models import Transfer
from unbroken.transfers.queries.rows import joined_rows

TRIES = 3
CHECK_PATH = "/check"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCertificate:
    """What is wanted: of a plan or of one of its transfers, for which readers, in which language.

    ``base_url`` is where people reach the service; empty where nobody knows.
    """

    plan: Ref
    transfer: UUID | None = None
    audience: Audience = Audience.RESTRICTED
    language: str = "en"
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its file; ``is_new`` is false where it stood already, since ``since``."""

    code: str
    content_hash: str
    file_sha256: str
    pdf: bytes
    is_new: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class _Draft:
    """What would be issued at one head of the trail, or what stands."""

    plan_uid: UUID
    plan_id: int
    transfer_id: int | None
    data: Data
    state_hash: str
    standing: Certificate | None


def issue_certificate(
    sessions: Sessions,
    order: IssueCertificate,
    *,
    actor: Actor,
    clock: Clock,
    languages: Languages,
) -> Issued:
    """Issue a certificate, or return the one that stands where nothing changed since.

    Raises:
        SignInNeeded, Forbidden: a role that does not read all that it says.
        NotFound: there is no such plan or transfer, or the actor may not see it.
        Invalid: no certificate is written in the language.
        Conflict: the plan changed again and again while it was drawn.
        Unavailable: too many are being drawn just now.
    """
    if not is_written(order.language):
        problem = Problem("language", _("is not written here"), _("Use en, fr, ar or es."))
        raise Invalid(problems=[problem])
    for _try in range(TRIES):
        with sessions.reading() as session:
            draft = _draft(session, order, actor=actor, at=clock.now(), clock=clock)
        data = draft.data if draft.standing is None else dict(draft.standing.data)
        # Outside the transaction: it takes a second and would hold up every writer.
        pdf = draw(data, languages.translator(order.language))
        if draft.standing is not None:
            return _standing(draft.standing, pdf)
        issued = _enter(sessions, draft, pdf, actor=actor)
        if issued is not None:
            return issued
    raise Conflict(
        _("The plan changed while the certificate was drawn."), remedy=_("Try again in a minute.")
    )


def _draft(
    session: Session, order: IssueCertificate, *, actor: Actor, at: datetime, clock: Clock
) -> _Draft:
    plan = find_plan(session, order.plan, sight=sight_of(actor))
    kind = Kind.PLAN if order.transfer is None else Kind.TRANSFER
    require_may_have(actor, plan.place, kind=kind, audience=order.audience)
    transfer_id = _transfer_id(session, plan, order, actor=actor)
    on = clock.today(plan.time_zone)
    state = _state(session, plan, order, on=on)
    plan_id = plan_row(session, plan.uid).id or 0
    standing = newest_like(session, plan_id, transfer_id, order.audience, order.language)
    state_hash = digest(state)
    if standing is not None and standing.state_hash != state_hash:
        standing = None
    frame = _frame(session, plan, order, actor=actor, at=at, on=on)
    texts = _texts(session, state, order.language)
    data = certificate_data(frame, state, texts)
    return _Draft(plan.uid, plan_id, transfer_id, data, state_hash, standing)


def _transfer_id(
    session: Session, plan: PlanView, order: IssueCertificate, *, actor: Actor
) -> int | None:
    """Return the row of the transfer meant: one of this plan that the actor sees."""
    if order.transfer is None:
        return None
    rows = joined_rows(session, actor, col(Transfer.uid) == order.transfer, limit=1)
    if not rows or rows[0].plan.uid != plan.uid:
        raise NotFound(
            _("There is no transfer {transfer} on this plan."), transfer=str(order.transfer)
        )
    return rows[0].transfer.id


def _state(session: Session, plan: PlanView, order: IssueCertificate, *, on: date) -> Data:
    if order.transfer is None:
        state = plan_state(session, plan, on=on)
    else:
        state = transfer_state(session, plan, order.transfer, on=on)
    return public_state(state) if order.audience is Audience.PUBLIC else state


def _frame(
    session: Session,
    plan: PlanView,
    order: IssueCertificate,
    *,
    actor: Actor,
    at: datetime,
    on: date,
) -> Frame:
    head = head_of(session, plan.uid)
    return Frame(
        uid=new_uid(),
        kind=Kind.PLAN if order.transfer is None else Kind.TRANSFER,
        audience=order.audience,
        language=order.language,
        issued_at=at,
        on=on,
        zone=plan.time_zone,
        issuer=_issuer(session, plan, actor),
        instance=read_instance(session).uid,
        chain=ChainHead(head.chain_uid, head.entry_count, head.head_hash),
        address=f"{order.base_url.rstrip('/')}{CHECK_PATH}" if order.base_url else "",
        drawing=drawing_of(order.language),
    )


def _issuer(session: Session, plan: PlanView, actor: Actor) -> Issuer:
    query = select(Organisation.name).where(Organisation.uid == actor.organisation_uid)
    name = session.exec(query).first() if actor.organisation_uid else None
    return Issuer(actor.organisation_uid, name or "", author_of(actor, plan.place).role)


def _texts(session: Session, state: Data, language: str) -> Mapping[str, Mapping[str, object]]:
    shown = texts_in(session, texts_of(state), language=language)
    return {
        english: {"text": each.text, "is_draft": each.is_draft}
        for english, each in shown.items()
        if each.language == language and each.text != english
    }


def _enter(sessions: Sessions, draft: _Draft, pdf: bytes, *, actor: Actor) -> Issued | None:
    """Store and record what was drawn; return nothing where the trail has moved on since."""
    data = draft.data
    chain = data["chain"]
    at = datetime.fromisoformat(data["issued_at"])
    with sessions.begin() as session:
        plan = find_plan(session, draft.plan_uid, sight=sight_of(actor))
        author = author_of(actor, plan.place)
        recorder = open_trail(session, author=author, at=at, plans=[draft.plan_uid])
        head = head_of(session, draft.plan_uid)
        if (head.entry_count, head.head_hash) != (chain["entries"], chain["head"]):
            return None
        row = _row(draft, pdf, actor=actor)
        session.add(row)
        recorder.record(
            CERTIFICATE_ISSUED,
            kind="certificate",
            subject=row.uid,
            values=recorded_values(row, data),
        )
        return Issued(row.code, row.content_hash, row.file_sha256, pdf, is_new=True, since=at)


def _row(draft: _Draft, pdf: bytes, *, actor: Actor) -> Certificate:
    data = draft.data
    chain = data["chain"]
    return Certificate(
        uid=UUID(data["uid"]),
        plan_id=draft.plan_id,
        transfer_id=draft.transfer_id,
        kind=Kind(data["kind"]),
        audience=Audience(data["audience"]),
        language=data["language"],
        code=code_for(data),
        content_hash=content_hash_of(data),
        state_hash=draft.state_hash,
        chain_uid=UUID(chain["uid"]),
        entry_count=chain["entries"],
        head_hash=chain["head"],
        file_sha256=hashlib.sha256(pdf).hexdigest(),
        data=data,
        issued_at=datetime.fromisoformat(data["issued_at"]),
        issued_by_uid=actor.account_uid,
        organisation_uid=actor.organisation_uid,
        role=data["issued_by"]["role"],
    )


def recorded_values(row: Certificate, data: Data) -> dict[str, object]:
    """Return what the trail says of a certificate."""
    return {
        "code": row.code,
        "kind": row.kind,
        "audience": row.audience,
        "language": row.language,
        "content_hash": row.content_hash,
        "state_hash": row.state_hash,
        "file_sha256": row.file_sha256,
        "entries": row.entry_count,
        "head": row.head_hash,
        "transfer": data["state"]["functions"][0]["transfers"][0]["uid"]
        if row.transfer_id and row.audience is Audience.RESTRICTED
        else None,
    }


def _standing(row: Certificate, pdf: bytes) -> Issued:
    return Issued(
        row.code, row.content_hash, row.file_sha256, pdf, is_new=False, since=row.issued_at
    )
