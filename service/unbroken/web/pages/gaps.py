"""What is about to be lost: the list of gaps, those of one cause under one headline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from markupsafe import Markup, escape
from pydantic import BaseModel, Field
from starlette.responses import Response

from unbroken.gaps.queries import GapFilter, GapView, gap_list
from unbroken.gaps.queries.mailboxes import WORKING
from unbroken.gaps.rules import RULES, Rule, Severity
from unbroken.gaps.rules.explain import why
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.filters import held
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader

router = APIRouter()
A_PAGE = 50
Text = Annotated[str, Field(max_length=120)]


@dataclass(frozen=True, slots=True)
class GapLine:
    """One gap with its reason in the reader's language, ready for a page."""

    gap: GapView
    rule: Rule
    why: Markup


@dataclass(frozen=True, slots=True)
class GapsPage(Page):
    """Open gaps, the worst and soonest first; ``next`` leads on where there are more.

    ``other`` leads to the same gaps each on its own, or to their headlines; ``mine`` to those that
    are assigned to the reader, who may be ``may_work``.
    """

    template: ClassVar[str] = "gaps/gaps.html"

    lines: tuple[GapLine, ...]
    wanted: GapFilter
    next: str
    other: str
    mine: str
    rules: tuple[Rule, ...]
    severities: tuple[Severity, ...]
    texts: CatalogueTexts


class GapsQuery(BaseModel):
    """What the list is asked for; what cannot be read filters nothing."""

    plan: Text = ""
    rule: Text = ""
    severity: Text = ""
    assigned: Text = ""
    headline: UUID | None = None
    each: Text = ""
    after: int | None = None

    def wanted(self, handle: str) -> GapFilter:
        """Return which gaps are wanted by the account ``handle``; grouped, unless it says each."""
        own = self.assigned == "me"
        return GapFilter(
            plan=self.plan or None,
            rule=self.rule if self.rule in RULES else None,
            severity=Severity(self.severity) if self.severity in set(Severity) else None,
            assigned=handle if own else self.assigned or None,
            headline=self.headline,
            grouped=not self.each,
        )

    def link(self, **other: object) -> str:
        """Return the address of the list asked for the same, but for ``other``."""
        given = self.model_dump() | {"after": None} | other
        return "/gaps?" + urlencode({name: value for name, value in given.items() if value})


@router.get("/gaps")
def gaps_page(visit: Reader, query: Annotated[GapsQuery, Query()]) -> Response:
    """Return the open gaps that the reader sees, filtered."""
    wanted = query.wanted(visit.actor.handle)
    with visit.sessions.reading() as session:
        found = gap_list(
            session,
            actor=visit.actor,
            wanted=wanted,
            limit=A_PAGE,
            after=query.after,
            at=visit.clock.now(),
        )
        texts = texts_for(session, visit, gap_titles(found))
    shown = GapsPage(
        lines=gap_lines(visit, found, texts),
        wanted=wanted,
        next=query.link(after=found[-1].id) if len(found) == A_PAGE else "",
        other=query.link(each="" if query.each else "yes"),
        mine=_mine(visit, query),
        rules=tuple(sorted(RULES.values(), key=lambda each: each.code)),
        severities=tuple(Severity),
        texts=texts,
    )
    return page(visit, shown)


def _mine(visit: Visit, query: GapsQuery) -> str:
    """Return the address of the reader's own gaps; empty where that is shown, or cannot be."""
    works = any(visit.actor.has(role) for role in WORKING)
    return query.link(assigned="me") if works and not query.assigned else ""


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
