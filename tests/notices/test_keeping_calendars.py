"""Dates follow what is decided, one number higher with each move, and nothing restricted leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from tests.factories.people import actor_with, make_account
from tests.factories.plans import (
    KIDAL_CLOSES_ON,
    MANDATE_ENDS_ON,
    PlanScene,
    a_claim,
    make_plan_in_force,
)
from tests.factories.transfers import make_scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions, table
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from unbroken.notices.commands.calendars import keep_calendars
from unbroken.notices.commands.feeds import NewFeed, end_feed, make_feed, make_feed_anew
from unbroken.notices.models_feeds import CalendarDate, Feed
from unbroken.notices.queries.calendars import CalendarEntry, CalendarFeed, calendar_feed
from unbroken.notices.queries.feeds import feed_view, feed_views
from unbroken.notices.queries.told_news import news_feed
from unbroken.notices.rules.calendar import DateGroup, DateKind
from unbroken.notices.rules.feeds import FeedFilters, FeedKind
from unbroken.people.models import Account, Organisation, RoleGrant
from unbroken.people.rules import NOBODY, AccountState, Actor, Grant, Role
from unbroken.plans.commands import (
    ChangeState,
    EditArea,
    add_claim,
    cancel_plan,
    edit_area,
    edit_plan,
    pause_plan,
    resume_plan,
)
from unbroken.plans.commands.editing import EditPlan
from unbroken.plans.models import FunctionArea
from unbroken.transfers.commands.signing import SignOrder
from unbroken.transfers.rules.words import Act

OF_GAO = {DateKind.RECEIVER, DateKind.AGREEMENT, DateKind.CONFIRM, DateKind.LAST_DAY}
Named = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Calendars:
    """A plan in force and feeds of accounts of each role."""

    scene: PlanScene
    clock: FixedClock

    @property
    def sessions(self) -> Sessions:
        return self.scene.sessions

    def actor(self, *grants: Grant) -> Actor:
        with self.sessions.begin() as session:
            return make_account(session, grants=grants).actor

    def feed(self, actor: Actor, filters: FeedFilters | None = None) -> str:
        order = NewFeed(kind=FeedKind.CALENDAR, filters=filters or FeedFilters())
        return make_feed(self.sessions, order, actor=actor, clock=self.clock).secret

    def keep(self, *, later: int = 0) -> int:
        return keep_calendars(
            self.sessions, clock=FixedClock(self.clock.at + timedelta(days=later))
        )

    def read(self, secret: str, *, on: date | None = None, most: int = 500) -> CalendarFeed:
        with self.sessions.reading() as session:
            return calendar_feed(session, secret, on=on or self.clock.today(), most=most)

    def dates(self, secret: str) -> dict[Named, CalendarEntry]:
        entries = self.read(secret).entries
        return {(each.kind.value, each.function, each.area_name): each for each in entries}


@pytest.fixture
def calendars(sessions: Sessions, clock: FixedClock) -> Calendars:
    return Calendars(make_plan_in_force(sessions, clock), clock)


def changed(before: dict[Named, CalendarEntry], after: dict[Named, CalendarEntry]) -> set[Named]:
    """Return what moved; fails unless it has the same id, and exactly it one number more."""
    moved = set()
    assert before.keys() == after.keys()
    for name, was in before.items():
        now = after[name]
        state = [
            (each.falls_on, each.until_on, each.is_cancelled, each.modified_at)
            for each in (was, now)
        ]
        assert (was.uid, was.sequence + (state[0] != state[1])) == (now.uid, now.sequence)
        moved |= {name} if was.sequence != now.sequence else set()
    return moved


def test_a_calendar_holds_the_dates_of_a_plan_and_nothing_restricted(calendars: Calendars) -> None:
    secret = calendars.feed(calendars.actor(Grant(Role.PLANNER)))
    assert (True, 0) == (calendars.keep() > 0, calendars.keep())
    found = calendars.dates(secret)

    assert KIDAL_CLOSES_ON == found["closing", "", "Kidal"].falls_on
    assert MANDATE_ENDS_ON == found["mandate-end", "", ""].falls_on
    assert KIDAL_CLOSES_ON == found["last-day", "REFER", "Kidal"].until_on
    of_refer = {kind for kind, code, area in found if (code, area) == ("REFER", "Gao")}
    assert of_refer == OF_GAO | {DateKind.CHECK_3, DateKind.CHECK_6, DateKind.CHECK_12}
    assert {"", "REFER", "MRM-CHAIR"} == {code for _kind, code, _area in found}
    assert {0} == {each.sequence for each in found.values()}
    with calendars.sessions.reading() as session:
        kept = select(FunctionArea.restricted).join(
            CalendarDate, col(CalendarDate.function_area_id) == FunctionArea.id
        )
        assert {False} == set(session.exec(kept))


def test_a_date_that_moves_has_a_higher_number_and_others_do_not(calendars: Calendars) -> None:
    scene = calendars.scene
    secret = calendars.feed(calendars.actor(Grant(Role.PLANNER)))
    calendars.keep()
    first = calendars.dates(secret)
    earlier = a_claim(closes="2026-09", precision=None, chosen_on=date(2026, 3, 2))
    add_claim(scene.sessions, "minust", earlier, actor=scene.planner, clock=calendars.clock)
    note = EditPlan("minust", None, title="Drawdown", note="A note.", time_zone="UTC")
    calendars.keep(later=1)
    second = calendars.dates(secret)
    edit_plan(scene.sessions, note, actor=scene.planner, clock=calendars.clock)

    closing = second["closing", "", "Kidal"]
    assert (date(2026, 9, 1), date(2026, 9, 30)) == (closing.falls_on, closing.until_on)
    moved = changed(first, second)
    assert {"Kidal"} == {area for _kind, _code, area in moved}
    assert ("last-day", "REFER", "Kidal") in moved
    assert 0 == calendars.keep(later=2)
    assert second == calendars.dates(secret)


def test_dates_of_a_plan_that_rests_go_and_come_back(calendars: Calendars) -> None:
    scene = calendars.scene
    secret = calendars.feed(calendars.actor(Grant(Role.OBSERVER)))
    calendars.keep()
    states = [calendars.dates(secret)]
    for act in (pause_plan, resume_plan):
        act(scene.sessions, ChangeState("minust", None), actor=scene.planner, clock=calendars.clock)
        calendars.keep(later=1)
        states.append(calendars.dates(secret))
    order = ChangeState("minust", None, "The mission stays.")
    cancel_plan(scene.sessions, order, actor=scene.planner, clock=calendars.clock)
    calendars.keep(later=2)
    states.append(calendars.dates(secret))

    today = calendars.clock.today()
    ahead = {name for name, each in states[0].items() if each.falls_on > today + timedelta(days=1)}
    assert [ahead, ahead, ahead] == [changed(before, after) for before, after in pairwise(states)]
    assert [False, True, False, True] == [
        all(state[name].is_cancelled for name in ahead) for state in states
    ]
    gone = calendars.read(secret, on=today + timedelta(days=300)).entries
    assert set(states[3]) == {(each.kind.value, each.function, each.area_name) for each in gone}
    later = calendars.read(secret, on=today + timedelta(days=370)).entries
    assert {False} >= {each.is_cancelled for each in later}


def test_what_becomes_secret_is_gone_at_once(calendars: Calendars) -> None:
    scene = calendars.scene
    secret = calendars.feed(calendars.actor(Grant(Role.PLANNER)))
    calendars.keep()
    order = EditArea("minust", "minust-kidal", None, None, None, closings_public=False)
    edit_area(scene.sessions, order, actor=scene.planner, clock=calendars.clock)
    before = {area for _kind, _code, area in calendars.dates(secret)}
    with scene.sessions.begin() as session:
        code = col(FunctionArea.function_code) == "REFER"
        session.connection().execute(update(FunctionArea).where(code).values(restricted=True))
    after = {code for _kind, code, _area in calendars.dates(secret)}
    calendars.keep()

    assert "Kidal" not in before
    assert {"", "MRM-CHAIR"} == after
    assert after == {code for _kind, code, _area in calendars.dates(secret)}


PLACES = {
    "planner": (Grant(Role.PLANNER, country_iso3="MLI"),),
    "donor": (Grant(Role.DONOR),),
    "observer": (Grant(Role.OBSERVER),),
    "country team": (Grant(Role.COUNTRY_TEAM, country_iso3="MLI"),),
    "steward": (Grant(Role.STEWARD),),
    "foreign planner": (Grant(Role.PLANNER, country_iso3="HTI"),),
}


def test_each_role_has_the_dates_of_the_plans_it_sees(calendars: Calendars) -> None:
    calendars.keep()
    secrets = {name: calendars.feed(calendars.actor(*grants)) for name, grants in PLACES.items()}
    found = {name: calendars.dates(secret) for name, secret in secrets.items()}

    assert {} == found.pop("foreign planner")
    assert all(dates == found["planner"] for dates in found.values())
    assert len(found["planner"]) > 10


def test_a_calendar_is_narrowed_and_keeps_what_is_nearest(calendars: Calendars) -> None:
    actor = calendars.actor(Grant(Role.PLANNER))
    calendars.keep()
    checks = calendars.feed(actor, FeedFilters(groups=(DateGroup.CHECKS,), plans=("minust",)))
    own = calendars.feed(actor, FeedFilters(only_own=True))
    secret = calendars.feed(actor)
    few = calendars.read(secret, most=3)
    whole = calendars.read(secret)

    assert {"check-3", "check-6", "check-12"} == {kind for kind, *_rest in calendars.dates(checks)}
    assert {"mandate-end", "closing"} == {kind for kind, *_rest in calendars.dates(own)}
    today = calendars.clock.today()
    nearest = sorted(each.falls_on for each in whole.entries if each.falls_on >= today)[:3]
    assert (nearest, 0) == ([each.falls_on for each in few.entries], whole.left_out)
    assert len(whole.entries) == few.left_out + 3
    assert date(2025, 3, 2) == whole.begins_on
    late = calendars.read(secret, on=MANDATE_ENDS_ON + timedelta(days=380)).entries
    assert {DateKind.CHECK_3, DateKind.CHECK_6, DateKind.CHECK_12} == {each.kind for each in late}


def test_an_answer_is_dated_for_whom_it_is_asked_only(
    sessions: Sessions, clock: FixedClock
) -> None:
    scene = make_scene(sessions, clock)
    with sessions.begin() as session:
        bodies = [
            session.exec(select(Organisation).where(Organisation.uid == uid)).one()
            for uid in (scene.agency, scene.other_agency)
        ]
        grants = (Grant(Role.COUNTRY_TEAM),)
        mine, others = (
            make_account(session, grants=grants, organisation=body).actor for body in bodies
        )
    order = NewFeed(kind=FeedKind.CALENDAR, filters=FeedFilters(groups=(DateGroup.ANSWERS,)))
    secrets = [
        make_feed(sessions, order, actor=each, clock=clock).secret for each in (mine, others)
    ]

    def told(secret: str) -> list[tuple[date, int, bool, bool]]:
        keep_calendars(sessions, clock=clock)
        with sessions.reading() as session:
            entries = calendar_feed(session, secret, on=clock.today()).entries
        return [
            (each.falls_on, each.sequence, each.is_cancelled, each.transfer_uid is not None)
            for each in entries
        ]

    scene.offered()  # of a restricted function
    restricted = told(secrets[0])
    uid = scene.offered("DIG-REP")
    until = scene.capacity(uid).answer_by
    offered = told(secrets[0])
    longer = SignOrder(act=Act.ASK_TIME, capacity_uid=uid, until_on=clock.today() + timedelta(20))
    scene.act(scene.receiver, longer)
    asked = told(secrets[0])
    scene.act(scene.receiver, SignOrder(act=Act.CONFIRM, capacity_uid=uid))

    assert [] == restricted
    assert [(until, 0, False, True)] == offered
    assert [(clock.today() + timedelta(20), 1, False, True)] == asked
    assert [(clock.today() + timedelta(20), 2, True, True)] == told(secrets[0])
    assert [] == told(secrets[1])


def test_a_day_is_the_same_day_in_every_zone(calendars: Calendars) -> None:
    scene = calendars.scene
    secret = calendars.feed(calendars.actor(Grant(Role.PLANNER)))
    for zone in ("Pacific/Pago_Pago", "Pacific/Kiritimati", "Europe/Paris"):
        order = EditPlan("minust", None, title="Drawdown", note="", time_zone=zone)
        edit_plan(scene.sessions, order, actor=scene.planner, clock=calendars.clock)
        calendars.keep()
        end = calendars.dates(secret)["mandate-end", "", ""]

        assert (MANDATE_ENDS_ON, 0) == (end.falls_on, end.sequence)


def _close(calendars: Calendars) -> None:
    with calendars.sessions.begin() as session:
        closed = update(Account).values(state=AccountState.CLOSED)
        session.connection().execute(closed)


def _take_roles(calendars: Calendars) -> None:
    with calendars.sessions.begin() as session:
        session.connection().execute(table("role_grant").delete())


@pytest.mark.parametrize("end", [_close, _take_roles])
def test_who_may_read_no_more_has_no_feed(
    calendars: Calendars, end: Callable[[Calendars], None]
) -> None:
    assert RoleGrant.__tablename__ == "role_grant"
    actor = calendars.actor(Grant(Role.PLANNER))
    secret = calendars.feed(actor)
    calendars.read(secret)
    end(calendars)

    with pytest.raises(NotFound):
        calendars.read(secret)


def test_a_feed_has_one_address_and_one_kind_and_an_owner(calendars: Calendars) -> None:
    sessions, clock = calendars.sessions, calendars.clock
    actor, other = (calendars.actor(Grant(Role.PLANNER)) for _number in range(2))
    made = make_feed(sessions, NewFeed(kind=FeedKind.CALENDAR), actor=actor, clock=clock)
    anew = make_feed_anew(sessions, made.uid, actor=actor, clock=clock)
    with sessions.reading() as session:
        kept = session.exec(select(Feed)).one().model_dump()
        with pytest.raises(NotFound):
            news_feed(session, anew.secret)
        with pytest.raises(NotFound):
            feed_view(session, made.uid, actor=other)
    for act in (make_feed_anew, end_feed):
        with pytest.raises(NotFound):
            act(sessions, made.uid, actor=other, clock=clock)
    with pytest.raises(NotFound):
        calendars.read(made.secret)

    assert made.uid == anew.uid == calendars.read(anew.secret).uid
    assert anew.secret not in str(kept)
    end_feed(sessions, made.uid, actor=actor, clock=clock)
    for secret in (made.secret, anew.secret):
        with pytest.raises(NotFound):
            calendars.read(secret)
    with sessions.reading() as session:
        assert () == feed_views(session, actor=actor)


def test_what_cannot_be_made_is_refused(calendars: Calendars) -> None:
    actor = calendars.actor(Grant(Role.PLANNER, country_iso3="HTI"))
    refused = (
        (NOBODY, FeedFilters(), SignInNeeded),
        (Actor(actor.account_uid, "x", None), FeedFilters(), Forbidden),
        (actor, FeedFilters(plans=("minust",)), Invalid),
        (actor, FeedFilters(plans=tuple(f"p{n}" for n in range(51))), Invalid),
    )
    for who, filters, refusal in refused:
        with pytest.raises(refusal):
            calendars.feed(who, filters)
    for _number in range(10):
        calendars.feed(actor)
    with pytest.raises(Conflict):
        calendars.feed(actor)
    with pytest.raises(NotFound):
        calendars.feed(actor_with(Role.PLANNER))
