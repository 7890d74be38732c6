"""Starting files: an empty translation with the English beside it, and setting its stamp."""

import json
import re
from collections.abc import Iterator

from unbroken.functions.rules.remarks import comment
from unbroken.functions.rules.translations import Language, Texts, stamp, texts_of
from unbroken.functions.rules.words import Function

STAMPED = re.compile(r"^of:.*$", re.MULTILINE)


def skeleton(function: Function, *, language: Language, edition: str) -> str:
    """Return a translation file to be filled in: each English text stands above an empty one."""
    texts = texts_of(function)
    lines = [
        *comment(f"{function.code} of edition {edition} in {language.value}. {GUIDANCE}"),
        f"code: {function.code}",
        f"language: {language.value}",
        "status: draft",
        'translated_by: ""',
        f'of: "{stamp(function)}"',
        *_texts(texts),
    ]
    return "\n".join(lines) + "\n"


def stamped(text: str, *, of: str) -> str:
    """Return the translation file ``text`` with its line ``of`` set; the rest stays as it is."""
    return STAMPED.sub(f'of: "{of}"', text, count=1)


GUIDANCE = (
    "Fill in every empty text and keep the keys. `translated_by` is a role, such as translator or "
    "child-protection officer, never a person's name. `status` becomes reviewed once somebody who "
    "does the work in this language has read it."
)


def _texts(texts: Texts) -> Iterator[str]:
    yield from _field("title", texts.title)
    yield from _field("for_children", texts.for_children)
    for name, entries in (("moves", texts.moves), ("receivers", texts.receivers)):
        yield f"{name}:"
        for entry in entries:
            yield from comment(entry, indent=2)
            yield '  - ""'
    yield "units:" if texts.units else "units: {}"
    for unit in texts.units:
        yield f'  {_quoted(unit)}: ""'
    yield "parts:" if texts.parts else "parts: {}"
    for key, title in texts.parts.items():
        yield from _field(key, title, indent=2)
    yield "items:"
    for key, item in texts.items.items():
        yield f"  {key}:"
        yield from _field("text", item.text, indent=4)
        yield from _field("evidence", item.evidence, indent=4)
    if texts.failure_seen:
        yield from _field("failure_seen", texts.failure_seen)


def _field(key: str, english: str, *, indent: int = 0) -> Iterator[str]:
    yield from comment(english, indent=indent)
    yield f'{" " * indent}{key}: ""'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
