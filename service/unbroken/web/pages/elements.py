"""A plan answers resolution 2764 element by element: state, dated evidence, and what watches it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.gaps.queries import GapView
from unbroken.gaps.queries.elements import ElementView, elements
from unbroken.gaps.rules.elements import ElementState
from unbroken.plans.queries import PlanView, find_plan
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.pages.gaps import GapLine, gap_lines, gap_titles
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader
from unbroken.web.words import ELEMENT

router = APIRouter()
TOP = 3


@dataclass(frozen=True, slots=True)
class ElementLine:
    """One element with the worst of the gaps that watch it; ``count`` is of all of them."""

    view: ElementView
    top: tuple[GapLine, ...]
    count: int


@dataclass(frozen=True, slots=True)
class ElementsPage(Page):
    """The elements A to O of a plan; ``figures`` count their states."""

    template: ClassVar[str] = "plans/elements.html"

    plan: PlanView
    lines: tuple[ElementLine, ...]
    figures: tuple[tuple[int, str, str], ...]
    texts: CatalogueTexts


@router.get("/plans/{slug}/elements")
def elements_page(visit: Reader, slug: str) -> Response:
    """Return how a plan answers each element of the resolution."""
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        today = visit.clock.today(plan.time_zone)
        found = elements(session, plan.uid, actor=visit.actor, on=today)
        shown = [gap for view in found for gap in _worst(view.gaps)]
        texts = texts_for(session, visit, gap_titles(shown))
    lines = tuple(_line(visit, each, texts) for each in found)
    return page(visit, ElementsPage(plan, lines, _figures(visit, found), texts))


def _line(visit: Visit, view: ElementView, texts: CatalogueTexts) -> ElementLine:
    return ElementLine(view, gap_lines(visit, _worst(view.gaps), texts), len(view.gaps))


def _worst(gaps: Iterable[GapView]) -> list[GapView]:
    return list(gaps)[:TOP]


def _figures(visit: Visit, found: list[ElementView]) -> tuple[tuple[int, str, str], ...]:
    counted = {state: sum(view.state is state for view in found) for state in ElementState}
    words = ((count, ELEMENT[state.value]) for state, count in counted.items())
    return tuple(
        (count, visit.say(word.label), word.tone if count else "quiet") for count, word in words
    )
