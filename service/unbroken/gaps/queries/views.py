"""One gap as people see it, with the reason why.

Donors see country and quarter of restricted ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import RowMapping

from unbroken.gaps.rules import RULES, Fact, GapState, Happening, Severity
from unbroken.gaps.rules.explain import why
from unbroken.people.rules import Actor, Place, sees_detail
from unbroken.plans.models import PlanScope


@dataclass(frozen=True, slots=True)
class GapFilter:
    """Which gaps are wanted; empty fields filter nothing.

    ``assigned`` is the handle of a role mailbox, ``headline`` the gap that explains those wanted.
    ``grouped`` leaves out what another gap of the same list explains; what is explained by one that
    the filter or the reader's sight leaves out stays.
    """

    plan: str | None = None
    rule: str | None = None
    severity: Severity | None = None
    function: str | None = None
    area: str | None = None
    state: GapState = GapState.OPEN
    assigned: str | None = None
    headline: UUID | None = None
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class GapView:
    """One gap. ``masked`` views tell country and quarter only.

    No plan of an area, area, function or day: the days on which it was opened and closed are then
    the first of their quarter.

    ``headline`` is the gap that explains this one, and ``explains`` how many others this one does,
    as far as the reader sees them. Who acknowledged or is to see to it is told to those who see
    detail: ``assigned_to`` is a handle, ``assigned_title`` and ``acknowledged_by`` are what
    the offices are called.
    """

    id: int
    uid: UUID
    version: int
    key: str
    rule: str
    severity: Severity
    state: GapState
    plan: str | None
    plan_uid: UUID | None
    plan_scope: PlanScope
    time_zone: str
    mission: str
    country_iso3: str
    edition: str
    area: str | None
    area_name: str | None
    function: str | None
    function_title: str | None
    tier: int | None
    function_area_id: int | None
    capacity_id: int | None
    turns_on: date | None
    quarter: str
    opened_on: date
    opened_at: datetime
    closed_on: date | None
    times_opened: int
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    acknowledged_note: str
    assigned_to: str | None
    assigned_title: str | None
    waiver_asked_by_uid: UUID | None
    waiver_asked_until_on: date | None
    waived_until_on: date | None
    waiver_reason: str
    facts: Mapping[str, Fact]
    restricted: bool
    headline: UUID | None
    headline_restricted: bool | None
    masked: bool
    explains: int = 0
    comes_and_goes: bool = False
    tier_1: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """Return where it is; without a plan that may be named, its country."""
        return Place(plan_uid=self.plan_uid or UUID(int=0), country_iso3=self.country_iso3)

    @property
    def why(self) -> str:
        """Return the reason in English."""
        if self.masked:
            return RULES[self.rule].title
        return why(RULES[self.rule], self.facts, titles=self.titles)

    @property
    def titles(self) -> dict[str, str]:
        """Return the function's title by its code, for the sentence."""
        if self.function is None or self.function_title is None:
            return {}
        return {self.function: self.function_title}


@dataclass(frozen=True, slots=True)
class EventView:
    """One thing that happened to a gap.

    ``by`` is the title of the role mailbox that acted and ``to`` of the one it was assigned to;
    ``None`` where a scan found it, and for readers who see no detail.
    """

    kind: Happening
    at: datetime
    on: date
    severity: Severity
    turns_on: date
    by: str | None = None
    to: str | None = None


def view_of(row: RowMapping, *, tier_1: Mapping[str, tuple[str, ...]]) -> GapView:
    """Return one row of the list as a view that shows everything."""
    late = row["rule"] == "late-plan"
    body = row["body"]
    return GapView(
        **{name: row[name] for name in _COPIED},
        function_title=None if body is None else str(body["title"]),
        quarter=quarter_of(row["turns_on"]),
        masked=False,
        tier_1=tier_1[row["edition"]] if late else (),
    )


_MADE = {"function_title", "quarter", "masked", "tier_1", "explains", "comes_and_goes"}
_COPIED = tuple(field.name for field in fields(GapView) if field.name not in _MADE)


def shown_to(actor: Actor, view: GapView, *, wanted: GapFilter) -> GapView | None:
    """Return the view as the actor may see it.

    ``None`` where the filter itself would tell too much.
    """
    if sees_detail(actor, view.place):
        return view
    if not view.restricted:
        return _without_people(view)
    names_an_area = view.plan_scope is PlanScope.AREAS
    if wanted.function or wanted.area or (wanted.plan and names_an_area):
        return None
    return replace(
        _without_people(view),
        key="",
        plan=None if names_an_area else view.plan,
        plan_uid=None,
        time_zone="UTC",
        area=None,
        area_name=None,
        function=None,
        function_title=None,
        tier=None,
        function_area_id=None,
        capacity_id=None,
        turns_on=None,
        opened_on=_quarter_start(view.opened_on),
        opened_at=datetime.combine(_quarter_start(view.opened_on), time(), tzinfo=UTC),
        closed_on=None if view.closed_on is None else _quarter_start(view.closed_on),
        acknowledged_at=None,
        waiver_asked_by_uid=None,
        waiver_asked_until_on=None,
        waived_until_on=None,
        waiver_reason="",
        facts={},
        headline=None,
        masked=True,
    )


def _without_people(view: GapView) -> GapView:
    """Return the view without who acts on it, and without a headline that may not be named."""
    headline = None if view.headline_restricted else view.headline
    return replace(
        view,
        acknowledged_by=None,
        acknowledged_note="",
        assigned_to=None,
        assigned_title=None,
        headline=headline,
    )


def _quarter_start(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarter_of(day: date) -> str:
    """Return the calendar quarter of ``day``, as in ``2023-Q4``."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
