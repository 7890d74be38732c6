"""The money of one function of one plan: month by month, what is known of the need, what to do."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.kit.errors import NotFound
from unbroken.money.queries.cover import CoverAsk, CoverRow, Grain, cover
from unbroken.money.queries.origins import Origin, origins
from unbroken.people.rules import Place
from unbroken.plans.queries import find_plan
from unbroken.web.catalogue_texts import CatalogueTexts
from unbroken.web.dependencies import Visit
from unbroken.web.money_lines import MoneyOf, Sums, money_by_function, pools_of, sums_of
from unbroken.web.money_pictures import CoverPicture
from unbroken.web.money_scenes import MoneyLine, Scene, scene
from unbroken.web.money_wishes import Typing
from unbroken.web.money_words import Amounts
from unbroken.web.pages.missing_money import picture_of
from unbroken.web.rendering import Page, page
from unbroken.web.security import Reader

router = APIRouter(prefix="/money")
GRAINS = (Grain.FUNCTION, Grain.AREA, Grain.RECEIVER, Grain.MONTH)


@dataclass(frozen=True, slots=True)
class Share:
    """The money of the function in one area and for one receiver, by name; either may be empty."""

    area: str
    receiver: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class MissingFunctionPage(Page):
    """All months on record of one function. ``back`` is the query of the list it was found in.

    ``shares`` and the sources in ``origins`` are empty where places are hidden from the reader.
    ``line`` has no sums where nobody has said anything.
    """

    template: ClassVar[str] = "missing_money/function.html"

    line: MoneyLine
    back: str
    picture: CoverPicture | None
    shares: tuple[Share, ...]
    origins: tuple[Origin, ...]
    stated_on: date | None
    pools: tuple[MoneyLine, ...]
    as_of: date | None
    money: Amounts
    texts: CatalogueTexts


@router.get("/{slug}/{code}")
def money_function(visit: Reader, slug: str, code: str, said: Typing) -> Response:
    """Return the money of one function of one plan, as far as the reader sees it."""
    with visit.sessions.reading() as session:
        found = find_plan(session, slug, sight=visit.sight)
        seen = scene(session, visit)
        ask = CoverAsk(plans=(found.slug,), functions=(code,), by=GRAINS)
        rows = cover(session, ask, actor=visit.actor)
        aside = CoverAsk(plans=(found.slug,), functions=("",), by=())
        beside = cover(session, aside, actor=visit.actor)
        told = origins(session, found.uid, code)
    if not rows:
        raise NotFound(
            "The plan {plan} has no function {code} with money or a need.",
            plan=found.slug,
            code=code,
        )
    content = _content(visit, seen, rows, told, pools_of(beside), said.query())
    return page(visit, content)


def _content(
    visit: Visit,
    seen: Scene,
    rows: list[CoverRow],
    told: tuple[Origin, ...],
    beside: tuple[MoneyOf, ...],
    back: str,
) -> MissingFunctionPage:
    (money,) = money_by_function(rows, today=visit.today)
    place = Place(seen.plans[money.plan].uid, money.country)
    is_hidden = any(row.restricted for row in rows) and not visit.sees_detail(place)
    return MissingFunctionPage(
        line=seen.line(money),
        back=back,
        picture=picture_of(visit, rows),
        shares=() if is_hidden else _shares(rows, seen),
        origins=() if is_hidden else told,
        stated_on=max((each.known_on for each in told), default=None),
        pools=seen.lines(beside),
        as_of=seen.as_of([money.plan]),
        money=Amounts(visit.reader),
        texts=seen.texts,
    )


def _shares(rows: Iterable[CoverRow], seen: Scene) -> tuple[Share, ...]:
    grouped: dict[tuple[str, str], list[CoverRow]] = defaultdict(list)
    for row in rows:
        grouped[row.area, row.receiver].append(row)
    areas, receivers = seen.places.areas, seen.places.receivers
    return tuple(
        Share(areas.get(area, area), receivers.get(receiver, receiver), sums_of(group))
        for (area, receiver), group in sorted(grouped.items())
    )
