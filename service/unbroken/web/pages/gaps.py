"""What is about to be lost: the list of gaps, and one gap with the reason why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from markupsafe import Markup, escape
from starlette.responses import Response

from unbroken.gaps.queries import EventView, GapFilter, GapView, find_gap, gap_list, history
from unbroken.gaps.rules import RULES, Rule, Severity
from unbroken.gaps.rules.explain import why
from unbroken.plans.queries.timetables import titles_of
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.filters import held
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader

router = APIRouter()
A_PAGE = 50
Text = Annotated[str, Query(max_length=120)]


@dataclass(frozen=True, slots=True)
class GapLine:
    """One gap with its reason in the reader's language, ready for a page."""

    gap: GapView
    rule: Rule
    why: Markup


@dataclass(frozen=True, slots=True)
class GapsPage(Page):
    """Open gaps, the worst and soonest first; ``next`` leads on where there are more."""

    template: ClassVar[str] = "gaps/gaps.html"

    lines: tuple[GapLine, ...]
    wanted: GapFilter
    next: str
    rules: tuple[Rule, ...]
    severities: tuple[Severity, ...]
    texts: CatalogueTexts


@dataclass(frozen=True, slots=True)
class GapPage(Page):
    """One gap: facts, the rule's sentence, what it means for children, the source, its history."""

    template: ClassVar[str] = "gaps/gap.html"

    line: GapLine
    events: tuple[EventView, ...]
    titles: Mapping[str, str]
    texts: CatalogueTexts


@router.get("/gaps")
def gaps_page(
    visit: Reader,
    plan: Text = "",
    rule: Text = "",
    severity: Text = "",
    after: Annotated[int | None, Query()] = None,
) -> Response:
    """Return the open gaps that the reader sees, filtered."""
    wanted = GapFilter(
        plan=plan or None,
        rule=rule if rule in RULES else None,
        severity=Severity(severity) if severity in set(Severity) else None,
    )
    with visit.sessions.reading() as session:
        found = gap_list(session, actor=visit.actor, wanted=wanted, limit=A_PAGE, after=after)
        texts = texts_for(session, visit, gap_titles(found))
    lines = gap_lines(visit, found, texts)
    link = _next(wanted, found[-1].id) if len(found) == A_PAGE else ""
    known = tuple(sorted(RULES.values(), key=lambda each: each.code))
    return page(visit, GapsPage(lines, wanted, link, known, tuple(Severity), texts))


@router.get("/gaps/{uid}")
def gap_page(visit: Reader, uid: UUID) -> Response:
    """Return one gap and why it is there."""
    with visit.sessions.reading() as session:
        gap = find_gap(session, uid, actor=visit.actor)
        events = () if gap.masked else tuple(history(session, gap.id))
        titles = titles_of(session, gap.edition) if gap.tier_1 else {}
        texts = texts_for(session, visit, [*gap_titles([gap]), *first_titles([gap], titles)])
    return page(visit, GapPage(gap_lines(visit, [gap], texts)[0], events, titles, texts))


def gap_titles(found: Iterable[GapView]) -> tuple[str, ...]:
    """Return the English titles of functions that the lines of these gaps name."""
    return tuple(title for gap in found for title in gap.titles.values())


def first_titles(found: Iterable[GapView], titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return the English titles of what these gaps say to save first; ``titles`` are by code."""
    return tuple(titles[code] for gap in found for code in gap.tier_1 if code in titles)


def gap_lines(visit: Visit, found: Iterable[GapView], texts: CatalogueTexts) -> tuple[GapLine, ...]:
    """Return gaps with their reason in the reader's language; masked ones tell their class only.

    ``texts`` are those of ``gap_titles``.
    """
    return tuple(GapLine(gap, RULES[gap.rule], _why(visit, gap, texts)) for gap in found)


def _why(visit: Visit, gap: GapView, texts: CatalogueTexts) -> Markup:
    rule = RULES[gap.rule]
    if gap.masked:
        return escape(visit.say(rule.title))

    def translate(text: str) -> str:
        # a title stays as it is: its language may be marked in it
        return text if isinstance(text, Markup) else escape(visit.say(text))

    told = why(
        rule,
        gap.facts,
        titles={code: held(texts.quietly(title)) for code, title in gap.titles.items()},
        translate=translate,
        show_date=visit.reader.day,
        show_money=visit.reader.money,
    )
    return escape(told)


def _next(wanted: GapFilter, last: int) -> str:
    given = {"plan": wanted.plan, "rule": wanted.rule, "severity": wanted.severity, "after": last}
    return "/gaps?" + urlencode({name: value for name, value in given.items() if value})
