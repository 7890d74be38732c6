"""Cases of the rules about answers, in the words of those who know the field."""

from datetime import date

import pytest
from sqlmodel import Session

from tests.factories.gaps import CHECK_3, CHECK_6, LAST_DAY, World
from tests.gaps.cases import Case, expected, told
from unbroken.kit.db import Sessions

MARCH, APRIL, NEXT = date(2026, 3, 1), date(2026, 4, 1), date(2026, 4, 2)
JUNE, JULY, OCTOBER = date(2026, 6, 1), date(2026, 7, 1), date(2026, 10, 1)


def _in_state(session: Session, state: str = "confirmed", **values: object) -> World:
    return World(session).offered_to().with_capacity(state=state, **values)


def _offered(session: Session, state: str = "offered", **values: object) -> World:
    return _in_state(session, state, **{"answer_by": APRIL, **values})


UNCONFIRMED = [
    Case("unconfirmed", "on the day an answer is due", _offered, APRIL),
    Case("unconfirmed", "the day after", _offered, NEXT, ("medium", APRIL)),
    Case("unconfirmed", "after the last day", _offered, JULY, ("critical", APRIL)),
    Case(
        "unconfirmed",
        "recommended by the field only",
        lambda s: _offered(s, "recommended"),
        NEXT,
        ("medium", APRIL),
    ),
    Case("unconfirmed", "answered", lambda s: _offered(s, "confirmed"), NEXT),
    Case("unconfirmed", "declined is an answer", lambda s: _offered(s, "declined"), NEXT),
    Case(
        "unconfirmed",
        "more time was asked, and it runs",
        lambda s: _offered(s, "time-asked", extended_to_on=JUNE),
        JUNE,
    ),
    Case(
        "unconfirmed",
        "more time has run out",
        lambda s: _offered(s, "time-asked", extended_to_on=JUNE),
        date(2026, 6, 2),
        ("high", JUNE),
    ),
    Case(
        "unconfirmed",
        "time until after the last day ends with the last day",
        lambda s: _offered(s, "time-asked", extended_to_on=OCTOBER),
        JULY,
        ("critical", LAST_DAY),
    ),
    Case(
        "unconfirmed",
        "no day was stated: the last day holds",
        lambda s: _offered(s, answer_by=None),
        LAST_DAY,
    ),
    Case(
        "unconfirmed",
        "no day was stated, after the last day",
        lambda s: _offered(s, answer_by=None),
        JULY,
        ("critical", LAST_DAY),
    ),
    Case(
        "unconfirmed",
        "the transfer has ended",
        lambda s: (
            World(s).offered_to(state="ended").with_capacity(state="offered", answer_by=APRIL)
        ),
        NEXT,
    ),
    Case(
        "unconfirmed",
        "answered only the day after",
        lambda s: (
            _offered(s, "confirmed")
            .with_receipt("offered", MARCH)
            .with_receipt("confirmed", date(2026, 4, 3))
        ),
        NEXT,
        ("medium", APRIL),
        past=True,
    ),
    Case(
        "unconfirmed",
        "offered only the day after",
        lambda s: _offered(s).with_receipt("offered", date(2026, 4, 3)),
        NEXT,
        past=True,
    ),
]


def _rest(session: Session, state: str, quantity: int = 3) -> World:
    world = _in_state(session, quantity=2)
    values = {"rest_of_id": world.capacity_id, "quantity": quantity}
    return world.with_capacity(state=state, **values)


SHORT = [
    Case(
        "short-received",
        "the rest is with the giver",
        lambda s: _rest(s, "not-started"),
        MARCH,
        ("medium", LAST_DAY),
    ),
    Case(
        "short-received",
        "on the last day",
        lambda s: _rest(s, "not-started"),
        LAST_DAY,
        ("critical", LAST_DAY),
    ),
    Case("short-received", "the rest is offered again", lambda s: _rest(s, "offered"), MARCH),
    Case(
        "short-received",
        "the rest was declined",
        lambda s: _rest(s, "declined"),
        MARCH,
        ("medium", LAST_DAY),
    ),
    Case(
        "short-received",
        "the rest was withdrawn and another has as much",
        lambda s: _rest(s, "withdrawn").offered_to().with_capacity(quantity=3),
        MARCH,
    ),
    Case(
        "short-received",
        "the rest was withdrawn and another has less",
        lambda s: _rest(s, "withdrawn").offered_to().with_capacity(quantity=1),
        MARCH,
        ("medium", LAST_DAY),
    ),
    Case(
        "short-received",
        "a whole capacity not started is no rest",
        lambda s: _in_state(s, "not-started"),
        MARCH,
    ),
    Case(
        "short-received",
        "there was no rest before the answer that left it",
        lambda s: _rest(s, "not-started"),
        MARCH,
        past=True,
    ),
]


def _condition(session: Session, state: str = "conditional", **values: object) -> World:
    return _in_state(session, state, condition_until_on=APRIL, **values)


