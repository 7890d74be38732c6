"""Plants plans with months of money straight into the tables, for measuring only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlmodel import Session

from tests.bench.plant import AT, DAY, _area, _mission, _organisation, _plan
from unbroken.functions import models as functions_models
from unbroken.kit.clock import SystemClock
from unbroken.kit.db import Sessions, table
from unbroken.kit.instance import create_instance
from unbroken.money import models as money_models
from unbroken.money.rules.amounts import last_of_month, quarter_of
from unbroken.people.commands.tokens import NewToken, make_token
from unbroken.people.models import Account, RoleGrant
from unbroken.people.rules import AccountState, Actor, Grant, Role, Signing

_LOADED = (functions_models, money_models)  # their import fills the metadata
FUNCTIONS, MONTHS = 50, 25
RESTRICTED = 10
SOME = 10_000


@dataclass(frozen=True, slots=True)
class Money:
    """How much is planted: so many lines (months of a place) over so many plans."""

    lines: int
    plans: int = 200

    @property
    def areas(self) -> int:
        """Return in how many areas each function needs money."""
        return max(1, self.lines // (self.plans * FUNCTIONS * MONTHS))


def plant_money(sessions: Sessions, size: Money) -> str:
    """Fill an empty, migrated database and return the secret of a donor's token."""
    with sessions.begin() as session:
        create_instance(session, is_demonstration=False, at=AT)
        _put(session, "mission", [_mission()])
        _put(session, "organisation", [_organisation(1), _organisation(2)])
        _put(session, "edition", [{"uid": uuid4(), "id": 1, "name": "2026.1", **_DIGEST}])
        _put(session, "function", [_function(n) for n in range(1, FUNCTIONS + 1)])
    for number in range(1, size.plans + 1):
        with sessions.begin() as session:
            _plant(session, number, size)
    sessions.refresh_statistics()
    return token_of(sessions, Role.DONOR)


_DIGEST = {"digest": "made for measuring", "loaded_at": AT}


def _put(session: Session, name: str, rows: list[dict[str, object]]) -> None:
    session.connection().execute(insert(table(name)), rows)


def _plant(session: Session, number: int, size: Money) -> None:
    _put(session, "plan", [_plan(number)])
    ids = [(number - 1) * size.areas + n + 1 for n in range(size.areas)]
    _put(session, "area", [_place(number, each) for each in ids])
    pairs = [(n, area) for n in range(1, FUNCTIONS + 1) for area in ids]
    _put(session, "function_area", [_performed(number, *pair) for pair in pairs])
    _put(session, "money_month", list(_months(number, ids)))
    state = {"plan_id": number, "version": 1, "mandate_ends_on": DAY + timedelta(days=300)}
    derived = {"edition": "2026.1", "derived_on": DAY, "derived_at": AT}
    _put(session, "money_state", [state | derived])


def _code(number: int) -> str:
    return f"F-{number:02}"


def _place(plan: int, number: int) -> dict[str, object]:
    named = {"slug": f"measured-{plan}-area-{number}", "name": f"Area {number}"}
    return {**_area(plan), "id": number, **named}


def _function(number: int) -> dict[str, object]:
    return {
        "uid": UUID(int=number),
        "edition_id": 1,
        "code": _code(number),
        "tier": 1 + number % 4,
        "level": "area",
        "restricted": number <= RESTRICTED,
        "body": {"group": "ABCDEFGH"[number % 8]},
    }


def _performed(plan: int, number: int, area: int) -> dict[str, object]:
    return {
        "uid": uuid4(),
        "plan_id": plan,
        "area_id": area,
        "function_code": _code(number),
        "function_uid": UUID(int=number),
        "tier": 1 + number % 4,
        "restricted": number <= RESTRICTED,
    }


def _months(plan: int, areas: list[int]) -> Iterator[dict[str, object]]:
    for number in range(1, FUNCTIONS + 1):
        for place, area in enumerate(areas):
            for step in range(MONTHS):
                month = date(2026 + step // 12, 1 + step % 12, 1)
                # no two alike, and different in each plan
                required = (number * 7_919 + place * 104_729 + step * 31 + plan) % 10**6 * SOME
                covered = required * (number % 5) // 4 if number % 5 < 4 else required // 2
                yield {
                    "plan_id": plan,
                    "function_code": _code(number),
                    "function_uid": UUID(int=number),
                    "tier": 1 + number % 4,
                    "restricted": number <= RESTRICTED,
                    "area_id": area,
                    "receiver_id": 2,
                    "month_on": month,
                    "last_on": last_of_month(month),
                    "quarter_on": quarter_of(month),
                    "need": "stated",
                    "required": required,
                    "covered": covered,
                    "promised": 0,
                    "uncovered": required - covered,
                    "after_pledges": required - covered,
                    "voluntary": covered,
                    "paid": covered // 2,
                    "requested": 0,
                    "open_pledge": 0,
                    "assessed": 0,
                    "at_least": False,
                    "at_most": False,
                    "known_on": DAY,
                    "gone_on": None,
                }


def token_of(sessions: Sessions, role: Role) -> str:
    """Return the secret of a token of a new account with one role everywhere."""
    with sessions.begin() as session:
        account = Account(
            handle=role.value,
            title=role.value,
            mailbox=f"{role.value}@example.org",
            organisation_id=1,
            state=AccountState.ACTIVE,
            created_at=AT,
        )
        session.add(account)
        session.flush()
        grant = RoleGrant(account_id=account.id or 0, role=role, signing=Signing.NONE)
        session.add(grant)
        actor = Actor(account.uid, role.value, None, (Grant(role),))
    order = NewToken("measuring", timedelta(days=30))
    return make_token(sessions, order, actor=actor, clock=SystemClock()).secret
