"""Cases of the rules about work to be done, in the words of those who know the field."""

from datetime import date

import pytest
from sqlmodel import Session

from tests.factories.gaps import AGREED_BY, DATA_BY, LAST_DAY, World
from tests.gaps.cases import Case, expected, told
from unbroken.kit.db import Sessions

DUE, NEXT = date(2026, 5, 1), date(2026, 5, 2)
AGREED_LATE, DATA_LATE = date(2026, 5, 16), date(2026, 5, 21)


def _capacity(session: Session, state: str = "confirmed", *, tier: int = 2) -> World:
    return World(session, tier=tier).offered_to().with_capacity(state=state)


def _item(session: Session, state: str = "open", **values: object) -> World:
    return _capacity(session).with_item(DUE, state=state, **values)


def _evidence(session: Session, state: str = "done") -> World:
    return _item(session, state, done_on=date(2026, 4, 1), evidence_until_on=NEXT)


ITEMS = [
    Case("item-overdue", "on its day an item is in time", _item, DUE),
    Case("item-overdue", "the day after", _item, NEXT, ("medium", DUE)),
    Case("item-overdue", "done", lambda s: _item(s, "done", done_on=DUE), NEXT),
    Case("item-overdue", "called not applicable", lambda s: _item(s, "not-applicable"), NEXT),
    Case(
        "item-overdue",
        "done only two days later",
        lambda s: _item(s, "done", done_on=date(2026, 5, 3)),
        NEXT,
        ("medium", DUE),
        past=True,
    ),
    Case("item-overdue", "on the last day of its evidence", _evidence, NEXT),
    Case(
        "item-overdue",
        "its evidence has expired",
        _evidence,
        date(2026, 5, 3),
        ("medium", NEXT),
    ),
    Case(
        "item-overdue",
        "of tier 1, a month before the last day",
        lambda s: _capacity(s, tier=1).with_item(DUE),
        date(2026, 5, 31),
        ("critical", DUE),
    ),
    Case(
        "item-overdue",
        "its capacity was ended by decision",
        lambda s: _capacity(s, "ended").with_item(DUE),
        NEXT,
    ),
    Case(
        "item-overdue",
        "its receiver declined",
        lambda s: _capacity(s, "declined").with_item(DUE),
        NEXT,
    ),
]


def _agreed(session: Session, **values: object) -> World:
    return _capacity(session).with_agreement(**values)


def _succeeded(session: Session, signed_on: date) -> World:
    world = _capacity(session)
    return world.with_agreement(successor_id=world.receiver_id, successor_signed_on=signed_on)


AGREEMENTS = [
    Case("no-agreement", "on the day it is due", _agreed, AGREED_BY),
    Case("no-agreement", "the day after", _agreed, AGREED_LATE, ("medium", AGREED_BY)),
    Case("no-agreement", "after the last day", _agreed, date(2026, 7, 1), ("critical", AGREED_BY)),
    Case(
        "no-agreement",
        "it never named the mission",
        lambda s: _agreed(s, names_mission=False),
        AGREED_LATE,
    ),
    Case(
        "no-agreement", "the successor has signed", lambda s: _succeeded(s, AGREED_BY), AGREED_LATE
    ),
    Case(
        "no-agreement",
        "the successor signs only the day after",
        lambda s: _succeeded(s, date(2026, 5, 17)),
        AGREED_LATE,
        ("medium", AGREED_BY),
        past=True,
    ),
    Case(
        "no-agreement",
        "the agreement became known only the day after",
        lambda s: _agreed(s, known_on=date(2026, 5, 17)),
        AGREED_LATE,
    ),
    Case(
        "no-agreement",
        "two agreements behind one capacity are one gap",
        lambda s: _agreed(s).with_agreement(),
        AGREED_LATE,
        ("medium", AGREED_BY),
    ),
    Case(
        "no-agreement",
        "ended by decision",
        lambda s: _capacity(s, "ended").with_agreement(),
        AGREED_LATE,
    ),
]


def _data(session: Session, state: str = "offered", **values: object) -> World:
    return World(session).offered_to().with_capacity("data", state, **values)


def _supplied(session: Session, renewed: int, **values: object) -> World:
    return _data(session, "confirmed").with_agreement(**values).with_suppliers(4, renewed)


DATA = [
    Case("data-stuck", "on the day data are due", _data, DATA_BY),
    Case("data-stuck", "the day after", _data, DATA_LATE, ("medium", DATA_BY)),
    Case("data-stuck", "confirmed", lambda s: _data(s, "confirmed"), DATA_LATE),
    Case("data-stuck", "archived or destroyed by decision", lambda s: _data(s, "ended"), DATA_LATE),
    Case(
        "data-stuck",
        "confirmed, then changed",
        lambda s: _data(s, "confirmed", signed_hash="other"),
        DATA_LATE,
        ("medium", DATA_BY),
    ),
    Case(
        "data-stuck",
        "confirmed, and one of four suppliers has not renewed",
        lambda s: _supplied(s, 3),
        DATA_LATE,
        ("medium", DATA_BY),
    ),
    Case("data-stuck", "confirmed, and all have renewed", lambda s: _supplied(s, 4), DATA_LATE),
    Case(
        "data-stuck",
        "the supplier's protocol became known only the day after",
        lambda s: _supplied(s, 3, known_on=date(2026, 5, 22)),
        DATA_LATE,
    ),
    Case("data-stuck", "posts are no data", lambda s: _capacity(s, "offered"), DATA_LATE),
]


def _asked(session: Session, state: str = "open") -> World:
    return _item(session, state).asking_girls_and_boys()


GIRLS_BOYS = [
    Case("no-girls-boys", "on its day it is in time", _asked, DUE),
    Case("no-girls-boys", "the day after", _asked, NEXT, ("medium", DUE)),
    Case("no-girls-boys", "set aside", lambda s: _asked(s, "not-applicable"), DUE, ("medium", DUE)),
    Case("no-girls-boys", "answered", lambda s: _asked(s, "done"), LAST_DAY),
    Case("no-girls-boys", "an item that asks for neither", _item, NEXT),
    Case(
        "no-girls-boys",
        "of a capacity that does not apply",
        lambda s: _capacity(s, "not-applicable").with_item(DUE).asking_girls_and_boys(),
        NEXT,
    ),
]

CASES = [*ITEMS, *AGREEMENTS, *DATA, *GIRLS_BOYS]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_about_work_finds_what_an_expert_expects(shared: Sessions, case: Case) -> None:
    assert expected(case) == told(shared, case)
