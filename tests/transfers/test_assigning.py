"""An item is given to an organisation and one of its role mailboxes."""

from uuid import UUID

import pytest
from sqlmodel import select

from tests.factories.capacities import TODAY
from tests.factories.items import (
    change,
    row_of,
    rows_of,
    told,
)
from tests.factories.people import make_account
from tests.factories.transfers import Scene, make_scene
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid
from unbroken.people.models import Account, Organisation
from unbroken.people.rules import AccountState, Grant, Role
from unbroken.transfers.rules.items import Changes
from unbroken.transfers.rules.items import ItemField as F
from unbroken.transfers.rules.words import ItemState as S

DONE: Changes = {F.STATE: S.DONE, F.DONE_ON: TODAY}
ASIDE: Changes = {F.STATE: S.NOT_APPLICABLE, F.REASON: "Nobody asks for it here."}


@pytest.fixture
def scene(sessions: Sessions, clock: FixedClock) -> Scene:
    made = make_scene(sessions, clock)
    made.named()
    made.named("DIG-REP")
    return made


def uids(scene: Scene, code: str = "MRM-VER") -> list[UUID]:
    return [row.uid for row in rows_of(scene) if row.code == code]


# --- to whom an item is given


def desk(scene: Scene, *, handle: str = "desk", state: AccountState = AccountState.ACTIVE) -> str:
    """Store an account of the agency and return the agency's slug."""
    with scene.sessions.begin() as session:
        agency = session.exec(select(Organisation).where(Organisation.uid == scene.agency)).one()
        grants = (Grant(Role.COUNTRY_TEAM),)
        make_account(session, grants=grants, handle=handle, organisation=agency, state=state)
        return agency.slug


def slug_of(scene: Scene, uid: UUID) -> str:
    with scene.sessions.reading() as session:
        return session.exec(select(Organisation.slug).where(Organisation.uid == uid)).one()


def assigned(scene: Scene) -> tuple[str, str]:
    facts = row_of(scene, uids(scene)[0]).facts
    return facts.assigned_to, facts.mailbox


def assign(scene: Scene, slug: str | None = None, mailbox: str | None = None) -> None:
    given = {F.ASSIGNED_TO: slug, F.MAILBOX: mailbox}
    changes: Changes = {name: value for name, value in given.items() if value is not None}
    change(scene, changes, uids(scene)[0])


def test_an_item_is_given_to_an_organisation(scene: Scene) -> None:
    slug = slug_of(scene, scene.agency)
    assign(scene, slug)

    assert (slug, "") == assigned(scene)


def test_a_mailbox_brings_its_organisation(scene: Scene) -> None:
    slug = desk(scene)
    assign(scene, mailbox="desk")

    assert (slug, "desk") == assigned(scene)


def test_another_organisation_leaves_the_mailbox_behind(scene: Scene) -> None:
    assign(scene, desk(scene), "desk")
    other = slug_of(scene, scene.other_agency)
    assign(scene, other)

    assert (other, "") == assigned(scene)


def test_an_item_is_taken_from_everybody(scene: Scene) -> None:
    assign(scene, desk(scene), "desk")
    assign(scene, "")

    assert ("", "") == assigned(scene)


def test_a_mailbox_is_taken_away_alone(scene: Scene) -> None:
    slug = desk(scene)
    assign(scene, slug, "desk")
    assign(scene, mailbox="")

    assert (slug, "") == assigned(scene)


def test_a_mailbox_of_another_organisation_is_refused(scene: Scene) -> None:
    desk(scene)
    with pytest.raises(Invalid):
        assign(scene, slug_of(scene, scene.other_agency), "desk")


def test_a_mailbox_that_stands_does_not_follow_to_another_organisation(scene: Scene) -> None:
    assign(scene, desk(scene), "desk")
    with pytest.raises(Invalid):
        assign(scene, slug_of(scene, scene.other_agency), "desk")


@pytest.mark.parametrize(("slug", "mailbox"), [("nobody", None), (None, "nobody")])
def test_nobody_gets_nothing(scene: Scene, slug: str | None, mailbox: str | None) -> None:
    with pytest.raises(Invalid) as refusal:
        assign(scene, slug, mailbox)

    assert ["mailbox" if mailbox else "assigned_to"] == [p.path for p in refusal.value.problems]


def test_a_closed_account_gets_nothing(scene: Scene) -> None:
    desk(scene, state=AccountState.CLOSED)
    with pytest.raises(Invalid):
        assign(scene, mailbox="desk")


def test_what_an_account_had_when_it_closed_stays_written(scene: Scene) -> None:
    slug = desk(scene)
    assign(scene, mailbox="desk")
    with scene.sessions.begin() as session:
        account = session.exec(select(Account).where(Account.handle == "desk")).one()
        account.state = AccountState.CLOSED
    change(scene, DONE, uids(scene)[0])

    assert (slug, "desk") == assigned(scene)


def test_the_trail_calls_it_an_edit(scene: Scene) -> None:
    slug = slug_of(scene, scene.agency)
    assign(scene, slug)

    action, _uid, values = told(scene)[-1]
    expected = {"assigned_to": ["", slug]}
    assert ("transfers:item:edited", expected) == (action, values["changed"])
