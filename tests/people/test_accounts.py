"""Accounts: made, taken over, changed and closed, by stewards only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.factories.people import CHEAP, PASSWORD, STEWARD
from tests.people.conftest import Cast
from unbroken.kit.clock import Clock, FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    SignInNeeded,
    Stale,
    UnbrokenError,
)
from unbroken.people.commands.accounts import (
    ChangeGrants,
    CloseAccount,
    change_grants,
    close_account,
)
from unbroken.people.commands.first_steward import FirstSteward, invite_first_steward
from unbroken.people.commands.invitations import (
    AcceptInvitation,
    NewAccount,
    accept_invitation,
    invite,
    renew_invitation,
)
from unbroken.people.commands.organisations import (
    NewOrganisation,
    RenameOrganisation,
    create_organisation,
    rename_organisation,
)
from unbroken.people.queries import (
    account_view,
    accounts_seen_by,
    actor_by_handle,
)
from unbroken.people.rules import AccountState, Actor, Grant, OrganisationKind, Role, Signing
from unbroken.trail.queries import entries

SIGNS = Grant(Role.COUNTRY_TEAM, Signing.SIGNS, "MLI")
Act = Callable[[Sessions, Cast, Actor, Clock], object]

STEWARDS_ONLY: dict[str, Act] = {
    "make an organisation": lambda sessions, _cast, actor, clock: create_organisation(
        sessions,
        NewOrganisation("Task force", OrganisationKind.TASK_FORCE),
        actor=actor,
        clock=clock,
    ),
    "rename an organisation": lambda sessions, cast, actor, clock: rename_organisation(
        sessions, RenameOrganisation(cast.agency.uid, "Other", 1), actor=actor, clock=clock
    ),
    "invite": lambda sessions, cast, actor, clock: invite(
        sessions, office(cast), actor=actor, clock=clock
    ),
    "close": lambda sessions, cast, actor, clock: close_account(
        sessions, CloseAccount(cast.team.account.uid, 1), actor=actor, clock=clock
    ),
    "change roles": lambda sessions, cast, actor, clock: change_grants(
        sessions, ChangeGrants(cast.team.account.uid, (SIGNS,), 1), actor=actor, clock=clock
    ),
}
WHO = {"steward": None, "team": Forbidden, "outsider": Forbidden, "nobody": SignInNeeded}


def office(cast: Cast, *, grants: tuple[Grant, ...] = (SIGNS,), handle: str = "cp") -> NewAccount:
    return NewAccount(handle, "Child protection", f"{handle}@example.org", cast.agency.uid, grants)


def answer_to(
    act: Act, sessions: Sessions, cast: Cast, clock: Clock, *, part: str
) -> type[UnbrokenError] | None:
    try:
        act(sessions, cast, cast.actors()[part], clock)
    except UnbrokenError as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize("act", STEWARDS_ONLY)
def test_only_the_steward_changes_people(
    sessions: Sessions, cast: Cast, clock: FixedClock, act: str
) -> None:
    parts = ["nobody", "outsider", "team", "steward"]

    found = {
        part: answer_to(STEWARDS_ONLY[act], sessions, cast, clock, part=part) for part in parts
    }

    assert found == WHO


def test_an_invited_office_is_active_once_it_chose_a_password(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    link = invite(sessions, office(cast), actor=cast.steward.actor, clock=clock)
    accepted = accept_invitation(
        sessions, AcceptInvitation(link.secret, PASSWORD), clock=clock, passwords=CHEAP
    )

    assert (accepted.state, accepted.grants) == (AccountState.ACTIVE, (SIGNS,))


def test_an_invitation_works_once(sessions: Sessions, cast: Cast, clock: FixedClock) -> None:
    link = invite(sessions, office(cast), actor=cast.steward.actor, clock=clock)
    order = AcceptInvitation(link.secret, PASSWORD)
    accept_invitation(sessions, order, clock=clock, passwords=CHEAP)

    with pytest.raises(Conflict):
        accept_invitation(sessions, order, clock=clock, passwords=CHEAP)


def test_an_invitation_ends_after_seven_days(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    link = invite(sessions, office(cast), actor=cast.steward.actor, clock=clock)
    late = FixedClock(clock.at + timedelta(days=7))

    with pytest.raises(Conflict):
        accept_invitation(
            sessions, AcceptInvitation(link.secret, PASSWORD), clock=late, passwords=CHEAP
        )


def test_a_weak_password_does_not_use_the_invitation_up(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    link = invite(sessions, office(cast), actor=cast.steward.actor, clock=clock)
    weak = AcceptInvitation(link.secret, "child protection")
    with pytest.raises(Invalid):
        accept_invitation(sessions, weak, clock=clock, passwords=CHEAP)
    order = replace(weak, password=PASSWORD)

    accepted = accept_invitation(sessions, order, clock=clock, passwords=CHEAP)

    assert accepted.state is AccountState.ACTIVE


def test_a_renewed_invitation_ends_the_one_before(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    first = invite(sessions, office(cast), actor=cast.steward.actor, clock=clock)
    with sessions.reading() as session:
        uid = next(
            view.uid
            for view in accounts_seen_by(session, cast.steward.actor)
            if view.handle == "cp"
        )
    renew_invitation(sessions, uid, actor=cast.steward.actor, clock=clock)

    with pytest.raises(Conflict):
        accept_invitation(
            sessions, AcceptInvitation(first.secret, PASSWORD), clock=clock, passwords=CHEAP
        )


def test_an_active_account_is_not_invited_again(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    with pytest.raises(Conflict):
        renew_invitation(sessions, cast.team.account.uid, actor=cast.steward.actor, clock=clock)


@pytest.mark.parametrize("handle", ["cp-mali", "donor"])
def test_a_handle_is_given_once(
    sessions: Sessions, cast: Cast, clock: FixedClock, handle: str
) -> None:
    with pytest.raises(Conflict):
        invite(sessions, office(cast, handle=handle), actor=cast.steward.actor, clock=clock)


def test_an_account_cannot_be_steward_and_sign(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = office(cast, grants=(*STEWARD, SIGNS))

    with pytest.raises(Invalid):
        invite(sessions, order, actor=cast.steward.actor, clock=clock)


def test_an_account_of_no_known_organisation_is_not_made(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = replace(office(cast), organisation_uid=UUID(int=1))

    with pytest.raises(NotFound):
        invite(sessions, order, actor=cast.steward.actor, clock=clock)


def test_changed_roles_hold_at_once_and_raise_the_version(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    grants = (Grant(Role.OBSERVER), Grant(Role.CO_CHAIR, country_iso3="MLI"))
    order = ChangeGrants(cast.team.account.uid, grants, 1)
    changed = change_grants(sessions, order, actor=cast.steward.actor, clock=clock)

    with sessions.reading() as session:
        assert actor_by_handle(session, "cp-mali").grants == grants
    assert changed.version == 2


def test_roles_seen_before_a_change_are_stale(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = ChangeGrants(cast.team.account.uid, (SIGNS,), 1)
    change_grants(sessions, order, actor=cast.steward.actor, clock=clock)

    with pytest.raises(Stale):
        change_grants(sessions, order, actor=cast.second_steward.actor, clock=clock)


def test_the_last_steward_is_not_closed(sessions: Sessions, cast: Cast, clock: FixedClock) -> None:
    first, second = cast.steward, cast.second_steward
    order = CloseAccount(first.account.uid, 1)
    close_account(sessions, order, actor=second.actor, clock=clock)

    with pytest.raises(Conflict):
        close_account(
            sessions, CloseAccount(second.account.uid, 1), actor=second.actor, clock=clock
        )


def test_the_last_steward_stays_steward(sessions: Sessions, cast: Cast, clock: FixedClock) -> None:
    first, second = cast.steward, cast.second_steward
    close_account(sessions, CloseAccount(first.account.uid, 1), actor=second.actor, clock=clock)
    order = ChangeGrants(second.account.uid, (Grant(Role.OBSERVER),), 1)

    with pytest.raises(Forbidden):
        change_grants(sessions, order, actor=second.actor, clock=clock)


def test_a_closed_account_is_invited_again_without_its_old_password(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    uid = cast.team.account.uid
    close_account(sessions, CloseAccount(uid, 1), actor=cast.steward.actor, clock=clock)
    renew_invitation(sessions, uid, actor=cast.steward.actor, clock=clock)

    with sessions.reading() as session:
        assert account_view(session, uid).state is AccountState.INVITED


def test_a_closed_account_does_not_act_from_the_command_line(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = CloseAccount(cast.team.account.uid, 1)
    close_account(sessions, order, actor=cast.steward.actor, clock=clock)

    with sessions.reading() as session, pytest.raises(Conflict):
        actor_by_handle(session, "cp-mali")


def test_the_first_steward_needs_no_steward(sessions: Sessions, clock: FixedClock) -> None:
    order = FirstSteward("Secretariat", "steward", "Steward", "steward@example.org")
    invite_first_steward(sessions, order, clock=clock)
    link = invite_first_steward(sessions, order, clock=clock)
    accept_invitation(
        sessions, AcceptInvitation(link.secret, PASSWORD), clock=clock, passwords=CHEAP
    )

    with sessions.reading() as session:
        assert actor_by_handle(session, "steward").grants == STEWARD
    with pytest.raises(Conflict):
        invite_first_steward(sessions, replace(order, handle="other"), clock=clock)


def test_the_people_page_shows_a_steward_all_and_others_themselves(
    sessions: Sessions, cast: Cast
) -> None:
    with sessions.reading() as session:
        seen = {
            part: [view.handle for view in accounts_seen_by(session, actor)]
            for part, actor in cast.actors().items()
        }

    assert seen == {
        "steward": ["cp-mali", "donor", "second-steward", "steward"],
        "team": ["cp-mali"],
        "outsider": ["donor"],
        "nobody": [],
    }


def test_the_trail_knows_of_an_invitation_and_not_of_its_secret(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    link = invite(sessions, office(cast), actor=cast.steward.actor, clock=clock)
    accept_invitation(
        sessions, AcceptInvitation(link.secret, PASSWORD), clock=clock, passwords=CHEAP
    )

    with sessions.reading() as session:
        found = entries(session, plan_uid=None, limit=10)
    assert {entry.action for entry in found} == {
        "people:account:invited",
        "people:account:accepted",
    }
    assert not any(text in repr(found) for text in (link.secret, PASSWORD, "argon2"))


def test_a_telephone_number_in_an_accounts_title_is_refused(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = replace(office(cast), title="Office +223 76 12 34 56")

    with pytest.raises(Invalid):
        invite(sessions, order, actor=cast.steward.actor, clock=clock)
