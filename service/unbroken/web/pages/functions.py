"""The catalogue: every child-protection function, what moves with it and how one knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from unbroken.functions.queries import edition_names, loaded_edition
from unbroken.functions.rules import Edition, Function, Item, Milestone
from unbroken.kit.errors import NotFound
from unbroken.kit.languages import gettext as _
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader

router = APIRouter(prefix="/functions")
Name = Annotated[str, Query(max_length=20)]
TIERS: Mapping[int, str] = {
    1: _("Never to be lost: the harm cannot be undone"),
    2: _("To be kept: the harm is grave"),
    3: _("To be kept where it is performed"),
    4: _("To be handed on in good order"),
}


@dataclass(frozen=True, slots=True)
class FunctionsPage(Page):
    """The functions of an edition by tier; ``editions`` are all that are loaded."""

    template: ClassVar[str] = "plans/functions.html"

    edition: str
    editions: tuple[str, ...]
    tiers: tuple[tuple[int, str, tuple[Function, ...]], ...]
    count: int


@dataclass(frozen=True, slots=True)
class FunctionPage(Page):
    """One function with its checklist by milestone."""

    template: ClassVar[str] = "plans/function.html"

    edition: str
    function: Function
    steps: tuple[tuple[Milestone, tuple[Item, ...]], ...]


@router.get("")
def catalogue(visit: Reader, edition: Name = "") -> Response:
    """Return the functions of an edition, the newest without a name."""
    with visit.sessions.reading() as session:
        names = tuple(edition_names(session))
        found = _edition(session, edition, names) if names else None
    functions = () if found is None else tuple(found.functions.values())
    tiers = tuple(
        (tier, text, tuple(each for each in functions if each.tier == tier))
        for tier, text in TIERS.items()
    )
    shown = FunctionsPage("" if found is None else found.name, names, tiers, len(functions))
    return page(visit, shown)


@router.get("/{code}")
def function_page(visit: Reader, code: str, edition: Name = "") -> Response:
    """Return one function of the catalogue."""
    with visit.sessions.reading() as session:
        found = _edition(session, edition, tuple(edition_names(session)))
    function = found.functions.get(code)
    if function is None:
        raise NotFound(
            "There is no function {code} in edition {edition}.", code=code, edition=found.name
        )
    steps = tuple(
        (milestone, tuple(item for item in function.items if item.milestone is milestone))
        for milestone in Milestone
    )
    shown = tuple(step for step in steps if step[1])
    return page(visit, FunctionPage(found.name, function, shown))


def _edition(session: Session, name: str, known: tuple[str, ...]) -> Edition:
    if not known:
        raise NotFound("No edition of the catalogue is loaded.")
    return loaded_edition(session, name or known[0])
