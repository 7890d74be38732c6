"""Cases of the rules about a plan as a whole, in the words of those who know the field."""

from datetime import date

import pytest
from sqlmodel import Session

from tests.factories.gaps import (
    CHECK_12,
    DECIDED,
    IN_FORCE,
    LAST_DAY,
    PLAN_DUE,
    World,
)
from tests.gaps.cases import Case, expected, told
from unbroken.kit.db import Sessions

AFTER_DUE = date(2026, 1, 20)
MARCH, JULY = date(2026, 3, 2), date(2026, 7, 1)
QUIET, LATE = date(2026, 3, 1), date(2026, 3, 2)


def _bare(session: Session, **values: object) -> World:
    return World(session, in_force=False).with_plan(**values)


def _in_force(session: Session, **values: object) -> World:
    return World(session).with_plan(**values)


LATE_PLAN = [
    Case("late-plan", "on the day the plan is due it is in time", _bare, PLAN_DUE),
    Case("late-plan", "the day after nobody has one", _bare, AFTER_DUE, ("high", PLAN_DUE)),
    Case("late-plan", "the mandate has ended without one", _bare, LAST_DAY, ("critical", PLAN_DUE)),
    Case("late-plan", "a plan is in force", _in_force, MARCH),
    Case(
        "late-plan",
        "a draft does not count",
        lambda s: _bare(s).with_revision(1, since=None, state="draft"),
        MARCH,
        ("high", PLAN_DUE),
    ),
    Case(
        "late-plan",
        "the first revision comes into force only later",
        lambda s: _bare(s).with_revision(1, since=LATE),
        QUIET,
        ("high", PLAN_DUE),
        past=True,
    ),
    Case(
        "late-plan",
        "the decision was not known on that day",
        lambda s: _bare(s, ends_known_on=LATE),
        QUIET,
    ),
    Case("late-plan", "paused", lambda s: _bare(s, state="paused"), MARCH),
    Case("late-plan", "cancelled", lambda s: _bare(s, state="cancelled", finished_on=QUIET), MARCH),
    Case("late-plan", "completed", lambda s: _bare(s, state="completed", finished_on=QUIET), MARCH),
    Case(
        "late-plan",
        "completed later, and open on that day",
        lambda s: _bare(s, state="completed", finished_on=JULY),
        MARCH,
        ("high", PLAN_DUE),
        past=True,
    ),
    Case("late-plan", "a mere cut has its own rule", lambda s: _bare(s, kind="downsizing"), MARCH),
]

CUTS = [
    Case(
        "cuts-without-plan",
        "posts are cut and no plan is in force",
        lambda s: _bare(s, kind="downsizing"),
        AFTER_DUE,
        ("high", PLAN_DUE),
    ),
    Case(
        "cuts-without-plan",
        "on the day it is due a plan is in time",
        lambda s: _bare(s, kind="downsizing"),
        PLAN_DUE,
    ),
    Case("cuts-without-plan", "a drawdown has its own rule", _bare, MARCH),
    Case(
        "cuts-without-plan",
        "a plan for the cuts is in force",
        lambda s: _in_force(s, kind="downsizing"),
        MARCH,
    ),
]

ASSESSMENT = [
    Case("assessment-missing", "nobody assessed", _in_force, AFTER_DUE, ("medium", PLAN_DUE)),
    Case("assessment-missing", "nobody assessed, on the due day", _in_force, PLAN_DUE),
    Case(
        "assessment-missing",
        "assessed on the day of the decision",
        lambda s: World(s).with_assessment(DECIDED),
        MARCH,
    ),
    Case(
        "assessment-missing",
        "assessed before the decision only",
        lambda s: World(s).with_assessment(date(2026, 1, 4)),
        MARCH,
        ("medium", PLAN_DUE),
    ),
    Case(
        "assessment-missing",
        "assessed, and known only the day after",
        lambda s: World(s).with_assessment(QUIET, known_on=LATE),
        QUIET,
        ("medium", PLAN_DUE),
    ),
    Case("assessment-missing", "no plan yet: the headline says it", _bare, MARCH),
]

