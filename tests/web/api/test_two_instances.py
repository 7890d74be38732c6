"""Two instances over one database: what was done through one holds at the other at once.

In production "at once" is a millisecond for answers that are kept, see ``web.short_cut``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID

from fastapi.testclient import TestClient

from tests.apps import app_over
from tests.factories.people import PASSWORD, make_account
from tests.web.api.conftest import AGREEMENT, World
from tests.web.api.money_entered import CLOCK, account_of, enter, given, need, without_lines
from tests.web.conftest import csrf_of
from unbroken.kit.db import Sessions
from unbroken.kit.settings import Settings
from unbroken.people.commands.accounts import ChangeGrants, change_grants
from unbroken.people.queries import account_view
from unbroken.people.rules import Grant, Role

COVER = "/money/cover"
STEWARD = (Grant(Role.STEWARD),)
ELSEWHERE = Grant(Role.PLANNER, country_iso3="HTI")


@contextmanager
def another(world: World) -> Iterator[World]:
    """Yield a second instance over the database of ``world``: it shares nothing else with it."""
    sessions = Sessions(world.house.sessions.url)
    house = replace(
        world.house,
        sessions=sessions,
        settings=Settings(secure_cookies=False, port=1),
        kept=type(world.house.kept)(),
    )
    with TestClient(app_over(house)) as client:
        yield World(client, house, world.tokens, world.known)
    sessions.close()


def test_what_one_keeps_holds_no_longer_than_what_the_other_changes(world: World) -> None:
    enter(
        without_lines(world),
        need("184"),
        given("61", starts_on=date(2026, 4, 1), ends_on=date(2026, 5, 31)),
    )
    with another(world) as there:
        kept = [there.get(COVER, by="donor").json() for _ in range(2)]
        donor = account_of(world, by="donor")
        enter(world, given("30", starts_on=date(2026, 6, 1)))
        changed = there.get(COVER, by="donor").json()
        _end_grants(world, donor)
        ended = there.get(COVER, by="donor")

        assert kept[0] == kept[1] != changed
        assert "91.00" == changed["totals"]["covered"]
        assert (200, []) == (ended.status_code, ended.json()["items"])


def _end_grants(world: World, account: UUID) -> None:
    """End the role that an account has here, through the first instance."""
    sessions = world.house.sessions
    with sessions.begin() as session:
        steward = make_account(session, grants=STEWARD).actor
    with sessions.reading() as session:
        version = account_view(session, account).version
    change_grants(
        sessions, ChangeGrants(account, (ELSEWHERE,), version), actor=steward, clock=CLOCK
    )


def test_a_sign_in_a_form_and_a_key_are_the_same_at_both_until_either_ends_them(
    world: World,
) -> None:
    with world.house.sessions.begin() as session:
        handle = make_account(session, grants=STEWARD).account.handle
    here = world.client
    with another(world) as second:
        there = second.client
        # the form was shown by one and is sent to the other
        form = {"login": handle, "password": PASSWORD, "csrf": csrf_of(here.get("/sign-in").text)}
        there.cookies.update(here.cookies)
        signed_in = there.post("/sign-in", data=form, follow_redirects=False)
        here.cookies.update(there.cookies)
        token = csrf_of(here.get("/account").text)
        seen = [each.get("/account").status_code for each in (here, there)]
        signed_out = here.post("/sign-out", data={"csrf": token}, follow_redirects=False)
        after = there.get("/account", follow_redirects=False)

        path = "/plans/minust/agreements"
        made = [each.post(path, AGREEMENT, idempotency_key="same") for each in (world, second)]

    assert (303, [200, 200], 303) == (signed_in.status_code, seen, signed_out.status_code)
    assert (303, True) == (after.status_code, "/sign-in" in after.headers["location"])
    assert (201, made[0].text) == (made[1].status_code, made[1].text)
