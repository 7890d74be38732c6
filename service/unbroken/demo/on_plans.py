"""Plays what happens to people and plans, by the ordinary commands."""

from uuid import UUID

from unbroken.demo.deeds import Bring, Complete, Make, Open
from unbroken.demo.stage import Stage
from unbroken.demo.words import SampleAccount, SampleOrganisation, Transition
from unbroken.people.commands.invitations import NewAccount, create_account_in
from unbroken.people.commands.organisations import NewOrganisation, create_organisation_in
from unbroken.people.commands.trails import people_trail
from unbroken.people.queries.registers import organisation_by_slug
from unbroken.people.rules import AccountState, Grant
from unbroken.plans.commands import (
    BringIntoForce,
    ChangeState,
    DraftRevision,
    NewDecision,
    OpenPlan,
    bring_into_force,
    complete_plan,
    draft_revision,
    open_plan,
)
from unbroken.plans.models import DecisionKind

MOST_SOURCES = 280
NOTE = "Dates and decisions are cited; receivers, capacities, posts and answers are illustrative."


def make(deed: Make, stage: Stage) -> None:
    """Make an organisation, or an account that can sign in at once."""
    actor = stage.actor()
    with stage.sessions.begin() as session:
        record = people_trail(session, actor, stage.at)
        match deed.what:
            case SampleOrganisation() as made:
                order = NewOrganisation(made.name, made.kind, made.slug, made.country)
                create_organisation_in(session, order, record=record)
            case SampleAccount() as made:
                organisation = organisation_by_slug(session, made.organisation)
                create_account_in(
                    session,
                    _account(made, organisation.uid),
                    record=record,
                    state=AccountState.ACTIVE,
                )


def _account(made: SampleAccount, organisation_uid: UUID) -> NewAccount:
    return NewAccount(
        handle=made.handle,
        title=made.title,
        mailbox=f"{made.handle}@example.org",
        organisation_uid=organisation_uid,
        grants=(Grant(made.role, made.signing),),
    )


def open_it(deed: Open, stage: Stage) -> None:
    """Open a plan with its trigger; what it will hold is marked illustrative."""
    order = _opening(deed.transition, edition=stage.edition.name)
    open_plan(stage.sessions, order, actor=stage.actor(), clock=stage.clock)


def _opening(transition: Transition, *, edition: str) -> OpenPlan:
    return OpenPlan(
        mission=transition.mission_slug,
        title=transition.document.title,
        trigger=NewDecision(
            kind=DecisionKind.RESOLUTION,
            symbol=transition.decision,
            decided_on=transition.decided_on,
            source=transition.sources[:MOST_SOURCES],
        ),
        mandate_ends_on=transition.mandate_ends_on,
        edition=edition,
        scope=transition.scope,
        slug=transition.plan,
        transfer_ends_on=transition.transfer_ends_on,
        time_zone=transition.document.time_zone,
        illustrative=True,
        note=NOTE,
    )


def bring(deed: Bring, stage: Stage) -> None:
    """Draft a revision and bring it into force the same day."""
    actor = stage.actor()
    order = DraftRevision(deed.plan, deed.phases, deed.title, deed.reason)
    draft = draft_revision(stage.sessions, order, actor=actor, clock=stage.clock)
    force = BringIntoForce(deed.plan, draft.uid, draft.version)
    bring_into_force(stage.sessions, force, actor=actor, clock=stage.clock)


def complete(deed: Complete, stage: Stage) -> None:
    """Complete a plan."""
    order = ChangeState(deed.plan, None, "The checks after twelve months are over.")
    complete_plan(stage.sessions, order, actor=stage.actor(), clock=stage.clock)
