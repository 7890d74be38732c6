"""Where money is missing: for which function, in which country, from when, how much, and for whom.

The same page for every role; each sees the plans in its sight, donors some functions more coarsely.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from starlette.responses import Response

from unbroken.kit.languages import gettext as _
from unbroken.money.queries.cover import CoverRow, Grain, cover
from unbroken.web.catalogue_texts import CatalogueTexts
from unbroken.web.dependencies import Visit
from unbroken.web.money_choices import Choice, choices
from unbroken.web.money_lines import MoneyOf, Sums, money_by_function, pools_of, sums_of
from unbroken.web.money_periods import MONTHS, QUARTER, periods_of
from unbroken.web.money_pictures import CoverPicture
from unbroken.web.money_scenes import MoneyLine, Scene, scene
from unbroken.web.money_wishes import Typing, Wish, wish_of
from unbroken.web.money_words import Amounts
from unbroken.web.rendering import Page, page
from unbroken.web.routes_there import path_of
from unbroken.web.security import Reader

router = APIRouter(prefix="/money")
WATCHES = "watches_page"
A_PAGE, MOST_TOLD, MOST_PAGES = 25, 60, 10_000
CAPTIONS: Mapping[int, str] = {
    1: _("Needed money by month: confirmed, pledged and missing"),
    QUARTER: _("Needed money by quarter: confirmed, pledged and missing"),
    MONTHS: _("Needed money by year: confirmed, pledged and missing"),
}
Number = Annotated[int, Query(ge=1, le=MOST_PAGES)]


@dataclass(frozen=True, slots=True)
class Unsaid:
    """How many functions of a plan nobody stated a need of; which ones, where there is room."""

    plan: str
    mission: str
    country: str
    count: int
    lines: tuple[MoneyLine, ...]


@dataclass(frozen=True, slots=True)
class MissingPage(Page):
    """What is asked about, the answer in a sentence, and every figure behind it.

    ``lacking`` are one page of the functions that lack money, ``lacking_count`` all of them;
    ``next`` leads on. ``first`` is the most pressing of all. ``covered`` are stated needs that
    are met, ``covered_count`` all of them. ``link`` is the whole address with its filters,
    ``files`` the query of the exports.
    ``watches`` leads to where an account is told of money, empty where there is no such page.
    """

    template: ClassVar[str] = "missing_money/list.html"

    wish: Wish
    choices: tuple[Choice, ...]
    link: str
    files: str
    sums: Sums
    countries: tuple[str, ...]
    first: MoneyLine | None
    lacking: tuple[MoneyLine, ...]
    lacking_count: int
    next: str
    covered: tuple[MoneyLine, ...]
    covered_count: int
    unsaid: tuple[Unsaid, ...]
    unsaid_count: int
    pools: tuple[MoneyLine, ...]
    picture: CoverPicture | None
    by_quarter: bool
    illustrative: bool
    as_of: date | None
    watches: str
    has_plans: bool
    has_needs: bool
    money: Amounts
    texts: CatalogueTexts


@router.get("")
def money_page(
    visit: Reader, said: Typing, number: Annotated[Number, Query(alias="page")] = 1
) -> Response:
    """Return where money is missing, of all that the reader sees or of what is asked for."""
    wish = wish_of(said, today=visit.today)
    with visit.sessions.reading() as session:
        seen = scene(session, visit)
        grains = (Grain.FUNCTION, Grain.RECEIVER, Grain.MONTH)
        rows = cover(session, wish.ask(*grains), actor=visit.actor)
        beside = cover(session, wish.pools(), actor=visit.actor)
    return page(visit, _content(visit, wish, seen, rows, beside, number))


def _content(
    visit: Visit, wish: Wish, seen: Scene, rows: list[CoverRow], beside: list[CoverRow], number: int
) -> MissingPage:
    money = money_by_function(rows, today=visit.today)
    lacking = [each for each in money if each.lacks]
    unsaid = [each for each in money if each.sums.required is None]
    covered = [each for each in money if not each.lacks and each.sums.required is not None]
    start = (number - 1) * A_PAGE
    more = f"?{wish.typed.query(page=str(number + 1))}" if len(lacking) > start + A_PAGE else ""
    shown = seen.lines(money)
    return MissingPage(
        wish=wish,
        choices=choices(seen, wish.typed, reader=visit.reader),
        link=f"{_base(visit)}/money?{wish.link}",
        files=wish.files,
        sums=sums_of(row for row in rows if row.function),
        countries=tuple(sorted({seen.country(each.country) for each in lacking})),
        first=seen.line(lacking[0]) if lacking else None,
        lacking=seen.lines(lacking[start : start + A_PAGE]),
        lacking_count=len(lacking),
        next=more,
        covered=seen.lines(covered[:A_PAGE]),
        covered_count=len(covered),
        unsaid=_unsaid(unsaid, seen),
        unsaid_count=len(unsaid),
        pools=seen.lines(pools_of(beside)),
        picture=picture_of(visit, rows),
        by_quarter=any(each.by_quarter for each in money),
        illustrative=any(each.illustrative for each in shown),
        as_of=seen.as_of(each.plan for each in money),
        watches=path_of(visit.request, WATCHES) if visit.is_signed_in else "",
        has_plans=bool(seen.plans),
        has_needs=seen.places.any_need,
        money=Amounts(visit.reader),
        texts=seen.texts,
    )


def _unsaid(found: list[MoneyOf], seen: Scene) -> tuple[Unsaid, ...]:
    has_room = len(found) <= MOST_TOLD
    by_plan: dict[str, list[MoneyOf]] = {}
    for each in found:
        by_plan.setdefault(each.plan, []).append(each)
    return tuple(_of_plan(each, seen, has_room=has_room) for each in by_plan.values())


def _of_plan(found: list[MoneyOf], seen: Scene, *, has_room: bool) -> Unsaid:
    lines: Iterable[MoneyLine] = seen.lines(found)
    plan = seen.plans[found[0].plan]
    return Unsaid(
        plan.slug,
        plan.acronym,
        seen.country(plan.country_iso3),
        len(found),
        tuple(lines) if has_room else (),
    )


def picture_of(visit: Visit, rows: list[CoverRow]) -> CoverPicture | None:
    """Return the need over time with what covers it; ``None`` where no row has a month."""
    periods = periods_of(rows)
    if not periods:
        return None
    caption = CAPTIONS[periods.step]
    return CoverPicture(visit.say(caption), periods, periods.first_uncovered(visit.today))


def _base(visit: Visit) -> str:
    known = visit.house.settings.base_url or str(visit.request.base_url)
    return known.rstrip("/")
