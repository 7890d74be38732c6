"""Certificates that were issued: found by code, listed by plan, and what became of them since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from unbroken.documents.models import Certificate
from unbroken.documents.rules.permits import may_have
from unbroken.documents.rules.words import Audience, Kind
from unbroken.kit.errors import NotFound
from unbroken.people.models import Organisation
from unbroken.people.rules import Actor, Place
from unbroken.plans.models import Mission, Plan
from unbroken.plans.queries.rows import Ref, names_plan
from unbroken.trail.models import Chain, Entry
from unbroken.transfers.models import Transfer
from unbroken.transfers.queries.rows import joined_rows

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class CertificateView:
    """One certificate; ``transfer_uid`` is ``None`` where it is about the whole plan."""

    uid: UUID
    plan_uid: UUID
    plan_slug: str
    country_iso3: str
    transfer_uid: UUID | None
    kind: Kind
    audience: Audience
    language: str
    code: str
    content_hash: str
    chain_uid: UUID
    entry_count: int
    head_hash: str
    file_sha256: str
    issued_at: datetime
    organisation: str
    role: str
    data: Mapping[str, Any]

    @property
    def place(self) -> Place:
        """Return where the plan is."""
        return Place(self.plan_uid, self.country_iso3)


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a certificate: whether the trail still has its head, and what came after.

    ``later`` counts the acts recorded since, issues of certificates not counted; ``newer`` is
    whether a newer certificate was issued for the same readers and language.
    """

    holds_head: bool
    later: int
    newer: bool


def certificate_by_code(session: Session, code: str) -> CertificateView:
    """Return the certificate of a code, as ``codes.read_code`` gives it.

    Raises:
        NotFound: none was issued under it.
    """
    found = session.execute(_query().where(col(Certificate.code) == code)).first()
    if found is None:
        raise NotFound("No certificate has this code.")
    return _view(*found)


def certificate_for(session: Session, code: str, *, actor: Actor) -> CertificateView:
    """Return the certificate of a code where ``actor`` may have its file.

    Raises:
        NotFound: there is none, or it is not for them.
    """
    view = certificate_by_code(session, code)
    if not is_for(session, view, actor=actor):
        raise NotFound("No certificate has this code.")
    return view


def is_for(session: Session, view: CertificateView, *, actor: Actor) -> bool:
    """Return whether ``actor`` may have the file of a certificate."""
    if not may_have(actor, view.place, kind=view.kind, audience=view.audience):
        return False
    if view.transfer_uid is None or view.audience is Audience.PUBLIC:
        return True
    return bool(joined_rows(session, actor, col(Transfer.uid) == view.transfer_uid, limit=1))


def certificates_of(
    session: Session, plan: Ref, *, actor: Actor, transfer: UUID | None = None
) -> tuple[CertificateView, ...]:
    """Return the certificates of a plan, or of one transfer, that ``actor`` may have; newest first.

    At most ``MOST_LISTED`` are looked at.
    """
    query = _query().where(names_plan(plan))
    if transfer is not None:
        query = query.where(col(Transfer.uid) == transfer)
    rows = session.execute(query.order_by(col(Certificate.id).desc()).limit(MOST_LISTED))
    views = [_view(*row) for row in rows]
    return tuple(view for view in views if is_for(session, view, actor=actor))


def newest_like(
    session: Session, plan_id: int, transfer_id: int | None, audience: Audience, language: str
) -> Certificate | None:
    """Return the last certificate of the same thing for the same readers, ``None`` without."""
    query = (
        select(Certificate)
        .where(Certificate.plan_id == plan_id, Certificate.audience == audience)
        .where(Certificate.transfer_id == transfer_id, Certificate.language == language)
        .order_by(col(Certificate.id).desc())
    )
    return session.exec(query).first()


def standing_of(session: Session, view: CertificateView, *, issue: str) -> Standing:
    """Return what became of a certificate; ``issue`` is what its kind of act is called."""
    head = session.exec(
        select(Entry.hash)
        .join(Chain, col(Chain.id) == Entry.chain_id)
        .where(Chain.uid == view.chain_uid, Entry.position == view.entry_count)
    ).first()
    later = session.exec(
        select(Entry.id)
        .join(Chain, col(Chain.id) == Entry.chain_id)
        .where(Chain.uid == view.chain_uid, Entry.position > view.entry_count)
        .where(Entry.action != issue)
    ).all()
    row = session.exec(select(Certificate).where(Certificate.uid == view.uid)).one()
    newest = newest_like(session, row.plan_id, row.transfer_id, row.audience, row.language)
    return Standing(
        holds_head=head == view.head_hash,
        later=len(later),
        newer=newest is not None and newest.uid != view.uid,
    )


def _query() -> Select[Certificate, Plan, Mission, Transfer, Organisation]:
    return (
        sa_select(Certificate, Plan, Mission, Transfer, Organisation)
        .join(Plan, col(Plan.id) == Certificate.plan_id)
        .join(Mission, col(Mission.id) == Plan.mission_id)
        .outerjoin(Transfer, col(Transfer.id) == Certificate.transfer_id)
        .outerjoin(Organisation, col(Organisation.uid) == Certificate.organisation_uid)
    )


def _view(
    row: Certificate,
    plan: Plan,
    mission: Mission,
    transfer: Transfer | None,
    organisation: Organisation | None,
) -> CertificateView:
    return CertificateView(
        uid=row.uid,
        plan_uid=plan.uid,
        plan_slug=plan.slug,
        country_iso3=mission.country_iso3,
        transfer_uid=None if transfer is None else transfer.uid,
        kind=row.kind,
        audience=row.audience,
        language=row.language,
        code=row.code,
        content_hash=row.content_hash,
        chain_uid=row.chain_uid,
        entry_count=row.entry_count,
        head_hash=row.head_hash,
        file_sha256=row.file_sha256,
        issued_at=row.issued_at,
        organisation="" if organisation is None else organisation.name,
        role=row.role,
        data=row.data,
    )
