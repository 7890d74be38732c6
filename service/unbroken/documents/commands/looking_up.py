"""Looks up, for anybody, what stands behind a code or a file; guesses are counted.

Nothing that was sent is kept. A file is not taken apart here: its own last line says which
certificate it claims to be, and its bytes are compared with that one's.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from unbroken.documents.checking import is_drawn_here
from unbroken.documents.drawing import draw
from unbroken.documents.queries.issued import (
    CertificateView,
    Standing,
    certificate_by_code,
    standing_of,
)
from unbroken.documents.rules.certificates import code_for, content_hash_of
from unbroken.documents.rules.codes import read_code
from unbroken.documents.rules.seals import claimed_code, first_difference, read_seal
from unbroken.documents.rules.words import CERTIFICATE_ISSUED, Audience, Kind
from unbroken.kit.clock import Clock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import NotFound
from unbroken.kit.languages import Languages
from unbroken.kit.languages import gettext as _
from unbroken.people.commands.tries import count_failure, hold_tries, require_tries_left
from unbroken.people.rules.tries import Limit, TryLimits, look_up_limits
from unbroken.plans.rules.kinds import PlanScope


class FileState(StrEnum):
    """What came of comparing a file with the certificate that it claims to be."""

    NOT_SENT = "not-sent"
    SAME = "same"
    DRAWN_ANEW = "drawn-anew"
    CHANGED = "changed"
    NOT_SEALED = "not-sealed"


@dataclass(frozen=True, slots=True)
class PublicView:
    """What anybody may know of a certificate: no area, no function, no text.

    ``plan_title`` is empty where a plan is of single areas: its title would name them.
    """

    code: str
    kind: Kind
    audience: Audience
    plan_title: str
    mission: str
    country_iso3: str
    issued_at: datetime
    organisation: str
    role: str
    language: str
    content_hash: str
    file_sha256: str
    chain_uid: str
    entry_count: int
    head_hash: str
    illustrative: bool
    fits: bool
    holds_head: bool
    changed_since: bool
    newer: bool


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A certificate, and what its file turned out to be; ``differs_at`` is the first byte."""

    view: PublicView
    file: FileState = FileState.NOT_SENT
    differs_at: int | None = None


@dataclass(frozen=True, slots=True)
class Asker:
    """Where a question comes from, and what one place may ask in vain."""

    address: str
    limits: TryLimits
    clock: Clock

    @property
    def counted(self) -> tuple[Limit, ...]:
        """Return what a question in vain counts against."""
        return look_up_limits(self.limits, address=self.address)


def look_up(sessions: Sessions, typed: str, *, asker: Asker) -> LookedUp:
    """Return what stands behind a code as somebody typed it.

    Raises:
        NotFound: it is no code, or no certificate has it.
        TooMany: this address asked too often for what is not there.
    """
    code = read_code(typed)
    if code is None:
        raise NotFound(
            _("This is no code of a certificate: a character is wrong or missing."),
            remedy=_("Compare it with the one on the certificate, four groups of five."),
        )
    return LookedUp(_public(sessions, code, asker=asker)[0])


def look_up_file(sessions: Sessions, raw: bytes, *, asker: Asker, languages: Languages) -> LookedUp:
    """Return which certificate a file claims to be, and whether it is that, byte for byte.

    Raises:
        NotFound: it bears no seal, or names a certificate that is not known.
        TooMany: this address asked too often for what is not there.
    """
    code = read_code(claimed_code(raw))
    if code is None:
        raise NotFound(
            _("This file bears no seal of a certificate."),
            remedy=_("Type the code that is printed on it."),
        )
    view, row = _public(sessions, code, asker=asker)
    if hashlib.sha256(raw).hexdigest() == row.file_sha256:
        return LookedUp(view, FileState.SAME)
    _count(sessions, asker)  # drawing it again costs much: nobody makes us do so for ever
    return _compared(raw, view, row, languages)


def _compared(raw: bytes, view: PublicView, row: CertificateView, languages: Languages) -> LookedUp:
    data = dict(row.data)
    if is_drawn_here(data):
        drawn = draw(data, languages.translator(row.language))
        at = first_difference(raw, drawn)
        return LookedUp(view, FileState.SAME if at is None else FileState.CHANGED, at)
    seal = read_seal(raw)
    fits = seal is not None and seal.fits and seal.content_hash == row.content_hash
    return LookedUp(view, FileState.DRAWN_ANEW if fits else FileState.CHANGED)


def _public(sessions: Sessions, code: str, *, asker: Asker) -> tuple[PublicView, CertificateView]:
    at = asker.clock.now()
    try:
        with sessions.reading() as session:
            require_tries_left(session, asker.counted, limits=asker.limits, at=at)
            row = certificate_by_code(session, code)
            return _view(session, row), row
    except NotFound:
        _count(sessions, asker)
        raise


def _count(sessions: Sessions, asker: Asker) -> None:
    at = asker.clock.now()
    with sessions.begin() as session:
        hold_tries(session, asker.counted, limits=asker.limits, at=at)
        count_failure(session, asker.counted, limits=asker.limits, at=at)


def _view(session: Session, row: CertificateView) -> PublicView:
    standing = standing_of(session, row, issue=str(CERTIFICATE_ISSUED))
    plan: Mapping[str, Any] = row.data["state"]["plan"]
    return PublicView(
        code=row.code,
        kind=row.kind,
        audience=row.audience,
        plan_title=plan["title"] if plan["scope"] == PlanScope.WHOLE else "",
        mission=plan["acronym"],
        country_iso3=plan["country"],
        issued_at=row.issued_at,
        organisation=row.organisation,
        role=row.role,
        language=row.language,
        content_hash=row.content_hash,
        file_sha256=row.file_sha256,
        chain_uid=str(row.chain_uid),
        entry_count=row.entry_count,
        head_hash=row.head_hash,
        illustrative=bool(plan["illustrative"]),
        fits=_fits(row),
        **_since(standing),
    )


def _fits(row: CertificateView) -> bool:
    return (content_hash_of(row.data), code_for(row.data)) == (row.content_hash, row.code)


def _since(standing: Standing) -> dict[str, bool]:
    return {
        "holds_head": standing.holds_head,
        "changed_since": standing.later > 0,
        "newer": standing.newer,
    }
