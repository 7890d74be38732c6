"""What pages of money show beside the amounts: plans, missions, countries and bodies by name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from unbroken.money.queries.grounds import Ground, grounds
from unbroken.money.queries.seen_places import SeenPlaces, seen_places
from unbroken.plans.queries import PlanView, plan_list
from unbroken.plans.queries.timetables import titles_of
from unbroken.sources.reference.countries import country
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.money_lines import MoneyOf

MOST_PLANS = 200
NAMED_FIRST = "en"


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """The money of one function of one plan with the names of what it is about.

    ``title`` is English, empty where the plan's edition has no such function. ``receivers`` are
    names; empty where none is named or shown.
    """

    of: MoneyOf
    title: str
    plan: PlanView
    country: str
    receivers: tuple[str, ...]
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a reader sees of whose money can be asked; ``titles`` are by edition and code."""

    plans: Mapping[str, PlanView]
    titles: Mapping[str, Mapping[str, str]]
    grounds: Mapping[str, Ground]
    places: SeenPlaces
    texts: CatalogueTexts
    locale: str

    def country(self, iso3: str) -> str:
        """Return the name of a country in the reader's language, or its code."""
        found = country(iso3)
        return iso3 if found is None else found.names.get(self.locale, found.names[NAMED_FIRST])

    def line(self, money: MoneyOf) -> MoneyLine:
        """Return the money of a function with its names."""
        plan = self.plans[money.plan]
        return MoneyLine(
            of=money,
            title=self.titles[plan.edition].get(money.function, ""),
            plan=plan,
            country=self.country(money.country),
            receivers=tuple(self.places.receivers.get(each, each) for each in money.receivers),
            illustrative=self.grounds[money.plan].illustrative,
        )

    def lines(self, found: Iterable[MoneyOf]) -> tuple[MoneyLine, ...]:
        """Return several with their names, in the same order; those of plans not seen are none."""
        return tuple(self.line(each) for each in found if each.plan in self.plans)

    def functions(self) -> Mapping[str, str]:
        """Return every function of the editions in use by code: its English title."""
        known = [item for titles in self.titles.values() for item in titles.items()]
        return dict(sorted(known))

    def as_of(self, plans: Iterable[str]) -> date | None:
        """Return the day of the newest change to the money of these plans; ``None`` for none."""
        days = (self.grounds[plan].as_of for plan in plans if plan in self.grounds)
        return max((day for day in days if day is not None), default=None)


def scene(session: Session, visit: Visit) -> Scene:
    """Return the plans a reader sees and the names of what their money is about."""
    plans = plan_list(session, sight=visit.sight, limit=MOST_PLANS)
    titles = {plan.edition: titles_of(session, plan.edition) for plan in plans}
    english = {title for each in titles.values() for title in each.values()}
    return Scene(
        plans={plan.slug: plan for plan in plans},
        titles=titles,
        grounds=grounds(session, actor=visit.actor),
        places=seen_places(session, actor=visit.actor),
        texts=texts_for(session, visit, english),
        locale=visit.reader.locale,
    )
