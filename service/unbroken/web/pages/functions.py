"""The catalogue: every child-protection function, what moves with it and how one knows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from unbroken.functions.queries import edition_names, loaded_edition
from unbroken.functions.rules import Dependency, Edition, Function, Item, Milestone, texts_of
from unbroken.kit.errors import NotFound
from unbroken.kit.languages import gettext as _
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader
from unbroken.web.step_words import step_label

router = APIRouter(prefix="/functions")
Name = Annotated[str, Query(max_length=40)]
TIERS: Mapping[int, str] = {
    1: _("Never to be lost: the harm cannot be undone"),
    2: _("To be kept: the harm is grave"),
    3: _("To be kept where it is performed"),
    4: _("To be handed on in good order"),
}


@dataclass(frozen=True, slots=True)
class FunctionsPage(Page):
    """The functions of an edition by tier; ``editions`` are all that are loaded.

    ``chosen`` goes after the address of each function: empty, or the edition that is not the
    newest.
    """

    template: ClassVar[str] = "plans/functions.html"

    edition: str
    editions: tuple[str, ...]
    chosen: str
    tiers: tuple[tuple[int, str, tuple[Function, ...]], ...]
    count: int
    texts: CatalogueTexts


@dataclass(frozen=True, slots=True)
class Tie:
    """What one function needs of another, seen from one of the two.

    ``code`` and ``title`` are of the other one, the title empty where the edition has it not;
    ``step`` of the function that is needed falls due no later than ``before`` of the one that
    needs it, both in the reader's language.
    """

    code: str
    title: str
    step: str
    before: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class FunctionPage(Page):
    """One function with its checklist by milestone, what it needs and what needs it."""

    template: ClassVar[str] = "plans/function.html"

    edition: str
    chosen: str
    function: Function
    steps: tuple[tuple[Milestone, tuple[Item, ...]], ...]
    needs: tuple[Tie, ...]
    needed_by: tuple[Tie, ...]
    texts: CatalogueTexts


@router.get("")
def catalogue(visit: Reader, edition: Name = "") -> Response:
    """Return the functions of an edition, the newest without a name."""
    with visit.sessions.reading() as session:
        names = tuple(edition_names(session))
        found = _edition(session, edition, names) if names else None
        functions = () if found is None else tuple(found.functions.values())
        english = [text for each in functions for text in (each.title, each.for_children)]
        texts = texts_for(session, visit, english)
    tiers = tuple(
        (tier, text, tuple(each for each in functions if each.tier == tier))
        for tier, text in TIERS.items()
    )
    name = "" if found is None else found.name
    shown = FunctionsPage(name, names, _chosen(name, names), tiers, len(functions), texts)
    return page(visit, shown)


@router.get("/{code}")
def function_page(visit: Reader, code: str, edition: Name = "") -> Response:
    """Return one function of the catalogue."""
    with visit.sessions.reading() as session:
        names = tuple(edition_names(session))
        found = _edition(session, edition, names)
        function = _function(found, code)
        needs, needed_by = _needs(visit, found, function), _needed_by(visit, found, function)
        texts = texts_for(session, visit, _english(function, (*needs, *needed_by)))
    steps = tuple(
        (milestone, tuple(item for item in function.items if item.milestone is milestone))
        for milestone in Milestone
    )
    shown = FunctionPage(
        edition=found.name,
        chosen=_chosen(found.name, names),
        function=function,
        steps=tuple(step for step in steps if step[1]),
        needs=needs,
        needed_by=needed_by,
        texts=texts,
    )
    return page(visit, shown)


def _edition(session: Session, name: str, known: tuple[str, ...]) -> Edition:
    if not known:
        raise NotFound(
            "No edition of the catalogue is loaded.",
            remedy="Ask a steward to load one: unbroken checklist load.",
        )
    # in an address that somebody typed, the plus of a layered edition arrives as a space
    return loaded_edition(session, name.replace(" ", "+") or known[0])


def _chosen(name: str, known: tuple[str, ...]) -> str:
    return "" if name in known[:1] else "?" + urlencode({"edition": name})


def _function(edition: Edition, code: str) -> Function:
    found = edition.functions.get(code)
    if found is None:
        raise NotFound(
            "There is no function {code} in edition {edition}.", code=code, edition=edition.name
        )
    return found


def _needs(visit: Visit, edition: Edition, function: Function) -> tuple[Tie, ...]:
    others = edition.functions
    return tuple(
        _tie(visit, each, each.function, others.get(each.function)) for each in function.depends_on
    )


def _needed_by(visit: Visit, edition: Edition, function: Function) -> tuple[Tie, ...]:
    return tuple(
        _tie(visit, each, other.code, other)
        for other in edition.functions.values()
        for each in other.depends_on
        if each.function == function.code
    )


def _tie(visit: Visit, each: Dependency, code: str, other: Function | None) -> Tie:
    return Tie(
        code=code,
        title="" if other is None else other.title,
        step=step_label(each.step, say=visit.say),
        before=step_label(each.before, say=visit.say),
        why=each.why,
        source=each.source,
    )


def _english(function: Function, ties: tuple[Tie, ...]) -> Iterator[str]:
    """Yield every text of the page that may have a translation."""
    texts = texts_of(function)
    yield from (texts.title, texts.for_children, texts.failure_seen)
    yield from (*texts.moves, *texts.receivers, *texts.units, *texts.parts.values())
    for item in texts.items.values():
        yield from (item.text, item.evidence)
    for tie in ties:
        yield from (tie.title, tie.why)
