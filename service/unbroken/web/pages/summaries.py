"""What is chosen, told to the head of agency before anything is signed: page, text and mail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from unbroken.kit.languages import LANGUAGES
from unbroken.kit.languages import gettext as _
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.queries.waiting import Chosen, WaitingEntry
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit, site_of
from unbroken.web.pages.packages import ChosenIn, Signatory, lines_of
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.silence_words import silence_of
from unbroken.web.summary_texts import SummaryLine, Total, mail_to, summary_text, total_of
from unbroken.web.words import word_for

router = APIRouter()
OPEN_ITEMS = _("{count} items of the checklist are open")
ONE_OPEN_ITEM = _("one item of the checklist is open")
NO_COST = _("what it costs")
NO_FUNDS = _("until when it is funded")


@dataclass(frozen=True, slots=True)
class SummaryPage(Page):
    """What would be signed, not signed yet; ``text`` is the same to be copied, ``mail`` to be sent.

    ``asked`` is the part of the address that chooses the lines.
    """

    template: ClassVar[str] = "transfers/summary.html"

    lines: tuple[SummaryLine, ...]
    total: Total
    plan: PlanView
    texts: CatalogueTexts
    text: str
    mail: str
    asked: str


@router.get("/inbox/summary")
def summary_page(
    visit: Signatory, chosen: ChosenIn, told_in: Annotated[str, Query(alias="in")] = ""
) -> Response:
    """Return the summary of what is chosen, in the reader's language or the one asked for."""
    if not chosen.uids and not chosen.plan:
        return see_other(visit, "/inbox", notice=_("Tick what the summary should tell."))
    found = lines_of(visit, chosen)
    if not found:
        return see_other(visit, "/inbox", notice=_("Nothing of that waits for you any more."))
    if told_in in LANGUAGES:
        visit = replace(visit, reader=visit.house.languages.translator(told_in))
    return page(visit, _summary(visit, chosen, found))


def _summary(visit: Visit, chosen: Chosen, found: Sequence[WaitingEntry]) -> SummaryPage:
    with visit.sessions.reading() as session:
        plan = find_plan(session, found[0].entry.plan_slug, sight=visit.sight)
        titles = titles_of(session, plan.edition)
        english = [titles.get(each.entry.function_code, "") for each in found]
        shown = [text for each in found for text in (each.entry.unit or "", *each.parts)]
        texts = texts_for(session, visit, [*english, *shown])
    lines = tuple(
        _line(visit, each, texts, title=title or each.entry.function_code, plan=plan)
        for each, title in zip(found, english, strict=True)
    )
    asked = _asked(chosen)
    link = f"{site_of(visit)}/inbox/package?{asked}"
    facts = {"plan": plan.title, "link": link}
    return SummaryPage(
        lines=lines,
        total=total_of(line.entry for line in lines),
        plan=plan,
        texts=texts,
        text=summary_text(lines, reader=visit.reader, **facts),
        mail=mail_to(lines, reader=visit.reader, **facts),
        asked=asked,
    )


def _line(
    visit: Visit, each: WaitingEntry, texts: CatalogueTexts, *, title: str, plan: PlanView
) -> SummaryLine:
    entry, today = each.entry, visit.clock.today(plan.time_zone)
    return SummaryLine(
        entry=entry,
        title=texts.plain(title),
        dimension=word_for(visit.reader)("dimension", entry.dimension).label,
        much=_much(visit, each, texts),
        missing=tuple(_missing(visit, each)),
        condition=each.condition,
        silence=silence_of(entry, last_day_on=each.last_day_on, on=today),
    )


def _much(visit: Visit, each: WaitingEntry, texts: CatalogueTexts) -> str:
    if each.parts:
        return ", ".join(texts.plain(part) for part in each.parts)
    if each.entry.quantity is None:
        return visit.say(_("not stated"))
    unit = texts.plain(each.entry.unit) if each.entry.unit else visit.say(_("piece"))
    return f"{visit.reader.number(each.entry.quantity)} × {unit}"


def _missing(visit: Visit, each: WaitingEntry) -> Iterator[str]:
    if each.open_items:
        told = ONE_OPEN_ITEM if each.open_items == 1 else OPEN_ITEMS
        yield visit.reader.render(told, {"count": visit.reader.number(each.open_items)})
    if each.entry.cost_per_year is None:
        yield visit.say(NO_COST)
    if each.entry.funded_until_on is None:
        yield visit.say(NO_FUNDS)


def _asked(chosen: Chosen) -> str:
    if chosen.uids:
        return urlencode([("capacity", str(uid)) for uid in chosen.uids])
    named = {"plan": chosen.plan, "area": chosen.area, "function": chosen.function}
    return urlencode({name: value for name, value in named.items() if value})
