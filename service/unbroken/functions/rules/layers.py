"""An organisation's own items on top of an edition; what the edition says stays untouched."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from unbroken.functions.rules.checking import check_item
from unbroken.functions.rules.editions import assemble
from unbroken.functions.rules.parsing import OPTIONAL, REQUIRED, parse_items
from unbroken.functions.rules.sheets import Cursor, KeyPath, Sheet
from unbroken.functions.rules.words import Edition, Fault, Function, Item
from unbroken.kit.errors import Invalid
from unbroken.kit.sentences import listed, sentence
from unbroken.kit.slugs import is_slug
from unbroken.safeguarding.rules import check_text

KEYS = ("code", "organisation", "items")
OWN_ID = r"[A-Z][A-Z0-9]{1,9}-%s-\d{2,3}"
LONGEST_NAME = 20
TEXTS = ("text", "evidence", "source")


@dataclass(frozen=True, slots=True)
class LayerFile:
    """One file of a layer: the items that an organisation adds to one function."""

    code: str
    organisation: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """The items that one organisation adds to an edition, by the function's code."""

    name: str
    items: Mapping[str, tuple[Item, ...]]


Entry = tuple[Sheet, LayerFile]


def layered(edition: Edition, layer: Layer) -> Edition:
    """Return ``edition`` with the items of ``layer`` after its own: ``<edition>+<layer>``.

    A function that the edition has not is left out.
    """
    functions = [
        replace(function, items=(*function.items, *layer.items.get(code, ())))
        for code, function in edition.functions.items()
    ]
    return assemble(f"{edition.name}+{layer.name}", functions)


def parse_layer(sheet: Sheet) -> tuple[LayerFile | None, list[Fault]]:
    """Return the layer file in ``sheet`` and its faults; none where there is any fault.

    Only the form is judged here; ``check_layer`` holds it against the edition.
    """
    faults = list(_more_than_items(sheet))
    content = {key: value for key, value in sheet.content.items() if key not in _OF_FUNCTIONS}
    top = Cursor(sheet, content, (), faults)
    if not top.keys(required=KEYS):
        return None, faults
    found = LayerFile(
        code=top.at("code").text(longest=20),
        organisation=top.at("organisation").text(longest=80),
        items=parse_items(top.at("items")),
    )
    return (None if faults else found), faults


def check_layer(entries: Sequence[Entry], edition: Edition, *, name: str) -> list[Fault]:
    """Return the faults of the parsed files of the layer ``name``, by file and line."""
    faults = [
        *_name(name),
        *_organisations(entries),
        *(fault for entry in entries for fault in _file(*entry, edition=edition)),
        *_twice(entries),
    ]
    return sorted(faults, key=lambda fault: (fault.file, fault.line))


_OF_FUNCTIONS = frozenset({*REQUIRED, *OPTIONAL}) - frozenset(KEYS)


def _more_than_items(sheet: Sheet) -> Iterator[Fault]:
    for key in sheet.content:
        if key in _OF_FUNCTIONS:
            what = sentence("`{key}` cannot be changed by a layer", key=key)
            remedy = sentence("A layer only adds items; keep {keys}.", keys=listed(KEYS))
            yield sheet.fault((key,), what, remedy=remedy)


def _name(name: str) -> Iterator[Fault]:
    if not is_slug(name) or len(name) > LONGEST_NAME:
        what = sentence("the folder {name} is no name for a layer", name=name)
        remedy = sentence(
            "Use small letters, digits and single hyphens, at most {longest_name}.",
            longest_name=LONGEST_NAME,
        )
        yield Fault(name, 1, what, remedy)


def _organisations(entries: Sequence[Entry]) -> Iterator[Fault]:
    first = entries[0][1].organisation if entries else ""
    for sheet, file in entries:
        if not is_slug(file.organisation):
            what = sentence(
                "organisation {organisation} is not a short name", organisation=file.organisation
            )
            remedy = "Use small letters, digits and single hyphens, such as child-fund."
            yield sheet.fault(("organisation",), what, remedy=remedy)
        elif file.organisation != first:
            what = sentence(
                "organisation {organisation} is not that of the other files, {first}",
                organisation=file.organisation,
                first=first,
            )
            yield sheet.fault(("organisation",), what, remedy="Make a layer per organisation.")


def _file(sheet: Sheet, file: LayerFile, *, edition: Edition) -> Iterator[Fault]:
    expected = sheet.file.removesuffix(".yaml")
    if file.code != expected:
        what = sentence("code {code} is not the file's name", code=file.code)
        remedy = sentence(
            "Write {expected}, or rename the file to {code}.yaml.",
            expected=expected,
            code=file.code,
        )
        yield sheet.fault(("code",), what, remedy=remedy)
    function = edition.functions.get(file.code)
    if function is None:
        what = sentence(
            "edition {edition} has no function {code}", edition=edition.name, code=file.code
        )
        yield sheet.fault(
            ("code",),
            what,
            remedy=sentence("Use one of: {codes}.", codes=listed(edition.functions)),
        )
        return
    for number, item in enumerate(file.items):
        yield from _item(sheet, function, number=number, item=item)


def _item(sheet: Sheet, function: Function, *, number: int, item: Item) -> Iterator[Fault]:
    place: KeyPath = ("items", number)
    if item.id in {each.id for each in function.items}:
        what = sentence("item {id} is the edition's and cannot be changed by a layer", id=item.id)
        yield sheet.fault(
            (*place, "id"),
            what,
            remedy=sentence(
                "Give yours an id of its own, "
                "such as ORG-{code}-01, with your organisation's letters.",
                code=function.code,
            ),
        )
    elif not re.fullmatch(OWN_ID % re.escape(function.code), item.id):
        what = sentence(
            "item id {id} is not letters, {code} and two digits", id=item.id, code=function.code
        )
        yield sheet.fault(
            (*place, "id"),
            what,
            remedy=sentence(
                "Write it such as ORG-{code}-01, with your organisation's letters.",
                code=function.code,
            ),
        )
    yield from check_item(sheet, function, number=number, item=item)
    for key in TEXTS:
        yield from _gate(sheet, (*place, key), text=getattr(item, key))


def _gate(sheet: Sheet, path: KeyPath, *, text: str) -> Iterator[Fault]:
    """Yield what the gate for free text finds: nothing may point at a person or place."""
    try:
        check_text(text, field=str(path[-1]))
    except Invalid as refused:
        for problem in refused.problems:
            yield sheet.fault(
                path,
                sentence("`{path}` {what}", path=problem.path, what=sentence(problem.what)),
                remedy=problem.remedy,
            )


def _twice(entries: Iterable[Entry]) -> Iterator[Fault]:
    seen: set[str] = set()
    for sheet, file in entries:
        for number, item in enumerate(file.items):
            if item.id in seen:
                what = sentence("item id {id} stands twice in the layer", id=item.id)
                yield sheet.fault(("items", number, "id"), what, remedy="Give it the next number.")
            seen.add(item.id)