CONDITIONAL = [
    Case("conditional", "on its day the condition is in time", _condition, APRIL),
    Case("conditional", "the day after", _condition, NEXT, ("medium", APRIL)),
    Case(
        "conditional",
        "recorded as lapsed for it",
        lambda s: _condition(s, "lapsed"),
        NEXT,
        ("medium", APRIL),
    ),
    Case(
        "conditional",
        "lapsed because a check failed",
        lambda s: _condition(s, "lapsed", check_failed_on=APRIL),
        NEXT,
    ),
    Case("conditional", "met", lambda s: _condition(s, "confirmed"), NEXT),
    Case(
        "conditional",
        "met only the day after",
        lambda s: (
            _condition(s, "confirmed")
            .with_receipt("conditional", MARCH)
            .with_receipt("confirmed", date(2026, 4, 3))
        ),
        NEXT,
        ("medium", APRIL),
        past=True,
    ),
]

DISPUTED = [
    Case(
        "disputed",
        "on the last day of its clock",
        lambda s: _in_state(s, "disputed", dispute_until_on=APRIL),
        APRIL,
    ),
    Case(
        "disputed",
        "the day after",
        lambda s: _in_state(s, "disputed", dispute_until_on=APRIL),
        NEXT,
        ("medium", APRIL),
    ),
    Case(
        "disputed",
        "resolved: offered again",
        lambda s: _in_state(s, "offered", dispute_until_on=APRIL),
        NEXT,
    ),
]

STALE = [
    Case(
        "stale-signature",
        "confirmed, then changed",
        lambda s: _in_state(s, signed_hash="other"),
        MARCH,
        ("medium", LAST_DAY),
    ),
    Case(
        "stale-signature",
        "attested, then changed",
        lambda s: _in_state(s, "attested", signed_hash="other"),
        MARCH,
        ("medium", LAST_DAY),
    ),
    Case("stale-signature", "it fits", _in_state, MARCH),
    Case("stale-signature", "nothing was signed", lambda s: _in_state(s, signed_hash=None), MARCH),
    Case(
        "stale-signature",
        "offered again",
        lambda s: _in_state(s, "offered", signed_hash="other"),
        MARCH,
    ),
    Case(
        "stale-signature",
        "a day gone by does not tell",
        lambda s: _in_state(s, signed_hash="other").with_receipt("confirmed", MARCH),
        NEXT,
        past=True,
    ),
]


def _checked(
    session: Session, state: str = "confirmed", *, tier: int = 2, **values: date | int
) -> World:
    known = {"confirmed_on": MARCH, **values}
    return World(session, tier=tier).offered_to().with_capacity(state=state, **known)


SUSTAINED = [
    Case("not-sustained", "on the day of the first check", _checked, CHECK_3),
    Case("not-sustained", "the day after nobody had looked", _checked, OCTOBER, ("high", CHECK_3)),
    Case(
        "not-sustained",
        "checked after three months",
        lambda s: _checked(s, checked_3_on=CHECK_3),
        OCTOBER,
    ),
    Case(
        "not-sustained",
        "checked only the day after",
        lambda s: _checked(s, checked_3_on=date(2026, 10, 2)).with_receipt("confirmed", MARCH),
        OCTOBER,
        ("high", CHECK_3),
        past=True,
    ),
    Case(
        "not-sustained",
        "the second check was missed",
        lambda s: _checked(s, checked_3_on=CHECK_3),
        date(2026, 12, 31),
        ("high", CHECK_6),
    ),
    Case(
        "not-sustained",
        "the check failed",
        lambda s: _checked(s, "lapsed", check_failed_on=CHECK_3),
        OCTOBER,
        ("critical", CHECK_3),
    ),
    Case(
        "not-sustained",
        "the check of a tier-3 function failed",
        lambda s: _checked(s, "lapsed", tier=3, check_failed_on=CHECK_3),
        OCTOBER,
        ("high", CHECK_3),
    ),
    Case(
        "not-sustained",
        "it fails only the day after",
        lambda s: _checked(s, "lapsed", check_failed_on=OCTOBER).with_receipt("confirmed", MARCH),
        CHECK_3,
        past=True,
    ),
    Case(
        "not-sustained",
        "confirmed only after the first check was due",
        lambda s: _checked(s, confirmed_on=OCTOBER),
        date(2026, 10, 2),
    ),
    Case("not-sustained", "never confirmed", lambda s: _checked(s, "offered"), OCTOBER),
    Case(
        "not-sustained",
        "a bridge has no checks",
        lambda s: World(s).offered_to("bridge", ends_on=OCTOBER).with_capacity(confirmed_on=MARCH),
        OCTOBER,
    ),
]

CASES = [*UNCONFIRMED, *SHORT, *CONDITIONAL, *DISPUTED, *STALE, *SUSTAINED]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_about_answers_finds_what_an_expert_expects(shared: Sessions, case: Case) -> None:
    assert expected(case) == told(shared, case)
