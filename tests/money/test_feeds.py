"""A feed shows what its watch was told, as far as the account behind it may see it now."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from tests.money.donors import DonorDesk
from unbroken.gaps.models import Gap
from unbroken.gaps.queries.told import ToldFeed, told_feed
from unbroken.kit.errors import NotFound
from unbroken.money.commands.watching import (
    end_feed,
    end_watch,
    make_feed,
)
from unbroken.money.models_interest import Told, Watch
from unbroken.money.queries.watches import watch_views
from unbroken.money.rules.watching import (
    TOPIC,
)
from unbroken.people.models import Account, RoleGrant
from unbroken.people.rules import AccountState


def feed(donors: DonorDesk, secret: str) -> ToldFeed:
    with donors.sessions.reading() as session:
        return told_feed(session, secret)


def secret_of(donors: DonorDesk, uid: UUID, *, by: str = "donor") -> str:
    actor = donors.actors[by]
    return make_feed(donors.sessions, uid, actor=actor, clock=donors.desk.clock).secret


def test_a_feed_names_what_is_open_and_masks_what_is_restricted(donors: DonorDesk) -> None:
    uid = donors.watch()
    secret = secret_of(donors, uid)
    donors.desk.enter(donors.desk.need("184", "MRM-VER"), donors.desk.need("92"))
    donors.scan()

    found = feed(donors, secret)
    opened, masked = found.entries

    assert (uid, "en") == (found.uid, found.language)
    assert ("REFER", "minust", Decimal("92.00")) == (opened.function, opened.plan, opened.uncovered)
    assert (True, datetime(2026, 1, 1, tzinfo=UTC)) == (masked.masked, masked.shown_at)
    assert ("", "", "", None, None) == (
        masked.plan,
        masked.function,
        masked.function_title,
        masked.month_on,
        masked.uncovered,
    )
    assert found == feed(donors, secret)


def test_what_becomes_restricted_is_masked_from_then_on(donors: DonorDesk) -> None:
    secret = secret_of(donors, donors.watch())
    donors.desk.enter(donors.desk.need("92"))
    donors.scan()
    with donors.sessions.begin() as session:
        session.connection().execute(update(Gap).values(restricted=True))
    (masked,) = feed(donors, secret).entries
    with donors.sessions.begin() as session:
        session.connection().execute(update(Told).values(gap_uid=UUID(int=7)))
    (gone,) = feed(donors, secret).entries

    assert (True, True) == (masked.masked, gone.masked)


def test_a_feed_shows_the_newest_fifty(donors: DonorDesk) -> None:
    uid = donors.watch()
    secret = secret_of(donors, uid)
    donors.desk.enter(donors.desk.need("92"))
    donors.scan()
    (first,) = donors.told()
    with donors.sessions.begin() as session:
        for days in range(1, 60):
            values = first.model_dump(exclude={"id", "uid"})
            at = first.shown_at + timedelta(days=days)
            session.add(Told(**values | {"opened_on": at.date(), "shown_at": at}))

    shown = [each.shown_at for each in feed(donors, secret).entries]

    assert 50 == len(shown)
    assert sorted(shown, reverse=True) == shown
    assert first.shown_at + timedelta(days=59) == shown[0]


def _close(donors: DonorDesk, account: Account) -> None:
    values = {"state": AccountState.CLOSED}
    with donors.sessions.begin() as session:
        session.connection().execute(
            update(Account).where(col(Account.id) == account.id).values(values)
        )


def _take_roles(donors: DonorDesk, account: Account) -> None:
    with donors.sessions.begin() as session:
        mine = col(RoleGrant.account_id) == account.id
        session.connection().execute(delete(RoleGrant).where(mine))


@pytest.mark.parametrize("end", [_close, _take_roles])
def test_a_closed_account_or_one_without_roles_has_no_feed_and_gets_no_letter(
    donors: DonorDesk, end: Callable[[DonorDesk, Account], None]
) -> None:
    secret = secret_of(donors, donors.watch())
    with donors.sessions.reading() as session:
        query = select(Account).where(Account.uid == donors.actors["donor"].account_uid)
        account = session.exec(query).one()
    end(donors, account)
    donors.desk.enter(donors.desk.need("92"))
    donors.scan()

    with pytest.raises(NotFound):
        feed(donors, secret)
    assert ([], []) == (donors.letters(TOPIC), donors.told())


def test_a_feed_shows_no_more_than_the_account_sees_now(donors: DonorDesk) -> None:
    secret = secret_of(donors, donors.watch(by="observer"), by="observer")
    donors.desk.enter(donors.desk.need("92"))
    donors.scan()
    before = len(feed(donors, secret).entries)
    with donors.sessions.begin() as session:
        session.connection().execute(update(RoleGrant).values(country_iso3="HTI"))

    assert (1, ()) == (before, feed(donors, secret).entries)


def test_an_address_made_anew_ends_the_one_before(donors: DonorDesk) -> None:
    uid = donors.watch()
    first = secret_of(donors, uid)
    second = secret_of(donors, uid)
    actor = donors.actors["donor"]
    with pytest.raises(NotFound):
        feed(donors, first)
    assert () == feed(donors, second).entries

    for _twice in range(2):
        end_feed(donors.sessions, uid, actor=actor, clock=donors.desk.clock)
    with pytest.raises(NotFound):
        feed(donors, second)
    with donors.sessions.reading() as session:
        assert [False] == [each.has_feed for each in watch_views(session, actor=actor)]


def test_only_a_hash_of_the_secret_is_kept(donors: DonorDesk) -> None:
    secret = secret_of(donors, donors.watch())
    with donors.sessions.reading() as session:
        (row,) = session.exec(select(Watch)).all()

    assert secret not in str(row.model_dump())


def test_an_ended_watch_tells_no_more(donors: DonorDesk) -> None:
    uid, actor = donors.watch(), donors.actors["donor"]
    secret = secret_of(donors, uid)
    end_watch(donors.sessions, uid, actor=actor, clock=donors.desk.clock)
    donors.desk.enter(donors.desk.need("92"))
    donors.scan()

    assert ([], []) == (donors.letters(TOPIC), donors.told())
    with pytest.raises(NotFound):
        feed(donors, secret)
    with pytest.raises(NotFound):
        end_watch(donors.sessions, uid, actor=actor, clock=donors.desk.clock)
