"""Checks a certificate's file by itself: seal, data, and whether its pages are drawn from them.

No database, no settings, no network.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from unbroken.documents.attachments import NoData, attached_data
from unbroken.documents.drawing import CannotDraw, draw, drawing_of
from unbroken.documents.rules.certificates import Data, code_for, content_hash_of
from unbroken.documents.rules.findings import Finding, Flaw
from unbroken.documents.rules.seals import HEADER, Seal, find_mark, first_difference, read_seal
from unbroken.kit.languages import Languages

WHERE = "certificate"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What was found: ``data`` is ``None`` where it cannot be read, ``notes`` is in words."""

    data: Data | None
    faults: tuple[Finding, ...]
    notes: tuple[str, ...]


def check_file(raw: bytes, languages: Languages) -> CheckedFile:
    """Return what is wrong with the bytes of a certificate; each fault names what differs."""
    if not raw.startswith(HEADER):
        return CheckedFile(None, (_fault(Flaw.UNREADABLE, "It is not a PDF file."),), ())
    seal = read_seal(raw)
    faults = [*_seal_faults(raw, seal)]
    try:
        data = attached_data(raw)
    except NoData as error:
        faults.append(_fault(Flaw.DATA_CHANGED, f"Its data cannot be read: {error}.", "data"))
        return CheckedFile(None, tuple(faults), ())
    faults += _data_faults(data, seal) or _drawing_faults(raw, data, languages)
    try:
        return CheckedFile(data, tuple(faults), tuple(_notes(data)))
    except (LookupError, TypeError, ValueError):
        faults.append(_fault(Flaw.DATA_CHANGED, "Its data are not those of a certificate.", "data"))
        return CheckedFile(None, tuple(faults), ())


def _seal_faults(raw: bytes, seal: Seal | None) -> Iterator[Finding]:
    if seal is not None and not seal.fits:
        said = "Its seal does not fit its bytes: the file was changed after it was issued."
        yield _fault(Flaw.FILE_CHANGED, said, "seal")
    if seal is None:
        at = find_mark(raw)
        said = (
            "It bears no seal: its end was cut off or changed, or it is no certificate."
            if at < 0
            else f"Bytes after its seal, which stands at byte {at}, were changed, added or cut off."
        )
        yield _fault(Flaw.FILE_CHANGED, said, "seal")


def _data_faults(data: Data, seal: Seal | None) -> list[Finding]:
    if seal is None or content_hash_of(data) == seal.content_hash:
        return []
    said = (
        f"Its data give the content hash {content_hash_of(data)}, not {seal.content_hash}, which"
        " stands at its end: a value inside was changed."
    )
    return [_fault(Flaw.DATA_CHANGED, said, "content_hash")]


def _drawing_faults(raw: bytes, data: Data, languages: Languages) -> list[Finding]:
    if not is_drawn_here(data):
        return []
    try:
        drawn = draw(data, languages.translator(str(data["language"])))
    except CannotDraw:
        said = "Its data cannot be drawn: they are not those of a certificate."
        return [_fault(Flaw.DATA_CHANGED, said, "data")]
    at = first_difference(raw, drawn)
    if at is None:
        return []
    said = (
        f"From byte {at} on, the file is not what its data give when they are drawn again"
        f" (it has {len(raw)} bytes, the drawing {len(drawn)})."
    )
    return [Finding(Flaw.DRAWING_DIFFERS, f"byte {at}", said, "drawing")]


def is_drawn_here(data: Data) -> bool:
    """Return whether this version draws certificates as the one did that made ``data``."""
    drawing = data.get("drawing")
    return drawing == dict(drawing_of(str(data.get("language"))))


def _notes(data: Data) -> Iterator[str]:
    issuer = data["issued_by"]
    chain = data["chain"]
    yield (
        f"Certificate {code_for(data)}, issued {data['issued_at']} by"
        f" {issuer['organisation'] or 'the service'} ({issuer['role']}), at entry"
        f" {chain['entries']} of trail {chain['uid']}."
    )
    if not is_drawn_here(data):
        yield (
            "Another version drew it: its pages were not drawn again here. Seal and data were"
            " checked."
        )


def _fault(flaw: Flaw, said: str, field: str = "") -> Finding:
    return Finding(flaw, WHERE, said, field)
