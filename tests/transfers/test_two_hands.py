"""What needs a second signature, who may give it, and what everybody may do."""

from dataclasses import replace

import pytest

from tests.factories.capacities import (
    ATTESTER,
    BYSTANDER,
    CO_CHAIR,
    COLLEAGUE,
    CUSTODIAN,
    DUAL,
    FIELD,
    NOBODY,
    PLANNER,
    RECEIVER,
    STEWARD,
    TODAY,
    view,
)
from tests.transfers.wording import AUTHORITY, ENDING, PAPER, WHY, order, waiting
from unbroken.functions.rules import Dimension
from unbroken.kit.errors import Refused
from unbroken.transfers.rules import refusals as no
from unbroken.transfers.rules.lifecycle import decide, may
from unbroken.transfers.rules.permits import pending_countersigners
from unbroken.transfers.rules.views import (
    ActOrder,
    CapacityView,
    Ground,
    Portion,
    Side,
    Signer,
)
from unbroken.transfers.rules.words import Act
from unbroken.transfers.rules.words import CapacityState as S

TWO_HANDS = [
    # tier, who signs what, who must countersign
    (1, DUAL, order(Act.CONFIRM), {Side.CO_CHAIR}),
    (4, DUAL, order(Act.CONFIRM_PART, quantity=3), {Side.CO_CHAIR}),
    (1, PLANNER, order(Act.WITHDRAW), {Side.RECEIVER, Side.CO_CHAIR}),
    (2, PLANNER, order(Act.END, **ENDING), {Side.RECEIVER, Side.CO_CHAIR}),
    (1, RECEIVER, order(Act.END, **ENDING), {Side.CO_CHAIR}),
    (1, DUAL, order(Act.WITHDRAW), {Side.CO_CHAIR}),
    (1, CO_CHAIR, order(Act.END, **ENDING), {Side.RECEIVER, Side.CO_CHAIR}),
    (3, PLANNER, order(Act.NOT_APPLICABLE, **WHY), {Side.RECEIVER, Side.CO_CHAIR}),
    (4, RECEIVER, order(Act.NOT_APPLICABLE, **WHY), {Side.CO_CHAIR}),
    (3, PLANNER, order(Act.WITHDRAW), set()),
    (4, PLANNER, order(Act.END, **ENDING), set()),
    (1, DUAL, order(Act.DECLINE, **WHY), set()),
]


@pytest.mark.parametrize(("tier", "by", "act", "second"), TWO_HANDS)
def test_what_needs_a_second_signature_waits_for_it(
    tier: int, by: Signer, act: ActOrder, second: set[Side]
) -> None:
    decision = decide(view(tier=tier), act, by, on=TODAY)

    assert (second, bool(second)) == (set(decision.countersigners), decision.state is S.OFFERED)


def test_a_dispute_ended_by_the_co_chair_waits_for_the_receiver_in_upper_tiers() -> None:
    decision = decide(view(S.DISPUTED), order(Act.RESOLVE, **ENDING), CO_CHAIR, on=TODAY)

    assert {Side.RECEIVER, Side.CO_CHAIR} == decision.countersigners


def test_a_dispute_ended_in_lower_tiers_is_ended() -> None:
    decision = decide(view(S.DISPUTED, tier=3), order(Act.RESOLVE, **ENDING), CO_CHAIR, on=TODAY)

    assert decision.state is S.ENDED


def test_archived_data_end_only_with_the_co_chair() -> None:
    data = view(S.PLANNED, dimension=Dimension.DATA, tier=4)
    act = order(Act.END, **{**ENDING, "ground": Ground.ARCHIVED_OR_DESTROYED})

    assert {Side.CO_CHAIR} == decide(data, act, PLANNER, on=TODAY).countersigners


def test_what_an_authority_is_attested_to_have_signed_is_amber_at_once() -> None:
    act = order(Act.ATTEST, **PAPER)
    decision = decide(view(receiver_kind=AUTHORITY), act, ATTESTER, on=TODAY)

    assert (S.ATTESTED, {Side.CO_CHAIR}) == (decision.state, set(decision.countersigners))


def test_a_failed_check_needs_no_second_hand() -> None:
    act = order(Act.CHECK, months=3, passed=False, **WHY)

    assert decide(view(S.CONFIRMED), act, DUAL, on=TODAY).state is S.LAPSED


COUNTERSIGNED = [
    (waiting(Act.CONFIRM, by=DUAL), CO_CHAIR, S.CONFIRMED),
    (waiting(Act.WITHDRAW, by=PLANNER), RECEIVER, S.WITHDRAWN),
    (waiting(Act.WITHDRAW, by=PLANNER), CO_CHAIR, S.WITHDRAWN),
    (waiting(Act.END, by=RECEIVER, words=ENDING), CO_CHAIR, S.ENDED),
    (waiting(Act.NOT_APPLICABLE, by=PLANNER, words=WHY), COLLEAGUE, S.NOT_APPLICABLE),
    (waiting(Act.ATTEST, by=ATTESTER, words=PAPER, receiver_kind=AUTHORITY), CO_CHAIR, S.CONFIRMED),
]


@pytest.mark.parametrize(("capacity", "by", "after"), COUNTERSIGNED)
def test_a_countersigned_act_holds(capacity: CapacityView, by: Signer, after: S) -> None:
    decision = decide(capacity, order(Act.COUNTERSIGN), by, on=TODAY)

    assert (after, False) == (decision.state, decision.needs_countersignature)