BASELINE = [
    Case("baseline-missing", "none was signed", _in_force, AFTER_DUE, ("high", PLAN_DUE)),
    Case("baseline-missing", "none was signed, on the due day", _in_force, PLAN_DUE),
    Case("baseline-missing", "signed", lambda s: World(s).with_baseline(None), MARCH),
    Case(
        "baseline-missing",
        "signed the day after",
        lambda s: World(s).with_baseline(None, signed_on=LATE),
        QUIET,
        ("high", PLAN_DUE),
        past=True,
    ),
    Case(
        "baseline-missing",
        "drafted only",
        lambda s: World(s).with_baseline(None, signed_on=None),
        MARCH,
        ("high", PLAN_DUE),
    ),
]

COORDINATION = [
    Case("no-coordination", "no meeting", _in_force, AFTER_DUE, ("medium", PLAN_DUE)),
    Case("no-coordination", "no meeting, on the due day", _in_force, PLAN_DUE),
    Case("no-coordination", "all four met", lambda s: World(s).with_meeting(QUIET), MARCH),
    Case(
        "no-coordination",
        "the authorities were not there",
        lambda s: World(s).with_meeting(QUIET, authorities=False),
        MARCH,
        ("medium", PLAN_DUE),
    ),
    Case(
        "no-coordination",
        "they met, and it is known only the day after",
        lambda s: World(s).with_meeting(QUIET, known_on=LATE),
        QUIET,
        ("medium", PLAN_DUE),
    ),
]


def _quiet_transfer(session: Session, state: str = "offered", *, tier: int = 2) -> World:
    world = World(session, tier=tier).offered_to(silent_after_on=QUIET)
    return world.with_capacity(state=state)


SILENT = [
    Case(
        "silent",
        "on the last day that may pass without a word",
        lambda s: _in_force(s, silent_after_on=QUIET),
        QUIET,
    ),
    Case(
        "silent",
        "the day after",
        lambda s: _in_force(s, silent_after_on=QUIET),
        LATE,
        ("medium", QUIET),
    ),
    Case("silent", "no window holds", lambda s: _in_force(s, silent_after_on=None), MARCH),
    Case("silent", "one transfer, on its last day", _quiet_transfer, QUIET),
    Case("silent", "one transfer, the day after", _quiet_transfer, LATE, ("low", QUIET)),
    Case(
        "silent",
        "one transfer of tier 1",
        lambda s: _quiet_transfer(s, tier=1),
        LATE,
        ("medium", QUIET),
    ),
    Case("silent", "a settled transfer", lambda s: _quiet_transfer(s, "confirmed"), LATE),
    Case(
        "silent",
        "the whole plan and its transfer are told once",
        lambda s: _quiet_transfer(s).with_plan(silent_after_on=QUIET),
        LATE,
        ("medium", QUIET),
    ),
    Case("silent", "a transfer after its last day", _quiet_transfer, JULY),
]

CUSTODIAN = [
    Case("no-custodian", "the last day itself is the mission's", _in_force, LAST_DAY),
    Case("no-custodian", "the day after nobody holds it", _in_force, JULY, ("high", LAST_DAY)),
    Case("no-custodian", "held", lambda s: World(s).with_custody(LAST_DAY), JULY),
    Case(
        "no-custodian",
        "held only from the day after",
        lambda s: World(s).with_custody(date(2026, 7, 2)),
        JULY,
        ("high", LAST_DAY),
        past=True,
    ),
    Case(
        "no-custodian",
        "one function ends first, another later",
        lambda s: World(s).with_function("VET").with_dates(custodian_by=CHECK_12),
        JULY,
    ),
    Case(
        "no-custodian",
        "a mission that starts up",
        lambda s: _in_force(s, kind="start-up"),
        JULY,
    ),
]

CASES = [*LATE_PLAN, *CUTS, *ASSESSMENT, *BASELINE, *COORDINATION, *SILENT, *CUSTODIAN]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_about_a_plan_finds_what_an_expert_expects(shared: Sessions, case: Case) -> None:
    assert expected(case) == told(shared, case)


def test_everything_is_settled_in_a_plan_with_all_its_papers(shared: Sessions) -> None:
    """The plan that has what each case misses is clean on a day in March."""

    def given(session: Session) -> World:
        world = World(session).with_assessment(IN_FORCE).with_meeting(IN_FORCE)
        return world.with_baseline(None)

    found = [
        told(shared, Case(code, "all is there", given, MARCH))
        for code in ("late-plan", "assessment-missing", "baseline-missing", "no-coordination")
    ]

    assert [[], [], [], []] == found
