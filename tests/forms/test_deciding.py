"""Who sees, accepts and refuses what a phone form proposes: the receiving organisation alone."""

from dataclasses import replace
from uuid import UUID

import pytest

from tests.factories.capacities import TODAY
from tests.forms.desk import Desk, offer_all, submission
from unbroken.functions.rules import Dimension
from unbroken.kit.errors import Forbidden, Invalid, NotFound, SignInNeeded
from unbroken.people.rules import NOBODY, Actor
from unbroken.transfers.commands import SignOrder
from unbroken.transfers.commands.deciding import (
    Acceptance,
    Refusal,
    accept_proposal,
    refuse_proposal,
)
from unbroken.transfers.queries.proposals import (
    ProposalView,
    open_proposals,
    proposal_view,
)
from unbroken.transfers.rules.proposals import (
    DecidedBefore,
    ProposalState,
)
from unbroken.transfers.rules.refusals import NotOffered, OwnOffer
from unbroken.transfers.rules.words import Act, CapacityState

OPEN, ACCEPTED = ProposalState.OPEN, ProposalState.ACCEPTED


@pytest.fixture
def posts(desk: Desk) -> UUID:
    return offer_all(desk.scene)[Dimension.POSTS]


def _accept(desk: Desk, actor: Actor | None = None, *, at: int = -1, reason: str = "") -> None:
    row = desk.proposals()[at]
    order = Acceptance(proposal_uid=row.uid, version_seen=row.version, reason=reason)
    by = actor or desk.scene.receiver
    accept_proposal(desk.sessions, order, actor=by, clock=desk.scene.clock)


def _refuse(desk: Desk, actor: Actor | None = None, *, reason: str = "Not what we said.") -> None:
    order = Refusal(proposal_uid=desk.proposals()[-1].uid, reason=reason)
    by = actor or desk.scene.receiver
    refuse_proposal(desk.sessions, order, actor=by, clock=desk.scene.clock)


def _inbox(desk: Desk, actor: Actor | None = None) -> tuple[ProposalView, ...]:
    by = actor or desk.scene.receiver
    with desk.sessions.reading() as session:
        return open_proposals(session, actor=by, on=TODAY).items


def test_only_who_signs_for_the_receiver_accepts(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission(desk.answers(posts)))
    desk.pull()
    scene = desk.scene

    with pytest.raises(Forbidden):
        _accept(desk, scene.field)
    for outsider in (scene.planner, scene.attester, scene.co_chair, scene.donor, scene.observer):
        with pytest.raises(NotFound):
            _accept(desk, outsider)
    with pytest.raises(SignInNeeded):
        _accept(desk, NOBODY)
    assert [OPEN] == [row.state for row in desk.proposals()]


def test_an_organisation_sees_its_own_proposals_only(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission(desk.answers(posts)))
    desk.pull()
    (mine,) = _inbox(desk)
    scene = desk.scene

    for other in (scene.planner, scene.attester, scene.co_chair, scene.observer, scene.steward):
        assert () == _inbox(desk, other)
        with desk.sessions.reading() as session, pytest.raises(NotFound):
            proposal_view(session, mine.uid, actor=other, on=TODAY)
    assert (True, True) == (mine.may_accept, mine.may_refuse)
    (of_field,) = _inbox(desk, scene.field)
    assert (False, True) == (of_field.may_accept, of_field.may_refuse)


def test_nobody_answers_their_own_offer_by_phone_either(desk: Desk, posts: UUID) -> None:
    offered_by = desk.scene.capacity(posts).offered_by_uid
    dual = replace(desk.scene.dual, account_uid=offered_by)
    desk.scripted.hold(submission(desk.answers(posts)))
    desk.pull()

    with pytest.raises(OwnOffer):
        _accept(desk, dual)
    assert [OPEN] == [row.state for row in desk.proposals()]


def test_an_offer_answered_meanwhile_is_not_answered_again(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission(desk.answers(posts)))
    desk.pull()
    desk.scene.act(desk.scene.receiver, SignOrder(act=Act.CONFIRM, capacity_uid=posts))

    with pytest.raises(NotOffered):
        _accept(desk)
    assert [OPEN] == [row.state for row in desk.proposals()]


def test_a_proposal_is_decided_once(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission(desk.answers(posts)))
    desk.pull()
    _refuse(desk)

    with pytest.raises(DecidedBefore):
        _accept(desk)
    with pytest.raises(DecidedBefore):
        _refuse(desk)
    assert CapacityState.OFFERED is desk.scene.capacity(posts).state


def test_a_refusal_needs_a_reason_that_names_nobody(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission(desk.answers(posts)))
    desk.pull()

    for reason in ("", "   ", "Call +223 70 00 99 99"):
        with pytest.raises(Invalid):
            _refuse(desk, reason=reason)
    _refuse(desk, desk.scene.field)
    assert "Not what we said." == desk.proposals()[0].refusal_reason
