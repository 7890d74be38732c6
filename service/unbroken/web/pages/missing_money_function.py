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
from unbroken.people.rules import Place, Role
from unbroken.plans.queries import find_plan
from unbroken.sources.queries.snapshots import snapshots_of
from unbroken.web.catalogue_texts import CatalogueTexts
from unbroken.web.dependencies import Visit
from unbroken.web.money_beside import Outside, money_beside
from unbroken.web.money_lines import Sums, money_by_function, pools_of, sums_of
from unbroken.web.money_pictures import CoverPicture
from unbroken.web.money_scenes import MoneyLine, Scene, scene
from unbroken.web.money_wishes import Typing
from unbroken.web.money_words import Amounts
from unbroken.web.pages.missing_money import picture_of
from unbroken.web.rendering import Page, page
from unbroken.web.routes_there import path_of
from unbroken.web.security import Reader

router = APIRouter(prefix="/money")
REGISTER, INTERESTS = "new_interest_page", "interests_page"
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
    ``line`` has no sums where nobody has said anything. ``outside`` stands beside and in no sum.
    ``register`` leads a donor to where an interest is registered, ``interests`` to those that are;
    each is empty where there is no such page.
    """

    template: ClassVar[str] = "missing_money/function.html"

    line: MoneyLine
    back: str
    picture: CoverPicture | None
    shares: tuple[Share, ...]
    origins: tuple[Origin, ...]
    stated_on: date | None
    pools: tuple[MoneyLine, ...]
    outside: tuple[Outside, ...]
    register: str
    interests: str
    as_of: date | None
    money: Amounts
    texts: CatalogueTexts


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of the function and its plan."""

    seen: Scene
    rows: list[CoverRow]
    pools: list[CoverRow]
    told: tuple[Origin, ...]
    outside: tuple[Outside, ...]


@router.get("/{slug}/{code}")
def money_function(visit: Reader, slug: str, code: str, said: Typing) -> Response:
    """Return the money of one function of one plan, as far as the reader sees it."""
    with visit.sessions.reading() as session:
        found = find_plan(session, slug, sight=visit.sight)
        ask = CoverAsk(plans=(found.slug,), functions=(code,), by=GRAINS)
        aside = CoverAsk(plans=(found.slug,), functions=("",), by=())
        read = _Read(
            seen=scene(session, visit),
            rows=cover(session, ask, actor=visit.actor),
            pools=cover(session, aside, actor=visit.actor),
            told=origins(session, found.uid, code),
            outside=money_beside(snapshots_of(session, found.uid)),
        )
    if not read.rows:
        raise NotFound(
            "The plan {plan} has no function {code} with money or a need.",
            plan=found.slug,
            code=code,
        )
    return page(visit, _content(visit, read, said.query()))


def _content(visit: Visit, read: _Read, back: str) -> MissingFunctionPage:
    (money,) = money_by_function(read.rows, today=visit.today)
    place = Place(read.seen.plans[money.plan].uid, money.country)
    is_hidden = any(row.restricted for row in read.rows) and not visit.sees_detail(place)
    is_donor = visit.is_signed_in and visit.actor.has(Role.DONOR, place)
    return MissingFunctionPage(
        line=read.seen.line(money),
        back=back,
        picture=picture_of(visit, read.rows),
        shares=() if is_hidden else _shares(read.rows, read.seen),
        origins=() if is_hidden else read.told,
        stated_on=max((each.known_on for each in read.told), default=None),
        pools=read.seen.lines(pools_of(read.pools)),
        outside=read.outside,
        register=path_of(visit.request, REGISTER) if is_donor else "",
        interests=path_of(visit.request, INTERESTS) if visit.is_signed_in else "",
        as_of=read.seen.as_of([money.plan]),
        money=Amounts(visit.reader),
        texts=read.seen.texts,
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
