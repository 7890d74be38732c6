"""The catalogues of translations: read, brought up to date, written, and what is wrong in them."""

import io
import re
from collections.abc import Iterable, Iterator
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po, write_po

from tests.house.messages.extraction import Message
from unbroken.kit.languages import FOLDER

TRANSLATED = ("fr", "ar", "es")
WIDTH = 100
HEADER = """# Unbroken: what readers of "{language}" see. Brought up to date with
# python -m tests.house.messages update
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
HOLE = re.compile(r"%\([a-z_0-9]+\)[a-z]|%%|\{[^{}]*\}")
TAG = re.compile(r"</?[a-z][^>]*>|&[a-z]+;")
NUMBERS = range(1001)


def file_of(language: str, folder: Path = FOLDER) -> Path:
    """Return where the translations into a language stand."""
    return folder / f"{language}.po"


def read(file: Path) -> Catalog:
    """Return the translations of a file named for its language; empty where there is none."""
    text = file.read_bytes() if file.is_file() else b""
    return read_po(io.BytesIO(text), locale=file.stem, abort_invalid=True)


def refreshed(known: Catalog, messages: Iterable[Message]) -> Catalog:
    """Return the catalogue of exactly these messages, with every translation that is known."""
    made = Catalog(locale=known.locale, charset="utf-8", fuzzy=False)
    for message in sorted(messages):
        before = known.get(message.one, message.context or None)
        fits = before is not None and before.id == message.identity and not before.fuzzy
        string = before.string if before is not None and fits else ""
        made.add(message.identity, string or None, context=message.context or None)
    return made


def written(catalogue: Catalog) -> bytes:
    """Return the text of a catalogue's file: sorted, without places, the same for the same."""
    language, forms = str(catalogue.locale), catalogue.plural_forms
    body = io.BytesIO()
    write_po(body, catalogue, width=WIDTH, no_location=True, omit_header=True, sort_output=True)
    return HEADER.format(language=language, plural_forms=forms).encode() + body.getvalue().lstrip()


def missing(catalogue: Catalog, messages: Iterable[Message]) -> list[Message]:
    """Return the messages that have no translation, or not every plural form, sorted."""
    return sorted(each for each in messages if not _is_whole(catalogue, each))


def faults(catalogue: Catalog, messages: Iterable[Message]) -> list[str]:
    """Return what is wrong with a catalogue, a line for each fault; empty when nothing is."""
    wanted = {(each.one, each.context) for each in messages}
    found = [f"missing: {each.one}" for each in missing(catalogue, messages)]
    for entry in catalogue:
        if entry.id:
            found += _faults(
                entry, catalogue, is_wanted=(_first(entry), entry.context or "") in wanted
            )
    return found


def _is_whole(catalogue: Catalog, message: Message) -> bool:
    entry = catalogue.get(message.one, message.context or None)
    if entry is None or entry.id != message.identity:
        return False
    forms = _forms(entry)
    many = catalogue.num_plurals if message.many else 1
    return len(forms) == many and all(form.strip() for form in forms)


def _faults(entry: Entry, catalogue: Catalog, *, is_wanted: bool) -> Iterator[str]:
    first = _first(entry)
    if not is_wanted:
        yield f"unused: {first}"
    if entry.fuzzy:
        yield f"fuzzy: {first}"
    for at, form in enumerate(_forms(entry)):
        if form.strip():
            yield from _differences(entry, form, is_few=_is_few(catalogue, entry, at))


def _differences(entry: Entry, form: str, *, is_few: bool) -> Iterator[str]:
    one, many = entry.id if isinstance(entry.id, tuple | list) else (entry.id, entry.id)
    holes, kept = set(HOLE.findall(many)) | set(HOLE.findall(one)), set(HOLE.findall(form))
    # a form for one number, or for two, may say it in a word
    if kept - holes or len(holes - kept) > is_few:
        yield f"other placeholders: {one} → {form}"
    if sorted(TAG.findall(one)) != sorted(TAG.findall(form)):
        yield f"other markup: {one} → {form}"
    if _edges(one) != _edges(form):
        yield f"other spaces at the ends: {one} → {form}"


def _is_few(catalogue: Catalog, entry: Entry, at: int) -> bool:
    if not entry.pluralizable:
        return False
    form_for = c2py(catalogue.plural_expr)
    return sum(form_for(number) == at for number in NUMBERS) <= len((0, 1))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _forms(entry: Entry) -> tuple[str, ...]:
    told = entry.string
    return tuple(told) if isinstance(told, tuple | list) else (str(told or ""),)


def _first(entry: Entry) -> str:
    return entry.id[0] if isinstance(entry.id, tuple | list) else str(entry.id)
