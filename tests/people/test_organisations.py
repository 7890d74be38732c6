"""Organisations: found by a permanent slug, renamed by one steward at a time."""

from dataclasses import replace

import pytest

from tests.people.conftest import Cast
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Invalid, Stale
from unbroken.people.commands.organisations import (
    NewOrganisation,
    RenameOrganisation,
    create_organisation,
    rename_organisation,
)
from unbroken.people.queries import organisation_by_slug, organisation_views
from unbroken.people.rules import OrganisationKind


def test_an_organisation_is_found_by_the_slug_of_its_name(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = NewOrganisation("Ministère de l'Éducation", OrganisationKind.AUTHORITY, None, "MLI")
    made = create_organisation(sessions, order, actor=cast.steward.actor, clock=clock)

    with sessions.reading() as session:
        assert organisation_by_slug(session, "ministere-de-leducation") == made


def test_a_second_organisation_of_the_same_name_gets_a_number(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = NewOrganisation("UNICEF Mali", OrganisationKind.AGENCY)
    made = create_organisation(sessions, order, actor=cast.steward.actor, clock=clock)

    assert made.slug == "unicef-mali-2"


def test_a_slug_asked_for_and_taken_is_refused(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = NewOrganisation("UNICEF", OrganisationKind.AGENCY, slug="unicef-mali")

    with pytest.raises(Conflict):
        create_organisation(sessions, order, actor=cast.steward.actor, clock=clock)


def test_a_name_without_latin_letters_asks_for_a_slug(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = NewOrganisation("وزارة التعليم", OrganisationKind.AUTHORITY)

    with pytest.raises(Invalid) as refusal:
        create_organisation(sessions, order, actor=cast.steward.actor, clock=clock)
    assert [problem.path for problem in refusal.value.problems] == ["slug"]


def test_a_renamed_organisation_keeps_its_slug(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = RenameOrganisation(cast.agency.uid, "UNICEF, Bamako office", 1)
    renamed = rename_organisation(sessions, order, actor=cast.steward.actor, clock=clock)

    assert (renamed.slug, renamed.name) == ("unicef-mali", "UNICEF, Bamako office")


def test_of_two_who_rename_at_once_the_second_is_told(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = RenameOrganisation(cast.agency.uid, "First", 1)
    rename_organisation(sessions, order, actor=cast.steward.actor, clock=clock)

    with pytest.raises(Stale):
        rename_organisation(
            sessions, replace(order, name="Second"), actor=cast.second_steward.actor, clock=clock
        )


def test_a_refused_organisation_leaves_nothing(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    with sessions.reading() as session:
        before = organisation_views(session)
    order = NewOrganisation("Agency", OrganisationKind.AGENCY, country_iso3="mali")
    with pytest.raises(Invalid):
        create_organisation(sessions, order, actor=cast.steward.actor, clock=clock)

    with sessions.reading() as session:
        assert organisation_views(session) == before


def test_a_telephone_number_in_an_organisations_name_is_refused(
    sessions: Sessions, cast: Cast, clock: FixedClock
) -> None:
    order = NewOrganisation("Office +223 76 12 34 56", OrganisationKind.NGO)

    with pytest.raises(Invalid):
        create_organisation(sessions, order, actor=cast.steward.actor, clock=clock)
