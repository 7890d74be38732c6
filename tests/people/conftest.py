"""A steward, an office on the team and one that must be kept out, in one database."""

from dataclasses import dataclass

import pytest

from tests.factories.people import STEWARD, Known, make_account, make_organisation
from unbroken.kit.db import Sessions
from unbroken.people.models import Organisation
from unbroken.people.rules import NOBODY, Actor, Grant, Role, Signing


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in these tests."""

    agency: Organisation
    steward: Known
    second_steward: Known
    team: Known
    outsider: Known

    def actors(self) -> dict[str, Actor]:
        """Return every actor by the part it plays."""
        return {
            "steward": self.steward.actor,
            "team": self.team.actor,
            "outsider": self.outsider.actor,
            "nobody": NOBODY,
        }


@pytest.fixture
def cast(sessions: Sessions) -> Cast:
    with sessions.begin() as session:
        agency = make_organisation(session, name="UNICEF Mali", country_iso3="MLI")
        signs = Grant(Role.COUNTRY_TEAM, Signing.SIGNS, "MLI")
        return Cast(
            agency=agency,
            steward=make_account(session, handle="steward", grants=STEWARD),
            second_steward=make_account(session, handle="second-steward", grants=STEWARD),
            team=make_account(session, handle="cp-mali", grants=(signs,), organisation=agency),
            outsider=make_account(session, handle="donor", grants=(Grant(Role.DONOR),)),
        )
