"""Areas of a plan and what is said about their end, each on the day it became known; pure."""

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from unbroken.demo.words import MISSION_AREA, Closings, FurtherClaim, Region, SiteRow, Transition
from unbroken.kit.slugs import slugify
from unbroken.plans.commands import AddArea, NewClaim
from unbroken.plans.models import AreaKind, ClaimKind
from unbroken.plans.rules import Precision, VagueDate

ENDING = frozenset({"closed", "handed over", "left", "closed or handed over", "closure"})
"""Events that end the work at a site; ceremonies, signed papers and liquidation do not."""

CLOSING = "closed"
QUOTED = "quoted by"
NO_PLAN = "No day was planned, or none with a day on which it became known."
_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
_DATES = re.compile(r"(\d{4})-(\d{2})-(\d{2})|\b(" + "|".join(_MONTHS) + r") (\d{4})\b")


@dataclass(frozen=True, slots=True)
class Places:
    """The areas of one plan: regions by name, sites by name, each with its slug."""

    plan: str
    regions: Mapping[str, Region]
    sites: Mapping[str, str]

    def region(self, name: str) -> str:
        """Return the slug of a region, or of the mission's area where that is named."""
        return f"{self.plan}-{slugify(name)}"

    def site(self, name: str) -> str:
        """Return the slug of a site; one called like a region has its kind added."""
        taken = {self.region(each) for each in self.regions} | {self.region(MISSION_AREA)}
        wanted = self.region(name)
        return f"{wanted}-site" if wanted in taken else wanted


def places_of(transition: Transition, closings: Closings) -> Places:
    """Return the regions and sites of a plan, regions without sites included."""
    rows = [row for row in closings.sites if row.plan == transition.plan]
    regions = [*transition.document.regions, *(row.region for row in rows)]
    return Places(
        plan=transition.plan,
        regions={region.name: region for region in regions},
        sites={row.site: row.region.name for row in rows},
    )


def areas_of(transition: Transition, places: Places) -> Iterator[AddArea]:
    """Yield the regions, then the sites inside them, known since the deciding act."""
    known_on = transition.decided_on
    for region in places.regions.values():
        yield AddArea(
            plan=places.plan,
            name=region.name,
            kind=AreaKind.REGION,
            pcode=region.pcode,
            known_on=known_on,
        )
    for site, region_name in places.sites.items():
        yield AddArea(
            plan=places.plan,
            name=site,
            kind=AreaKind.SITE,
            parent=places.region(region_name),
            known_on=known_on,
        )


def claims_of(transition: Transition, closings: Closings) -> Iterator[NewClaim]:
    """Yield every claim about the sites of a plan; ``known_on`` is never before the deciding act.

    Plans that became known after the report are kept and do not count.
    """
    places = places_of(transition, closings)
    rows = [row for row in closings.sites if row.plan == transition.plan]
    further = [each for each in closings.further if each.plan == transition.plan]
    events = transition.document.events_planned
    for row in rows:
        yield from _planned(row, places, is_event=row.site in events)
        yield from _reported(row, places)
    reported = {row.site: row.actual_on for row in rows if row.event in ENDING}
    for each in further:
        yield _further(each, places, reported=reported.get(each.site))


def ends_reported(transition: Transition, closings: Closings) -> frozenset[date]:
    """Return the earliest days that the reports which count may mean."""
    claims = claims_of(transition, closings)
    return frozenset(
        VagueDate(claim.closes, claim.precision).earliest
        for claim in claims
        if claim.kind is ClaimKind.REPORTED
        and claim.counts
        and isinstance(claim.closes, date)
        and claim.precision is not None
    )


def plan_known_on(row: SiteRow) -> date | None:
    """Return the day on which the plan for a site became known, ``None`` where none is stated.

    It is the later of ``known_on`` and the first day that its source bears; a plan that a later
    source only quotes counts from ``known_on``.
    """
    borne = min(_days(row.planned_source), default=None)
    if QUOTED in row.planned_source and row.known_on is not None:
        return row.known_on
    stated = [day for day in (row.known_on, borne) if day is not None]
    return max(stated, default=None)


def _planned(row: SiteRow, places: Places, *, is_event: bool) -> Iterator[NewClaim]:
    known_on = plan_known_on(row)
    if row.planned_on is None or known_on is None:
        return
    is_late = row.actual_on is not None and row.event in ENDING and known_on > row.actual_on
    yield NewClaim(
        area=places.site(row.site),
        kind=ClaimKind.PLANNED,
        event=row.event if is_event or row.event in ENDING else CLOSING,
        closes=row.planned_on,
        precision=row.planned_precision,
        known_on=known_on,
        chosen_on=None if is_event or is_late else known_on,
        source=row.planned_source,
    )


def _reported(row: SiteRow, places: Places) -> Iterator[NewClaim]:
    if row.actual_on is None:
        return
    unplanned = "" if plan_known_on(row) else NO_PLAN
    yield NewClaim(
        area=places.site(row.site),
        kind=ClaimKind.REPORTED,
        event=row.event,
        closes=row.actual_on,
        precision=row.actual_precision,
        known_on=row.actual_on,
        disputed=row.status == "disputed",
        received_by=row.received_by,
        source=row.source,
        note=" ".join(filter(None, (row.note, unplanned))),
        counts=row.event in ENDING,
    )


def _further(each: FurtherClaim, places: Places, *, reported: date | None) -> NewClaim:
    in_time = reported is None or each.known_on <= reported
    return NewClaim(
        area=places.site(each.site),
        kind=each.kind,
        event=each.event,
        closes=each.closes_on,
        precision=each.precision,
        known_on=each.known_on,
        chosen_on=each.known_on if each.chosen and in_time else None,
        disputed=each.kind is ClaimKind.REPORTED,
        source=each.source,
        counts=each.chosen,
    )


def _days(text: str) -> Iterable[date]:
    """Yield the days that a text bears; of a month its last day."""
    for year, month, day, name, year_of_month in _DATES.findall(text):
        if year:
            yield date(int(year), int(month), int(day))
        else:
            number = int(year_of_month), _MONTHS[name]
            yield date(*number, calendar.monthrange(*number)[1])


__all__ = [
    "Places",
    "Precision",
    "areas_of",
    "claims_of",
    "ends_reported",
    "places_of",
    "plan_known_on",
]
