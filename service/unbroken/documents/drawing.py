"""Draws a certificate as a PDF: typst, the vendored fonts and nothing of the machine.

The same data give the same bytes wherever the same version draws them: the instant of issue is the
file's date, and no font of the system is looked at. The file is PDF/A-3a and PDF/UA-1, carries its
data as an attachment, and bears a seal.
Source: stack of 2026: typst 0.15.0; Noto Sans 2.015 and Noto Naskh Arabic 2.021 (SIL OFL 1.1).
"""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import BoundedSemaphore
from unicodedata import bidirectional

import segno
import typst

from unbroken.documents.glyphs import shown
from unbroken.documents.rules.certificates import Data, code_for, content_hash_of, file_bytes
from unbroken.documents.rules.seals import sealed
from unbroken.documents.rules.sheets import qr_text, sheet_of
from unbroken.kit.errors import Unavailable
from unbroken.kit.languages import FOLDER as LOCALES
from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "certificate.typ"
FONTS = HERE / "fonts"
# Two threads of four may draw: the others go on serving pages.
AT_ONCE = BoundedSemaphore(2)
LONGEST_WAIT = 20.0  # seconds
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
ISOLATES = "\u2066\u2067\u2068\u2069"
# What the words and their places on the page are made by; a change there is another drawing.
LAYOUT = ("labels", "sheet_places", "sheet_public", "sheets", "writing")


class CannotDraw(Exception):
    """These data cannot be drawn: they are not those of a certificate."""


def draw(data: Data, reader: Translator) -> bytes:
    """Return the sealed PDF of a certificate in the words of ``reader``.

    Raises:
        CannotDraw: the data are not those of a certificate.
        Unavailable: too many are being drawn just now.
    """
    if not AT_ONCE.acquire(timeout=LONGEST_WAIT):
        raise Unavailable(
            _("Too many certificates are being made just now."), remedy=_("Try again in a minute.")
        )
    try:
        return _drawn(data, reader)
    finally:
        AT_ONCE.release()


def _drawn(data: Data, reader: Translator) -> bytes:
    try:
        # the order of keys means nothing, so it must draw nothing either
        data = json.loads(file_bytes(data))
        found = code_for(data)
        pdf = _pdf(data, reader, found)
        return sealed(pdf, code=found, content_hash=content_hash_of(data))
    except (typst.TypstError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise CannotDraw(str(error)) from error


def drawing_of(locale: str) -> Mapping[str, str]:
    """Return by what a certificate in ``locale`` is drawn here: who has the same draws the same."""
    return {"typst": version("typst"), "babel": version("babel"), "layout": _layout(locale)}


@cache
def _layout(locale: str) -> str:
    made = hashlib.sha256()
    for at in _files(locale):
        made.update(at.name.encode() + b"\0" + hashlib.sha256(at.read_bytes()).digest())
    return made.hexdigest()[:32]


def _files(locale: str) -> Iterator[Path]:
    yield TEMPLATE
    yield from sorted(FONTS.glob("*.ttf"))
    yield from (HERE / "rules" / f"{name}.py" for name in LAYOUT)
    words = LOCALES / f"{locale}.po"
    if words.is_file():
        yield words


def _pdf(data: Data, reader: Translator, found: str) -> bytes:
    compiler = typst.Compiler(root=str(HERE), font_paths=[str(FONTS)], ignore_system_fonts=True)
    inputs = {
        "sheet": shown(_quieted(json.dumps(sheet_of(data, reader), ensure_ascii=False))),
        "data": file_bytes(data).decode(),
        "qr": _qr(qr_text(data, found)),
    }
    made = compiler.compile(
        input=str(TEMPLATE),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["a-3a", "ua-1"],
        timestamp=datetime.fromisoformat(data["issued_at"]).replace(microsecond=0),
    )
    if not isinstance(made, bytes):
        message = "nothing was drawn"
        raise TypeError(message)
    return made


def _quieted(text: str) -> str:
    """Return ``text`` without isolates where nothing runs from right to left.

    A font has no glyph for them: who copies or listens to the page would meet them as blanks.
    """
    if any(bidirectional(letter) in RIGHT_TO_LEFT for letter in set(text)):
        return text
    return text.translate(dict.fromkeys(map(ord, ISOLATES)))


def _qr(text: str) -> str:
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", xmldecl=False, border=1)
    return drawn.getvalue().decode()