DUAL_CO_CHAIR = Signer(account_uid=DUAL.account_uid, co_chair=True)
GIVING_CO_CHAIR = Signer(account_uid=CO_CHAIR.account_uid, co_chair=True, giver=True)
NOT_COUNTERSIGNED = [
    (no.SameHand, waiting(Act.CONFIRM, by=DUAL), DUAL_CO_CHAIR),
    (no.NotYours, waiting(Act.CONFIRM, by=DUAL), COLLEAGUE),
    (no.NotYours, waiting(Act.CONFIRM, by=DUAL), BYSTANDER),
    (no.NotYours, waiting(Act.END, by=RECEIVER, words=ENDING), COLLEAGUE),
    (no.NotIndependent, waiting(Act.WITHDRAW, by=PLANNER), DUAL),
    (no.NotIndependent, waiting(Act.CONFIRM, by=DUAL), GIVING_CO_CHAIR),
    (no.OwnOffer, waiting(Act.CONFIRM, by=DUAL, offered_by_uid=CO_CHAIR.account_uid), CO_CHAIR),
    (no.PendingChanged, waiting(Act.CONFIRM, by=DUAL, still_fits=False), CO_CHAIR),
    (no.NeverSigns, waiting(Act.CONFIRM, by=DUAL), STEWARD),
]


@pytest.mark.parametrize(("why", "capacity", "by"), NOT_COUNTERSIGNED)
def test_nobody_alone_stands_for_both_sides(
    why: type[Refused], capacity: CapacityView, by: Signer
) -> None:
    with pytest.raises(Refused) as refusal:
        decide(capacity, order(Act.COUNTERSIGN), by, on=TODAY)

    assert why is type(refusal.value)


@pytest.mark.parametrize("by", [PLANNER, RECEIVER, CO_CHAIR])
def test_a_waiting_act_can_be_refused_or_taken_back(by: Signer) -> None:
    capacity = waiting(Act.WITHDRAW, by=PLANNER)

    decision = decide(capacity, order(Act.REFUSE_COUNTERSIGN, **WHY), by, on=TODAY)

    assert (S.OFFERED, False) == (decision.state, decision.needs_countersignature)


def test_a_refused_attestation_is_offered_again() -> None:
    capacity = waiting(Act.ATTEST, by=ATTESTER, words=PAPER, receiver_kind=AUTHORITY)

    decision = decide(capacity, order(Act.REFUSE_COUNTERSIGN, **WHY), CO_CHAIR, on=TODAY)

    assert decision.state is S.OFFERED


def test_a_bystander_refuses_nothing() -> None:
    with pytest.raises(no.NotYours):
        decide(
            waiting(Act.WITHDRAW, by=PLANNER),
            order(Act.REFUSE_COUNTERSIGN, **WHY),
            BYSTANDER,
            on=TODAY,
        )


def test_nothing_else_happens_while_an_act_waits() -> None:
    with pytest.raises(no.WaitsForCountersignature):
        decide(waiting(Act.WITHDRAW, by=PLANNER), order(Act.CONFIRM), RECEIVER, on=TODAY)


MAY = [
    (view(S.NOT_STARTED), PLANNER, {Act.PLAN, Act.OFFER, Act.END, Act.NOT_APPLICABLE}),
    (view(S.OFFERED), FIELD, {Act.RECOMMEND, Act.DISPUTE, Act.ASK_TIME}),
    (view(S.OFFERED), BYSTANDER, set[Act]()),
    (view(S.OFFERED), NOBODY, set[Act]()),
    (
        view(S.OFFERED, portion=Portion(1)),
        RECEIVER,
        {
            *(Act.RECOMMEND, Act.CONFIRM, Act.CONFIRM_PART, Act.CONFIRM_ON_CONDITION),
            *(Act.DECLINE, Act.DISPUTE, Act.ASK_TIME, Act.END, Act.NOT_APPLICABLE),
        },
    ),
    (view(S.DISPUTED), CO_CHAIR, {Act.RESOLVE, Act.END, Act.NOT_APPLICABLE}),
    (waiting(Act.WITHDRAW, by=PLANNER), CO_CHAIR, {Act.COUNTERSIGN, Act.REFUSE_COUNTERSIGN}),
    (
        view(S.CONFIRMED, checks_passed=frozenset({3, 6, 12})),
        CUSTODIAN,
        {Act.LAPSE, Act.END},
    ),
    (view(portion=Portion(parts=("a", "b"))), DUAL, {Act.CONFIRM_PART}),
]


@pytest.mark.parametrize(("capacity", "by", "acts"), MAY)
def test_everybody_is_shown_the_acts_that_are_theirs(
    capacity: CapacityView, by: Signer, acts: set[Act]
) -> None:
    found = set(may(capacity, by, on=TODAY))

    assert acts == (found & acts if Act.CONFIRM_PART in acts else found)


@pytest.mark.parametrize(
    ("by", "second"),
    [(PLANNER, {Side.RECEIVER, Side.CO_CHAIR}), (RECEIVER, {Side.CO_CHAIR})],
)
def test_what_waits_still_waits_for_somebody_once_its_tier_has_fallen(
    by: Signer, second: set[Side]
) -> None:
    before = waiting(Act.END, by=by)
    assert before.pending is not None

    assert second == pending_countersigners(replace(before, tier=3), before.pending)
