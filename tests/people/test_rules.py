"""Who may change people, what stands on one account, how long things live."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.factories.people import actor_with
from unbroken.kit.errors import Conflict, Forbidden, Invalid, SignInNeeded, UnbrokenError
from unbroken.people.rules import NOBODY, SYSTEM, Actor, Grant, Role, Signing, author_of
from unbroken.people.rules.administration import (
    may_administer_people,
    problems_of_account,
    problems_of_grants,
    require_another_steward,
    require_grantable,
    require_own_or_steward,
    require_steward,
)
from unbroken.people.rules.lives import ABSOLUTE, IDLE, is_seen_due, sign_in_lives
from unbroken.people.rules.names import clean_name
from unbroken.people.rules.passwords import require_strong
from unbroken.people.rules.tries import TryLimits, address_group, sign_in_limits

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MALI = Grant(Role.COUNTRY_TEAM, Signing.SIGNS, "MLI")
STEWARD = Grant(Role.STEWARD)
INSIDE = actor_with(Role.STEWARD)
ON_THE_TEAM = actor_with(Role.COUNTRY_TEAM, signing=Signing.SIGNS, country_iso3="MLI")
KEPT_OUT = NOBODY
PLAN = UUID(int=7)

ALONE_OR_TOGETHER = [
    ("a steward alone", (STEWARD,), True),
    ("a steward who may also read", (STEWARD, Grant(Role.OBSERVER)), True),
    ("a steward who signs for a country team", (STEWARD, MALI), False),
    ("a steward who recommends", (STEWARD, Grant(Role.COUNTRY_TEAM, Signing.RECOMMENDS)), False),
    ("a steward who plans", (STEWARD, Grant(Role.PLANNER)), False),
    ("a steward who countersigns", (STEWARD, Grant(Role.CO_CHAIR)), False),
    ("a steward who gives", (STEWARD, Grant(Role.DONOR)), False),
    ("a steward of one country", (Grant(Role.STEWARD, country_iso3="MLI"),), False),
    ("a country team and a co-chair", (MALI, Grant(Role.CO_CHAIR, country_iso3="MLI")), True),
    ("a planner who signs", (Grant(Role.PLANNER, Signing.SIGNS),), False),
    ("a country in small letters", (Grant(Role.DONOR, country_iso3="mli"),), False),
    ("one role twice", (MALI, Grant(Role.COUNTRY_TEAM, Signing.NONE, "MLI")), False),
    ("one role in two places", (MALI, Grant(Role.COUNTRY_TEAM, plan_uid=PLAN)), True),
    ("no role", (), False),
]

WHO_ADMINISTERS = [
    ("inside", INSIDE, None),
    ("on the team", ON_THE_TEAM, Forbidden),
    ("kept out", KEPT_OUT, SignInNeeded),
    ("the system", SYSTEM, SignInNeeded),
    ("steward of one plan", actor_with(Role.STEWARD, plan_uid=PLAN), Forbidden),
]


def refusal_of(*arguments: object, of: object, **named: object) -> type[UnbrokenError] | None:
    assert callable(of)
    try:
        of(*arguments, **named)
    except UnbrokenError as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize(("case", "grants", "expected"), ALONE_OR_TOGETHER)
def test_roles_stand_together_on_one_account_or_do_not(
    case: str, grants: tuple[Grant, ...], *, expected: bool
) -> None:
    assert expected == (not problems_of_grants(grants)), case


@pytest.mark.parametrize(("case", "actor", "expected"), WHO_ADMINISTERS)
def test_only_a_steward_everywhere_administers_people(
    case: str, actor: Actor, expected: type[UnbrokenError] | None
) -> None:
    assert expected == refusal_of(actor, of=require_steward), case
    assert (expected is None) == may_administer_people(actor)


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.STEWARD])
def test_a_steward_adds_no_role_to_its_own_account(role: Role) -> None:
    with pytest.raises(Forbidden):
        require_grantable(INSIDE, account_uid=INSIDE.account_uid, grants=(STEWARD, Grant(role)))


def test_a_steward_cannot_swap_its_role_for_one_that_signs() -> None:
    with pytest.raises(Forbidden):
        require_grantable(INSIDE, account_uid=INSIDE.account_uid, grants=(MALI,))


def test_a_steward_gives_another_account_the_role_that_signs() -> None:
    require_grantable(INSIDE, account_uid=ON_THE_TEAM.account_uid, grants=(MALI,))


def test_a_contradiction_in_grants_is_refused_with_its_place() -> None:
    with pytest.raises(Invalid) as refusal:
        require_grantable(INSIDE, account_uid=None, grants=(Grant(Role.DONOR, Signing.SIGNS),))

    assert ["grants/0"] == [problem.path for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (INSIDE, None),
        (ON_THE_TEAM, None),
        (actor_with(Role.PLANNER), Forbidden),
        (KEPT_OUT, SignInNeeded),
    ],
)
def test_sign_ins_are_ended_by_their_account_or_a_steward(
    actor: Actor, expected: type[UnbrokenError] | None
) -> None:
    own = ON_THE_TEAM.account_uid

    assert expected == refusal_of(actor, own, of=require_own_or_steward)


def test_the_last_active_steward_stays() -> None:
    with pytest.raises(Conflict):
        require_another_steward(PLAN, others={PLAN})


def test_one_of_two_stewards_may_go() -> None:
    require_another_steward(PLAN, others={PLAN, UUID(int=8)})


@pytest.mark.parametrize(
    ("handle", "mailbox", "expected"),
    [
        ("unicef-mali", "cp.mali@example.org", []),
        ("UNICEF", "cp.mali@example.org", ["handle"]),
        ("unicef mali", "cp.mali@example", ["handle", "mailbox"]),
        ("unicef-mali", "CP@example.org", ["mailbox"]),
        ("unicef-mali", "cp@" + "a" * 250 + ".org", ["mailbox"]),
    ],
)
def test_names_of_an_account_are_checked(handle: str, mailbox: str, expected: list[str]) -> None:
    problems = problems_of_account(handle=handle, mailbox=mailbox, language="ar")

    assert expected == [problem.path for problem in problems]


@pytest.mark.parametrize(
    ("password", "is_strong"),
    [
        ("nine quiet rivers", True),
        ("eleven char", False),
        ("twelve chars", True),
        ("unicef-mali-office", False),
        ("UNICEF-Mali-Office", False),
        ("ababababababab", False),
        ("abcde" * 41, False),
        ("كلمة سر طويلة جدا", True),
    ],
)
def test_a_password_is_long_and_no_name_of_the_account(password: str, *, is_strong: bool) -> None:
    refusal = refusal_of(password, of=require_strong, names=["unicef-mali-office"])

    assert (None if is_strong else Invalid) == refusal


@pytest.mark.parametrize(
    ("seen", "made", "lives"),
    [
        (timedelta(0), timedelta(0), True),
        (IDLE - timedelta(seconds=1), IDLE, True),
        (IDLE, IDLE, False),
        (timedelta(0), ABSOLUTE - timedelta(seconds=1), True),
        (timedelta(0), ABSOLUTE, False),
    ],
)
def test_a_sign_in_ends_when_idle_or_at_its_end(
    seen: timedelta, made: timedelta, *, lives: bool
) -> None:
    assert lives == sign_in_lives(NOON - seen, NOON - made + ABSOLUTE, at=NOON)


def test_last_used_is_written_once_a_minute() -> None:
    ages = [None, NOON, NOON - timedelta(seconds=59), NOON - timedelta(seconds=60)]

    assert [True, False, False, True] == [is_seen_due(seen, at=NOON) for seen in ages]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
    ],
)
def test_an_office_counts_as_one_address(address: str, expected: str) -> None:
    assert expected == address_group(address)


def test_a_window_ends_on_the_quarter_of_an_hour() -> None:
    at = NOON + timedelta(minutes=14, seconds=30)

    assert (NOON, 30) == (TryLimits().window_of(at), TryLimits().seconds_left(at))


def test_what_was_typed_is_not_in_what_is_counted() -> None:
    counted = sign_in_limits(TryLimits(), login="my secret password", address="192.0.2.7")

    assert not any("secret" in limit.subject or "192" in limit.subject for limit in counted)


def test_the_trail_names_the_role_that_acts() -> None:
    names = [author_of(actor, None).role for actor in (INSIDE, ON_THE_TEAM, SYSTEM)]

    assert ["steward", "country-team", "system"] == names


@pytest.mark.parametrize("text", ["", "  \n", "a" * 161, "Call +223 76 12 34 56"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_name(text, field="title")

    assert [problem.path for problem in refusal.value.problems] == ["title"]


def test_a_name_is_one_line_with_single_blanks() -> None:
    assert clean_name(" Child protection \n unit ", field="title") == "Child protection unit"


def test_an_account_reads_one_of_the_four_languages() -> None:
    problems = problems_of_account(handle="cp", mailbox="cp@example.org", language="de")

    assert [problem.path for problem in problems] == ["language"]
