"""What a phone form proposes: once for each submission, replaced by edits, signed by no phone."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select

from tests.factories.capacities import TODAY
from tests.forms.desk import APPROVED, Desk, offer_all, submission
from unbroken.functions.rules import Dimension
from unbroken.kit.errors import Conflict, Invalid, Stale
from unbroken.people.rules import Actor
from unbroken.sources.models import PollOutcome
from unbroken.sources.ports import Silence, SubmissionPage, Unread, Validation
from unbroken.sources.queries import form_sources, sources_due
from unbroken.trail.models import Entry
from unbroken.transfers.commands.changing import StateQuantity, state_quantity
from unbroken.transfers.commands.deciding import (
    Acceptance,
    Refusal,
    accept_proposal,
    refuse_proposal,
)
from unbroken.transfers.commands.polling import Connectors, poll
from unbroken.transfers.queries.proposals import (
    ProposalView,
    open_proposals,
    shown_in_form,
)
from unbroken.transfers.rules.proposals import (
    NotApproved,
    OfferChanged,
    ProposalState,
)
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


def test_a_submission_proposes_exactly_once_however_often_it_is_read(
    desk: Desk, posts: UUID
) -> None:
    desk.scripted.hold(submission(desk.answers(posts)))
    counts = [desk.pull().counts for _ in range(3)]

    assert [1, 0, 0] == [each.added for each in counts]
    assert [OPEN] == [row.state for row in desk.proposals()]
    assert CapacityState.OFFERED is desk.scene.capacity(posts).state


def test_an_approved_proposal_becomes_a_receipt_by_a_named_person(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission(desk.answers(posts, "confirm_part", quantity="4")))
    desk.pull()
    _accept(desk)
    (row,) = desk.proposals()
    receipt = desk.scene.receipts(posts)[-1]

    assert (Act.CONFIRM_PART, 4) == (receipt.act, receipt.quantity)
    assert desk.scene.receiver.account_uid == receipt.account_uid == row.decided_by_uid
    assert (ACCEPTED, receipt.uid) == (row.state, row.receipt_uid)
    assert CapacityState.CONFIRMED is desk.scene.capacity(posts).state


def test_parts_come_back_as_keys(desk: Desk) -> None:
    skills = offer_all(desk.scene)[Dimension.SKILLS]
    chosen = f"{skills}--use {skills}--abduction"
    desk.scripted.hold(submission(desk.answers(skills, "confirm_part", parts=chosen)))
    desk.pull()
    _accept(desk)

    assert ["abduction", "use"] == desk.scene.receipts(skills)[-1].parts


def test_nothing_received_is_a_dispute(desk: Desk, posts: UUID) -> None:
    answers = desk.answers(posts, "received_nothing", reason="No post was ever handed over.")
    desk.scripted.hold(submission(answers))
    desk.pull()
    _accept(desk)

    assert CapacityState.DISPUTED is desk.scene.capacity(posts).state


def test_an_edit_replaces_what_is_open_and_is_told(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission(desk.answers(posts, "confirm_part", quantity="4")))
    desk.pull()
    desk.scripted.hold(submission(desk.answers(posts, "confirm_part", quantity="6")))
    done = desk.pull()
    (row,) = desk.proposals()

    assert (1, 6, OPEN) == (done.counts.edited, row.quantity, row.state)
    assert row.edited_at is not None


def test_an_edit_after_acceptance_leaves_the_receipt_and_opens_another_proposal(
    desk: Desk, posts: UUID
) -> None:
    desk.scripted.hold(submission(desk.answers(posts)))
    desk.pull()
    _accept(desk)
    before = desk.scene.receipts(posts)
    desk.scripted.hold(submission(desk.answers(posts, "dispute", reason="It never came.")))
    desk.pull()
    desk.pull()
    (shown,) = _inbox(desk)

    assert [ACCEPTED, OPEN] == [row.state for row in desk.proposals()]
    assert ACCEPTED is shown.after
    assert [each.uid for each in before] == [each.uid for each in desk.scene.receipts(posts)]


def test_an_edit_back_to_what_was_accepted_supersedes_the_later_proposal(
    desk: Desk, posts: UUID
) -> None:
    accepted = submission(desk.answers(posts))
    other = submission(desk.answers(posts, "dispute", reason="It never came."))
    desk.scripted.hold(accepted)
    desk.pull()
    _accept(desk)
    for each in (other, accepted, accepted):
        desk.scripted.hold(each)
        desk.pull()

    assert [ACCEPTED, ProposalState.SUPERSEDED] == [row.state for row in desk.proposals()]
    assert () == _inbox(desk)


def test_three_versions_of_the_form_give_one_answer(desk: Desk, posts: UUID) -> None:
    answers = desk.answers(posts)
    for version in ("v1", "v2", "v3"):
        told = submission({**answers, "unbroken_version": version})
        desk.scripted.hold(replace(told, form_version=version))
        desk.pull()

    assert 1 == len(desk.proposals())
    assert desk.proposals()[0].edited_at is None


@pytest.mark.parametrize(
    "validation", [Validation.WAITING, Validation.REJECTED, Validation.WITHDRAWN]
)
def test_what_is_not_approved_is_shown_and_not_accepted(
    desk: Desk, posts: UUID, validation: Validation
) -> None:
    desk.scripted.hold(submission(desk.answers(posts), validation=validation))
    desk.pull()

    with pytest.raises(NotApproved):
        _accept(desk)
    assert CapacityState.OFFERED is desk.scene.capacity(posts).state
    assert (validation is Validation.WAITING) is bool(_inbox(desk))


def test_an_approval_that_comes_later_opens_the_way(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission(desk.answers(posts), validation=Validation.WAITING))
    desk.pull()
    desk.scripted.hold(submission(desk.answers(posts)))
    done = desk.pull()
    _accept(desk)

    assert (0, 0, 1) == (done.counts.added, done.counts.edited, done.counts.restated)


def test_an_offer_that_changed_since_the_form_was_made_is_not_accepted(
    desk: Desk, posts: UUID
) -> None:
    desk.scripted.hold(submission(desk.answers(posts)))
    desk.pull()
    less = StateQuantity(capacity_uid=posts, quantity=7)
    state_quantity(desk.sessions, less, actor=desk.scene.planner, clock=desk.scene.clock)
    (shown,) = _inbox(desk)
    with desk.sessions.reading() as session:
        in_form = shown_in_form(session, shown.uid)

    with pytest.raises(OfferChanged):
        _accept(desk)
    assert (True, False, 7) == (shown.offer_changed, shown.may_accept, shown.capacity.quantity)
    assert in_form is not None
    assert 10 == in_form.quantity


def test_a_form_that_did_not_say_what_it_showed_is_not_accepted(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission({**desk.answers(posts), "unbroken_content": "x' or '1'='1"}))
    desk.pull()

    with pytest.raises(OfferChanged):
        _accept(desk)
    assert "" == desk.proposals()[0].seen_hash


def test_a_proposal_that_changed_since_it_was_read_is_not_accepted(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission(desk.answers(posts)))
    desk.pull()
    read = desk.proposals()[0]
    desk.scripted.hold(submission(desk.answers(posts, "decline", reason="No money.")))
    desk.pull()
    order = Acceptance(proposal_uid=read.uid, version_seen=read.version)

    with pytest.raises(Stale):
        accept_proposal(desk.sessions, order, actor=desk.scene.receiver, clock=desk.scene.clock)
    assert CapacityState.OFFERED is desk.scene.capacity(posts).state


def test_a_reason_that_points_at_somebody_is_not_kept(desk: Desk, posts: UUID) -> None:
    told = "Ask on +223 70 00 99 99 about it"
    desk.scripted.hold(submission(desk.answers(posts, "decline", reason=told)))
    done = desk.pull()
    (row,) = desk.proposals()

    assert (1, "", True) == (done.counts.added, row.reason, row.reason_left_out)
    with pytest.raises(Invalid):
        _accept(desk)
    _accept(desk, reason="No money for posts.")
    assert "No money for posts." == desk.scene.receipts(posts)[-1].reason


def test_an_unknown_role_is_not_kept(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission({**desk.answers(posts), "unbroken_role": "Ximena"}))
    desk.pull()

    assert desk.proposals()[0].role is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"unbroken_answer": ""}, "no-answer"),
        ({"unbroken_answer": "offer"}, "unknown-answer"),
        ({"unbroken_offer": ""}, "no-offer"),
        ({"unbroken_offer": "not-a-uuid"}, "unknown-offer"),
        ({"unbroken_offer": "0198c0ff-ee00-4000-8000-0000000000ab"}, "unknown-offer"),
        ({"unbroken_answer": "confirm_part", "unbroken_quantity": "four"}, "not-a-quantity"),
        ({"unbroken_answer": "confirm_part", "unbroken_quantity": "-4"}, "not-a-quantity"),
        ({"unbroken_answer": "confirm_part", "unbroken_quantity": "9" * 40}, "not-a-quantity"),
        ({"unbroken_answer": "confirm_part", "unbroken_quantity": "٤"}, "not-a-quantity"),
        ({"unbroken_answer": "confirm_part", "unbroken_parts": "use"}, "not-a-part"),
        ({"unbroken_answer": "confirm_part", "unbroken_parts": "{offer}--Ximena"}, "not-a-part"),
        ({"unbroken_answer": "confirm_part", "unbroken_parts": "{offer}--\x00"}, "not-a-part"),
        ({"unbroken_answer": "\ud800"}, "unknown-answer"),
        ({"unbroken_answer": "ask_time", "unbroken_until": "soon"}, "not-a-day"),
    ],
)
def test_what_cannot_be_used_is_counted_and_keeps_the_others_out_of_nothing(
    desk: Desk, posts: UUID, change: dict[str, str], why: str
) -> None:
    said = {name: text.replace("{offer}", str(posts)) for name, text in change.items()}
    bad = {name: text for name, text in {**desk.answers(posts), **said}.items() if text}
    desk.scripted.hold(submission(bad, "1"), submission(desk.answers(posts), "2"))
    done = desk.pull()

    assert (Unread("1", why),) == done.counts.unread
    assert ["2"] == [row.submission for row in desk.proposals()]


def test_a_restricted_function_never_comes_in_by_phone(desk: Desk) -> None:
    restricted = desk.scene.offered("MRM-VER")
    desk.scripted.hold(submission(desk.answers(restricted)))
    done = desk.pull()

    assert (Unread("1", "restricted"),) == done.counts.unread
    assert [] == desk.proposals()


def test_what_is_deleted_there_is_withdrawn_here_while_it_is_open(desk: Desk, posts: UUID) -> None:
    one, two = (submission(desk.answers(posts), name) for name in ("1", "2"))
    desk.scripted.hold(one, two)
    desk.pull()
    _accept(desk, at=0)
    desk.scripted.hold()
    done = desk.pull()
    first, second = desk.proposals()

    assert 1 == done.counts.withdrawn
    assert (ACCEPTED, APPROVED) == (first.state, first.validation)
    assert (OPEN, Validation.WITHDRAWN) == (second.state, second.validation)
    assert () == _inbox(desk)


def test_what_comes_back_there_comes_back_here(desk: Desk, posts: UUID) -> None:
    for held in ([submission(desk.answers(posts))], [], [submission(desk.answers(posts))]):
        desk.scripted.hold(*held)
        desk.pull()

    assert [APPROVED] == [row.validation for row in desk.proposals()]
    assert 1 == len(_inbox(desk))


def test_a_broken_reading_withdraws_nothing_and_is_told_as_silent(desk: Desk, posts: UUID) -> None:
    one, two = (submission(desk.answers(posts), name) for name in ("1", "2"))
    desk.scripted.hold(one)
    desk.pull()
    desk.scripted.told = [SubmissionPage((two,), (), 2)]
    desk.scripted.breaks_with = Silence.TRUNCATED
    broken = desk.pull()
    with desk.sessions.reading() as session:
        (silent,) = form_sources(session)
        due = sources_due(session)
    states = [row.validation for row in desk.proposals()]
    desk.scripted.breaks_with = None
    desk.scripted.hold(one, two)
    healed = desk.pull()
    with desk.sessions.reading() as session:
        (well,) = form_sources(session)

    assert (PollOutcome.SILENT, "truncated", False) == (
        broken.outcome,
        broken.reason,
        broken.is_whole,
    )
    assert [APPROVED, APPROVED] == states
    assert ("truncated", True) == (silent.silent_reason, silent.silent_since is not None)
    assert () == due
    assert (PollOutcome.DONE, 2, "") == (healed.outcome, healed.counts.read, well.silent_reason)
    assert 2 == len(desk.proposals())


def test_without_its_connector_or_its_secret_a_source_is_silent(desk: Desk) -> None:
    clock, uid = desk.scene.clock, desk.source.uid
    ways = (Connectors({}, lambda _: "x"), Connectors({"kobo": desk.scripted}, lambda _: ""))
    told = [poll(desk.sessions, uid, connectors=way, clock=clock).reason for way in ways]

    assert ["no-connector", "no-secret"] == told


def test_two_do_not_read_one_source_at_once(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission(desk.answers(posts)))

    class Nested:
        def pages(self, address: object) -> object:
            with pytest.raises(Conflict):
                desk.pull()
            return desk.scripted.pages(address)  # type: ignore[arg-type]

    done = desk.pull(Nested())  # type: ignore[arg-type]

    assert 1 == done.counts.added


def test_every_step_leaves_its_entry_in_the_trail(desk: Desk, posts: UUID) -> None:
    desk.scripted.hold(submission(desk.answers(posts)))
    desk.pull()
    desk.scripted.hold(submission(desk.answers(posts, "decline", reason="No money.")))
    desk.pull()
    _accept(desk)
    with desk.sessions.reading() as session:
        told = session.exec(select(Entry.action).order_by(col(Entry.id))).all()
    ours = [each.rpartition(":")[2] for each in told if ":proposal:" in each]

    assert ["received", "edited", "accepted"] == ours


def test_more_time_is_asked_until_the_day_named(desk: Desk, posts: UUID) -> None:
    until = TODAY + timedelta(days=20)
    desk.scripted.hold(submission(desk.answers(posts, "ask_time", until=until.isoformat())))
    desk.pull()
    _accept(desk)

    assert until == desk.scene.capacity(posts).extended_to_on
    assert isinstance(until, date)
