"""The life of a capacity as tables: who may do what from where, and what follows."""

from datetime import date, timedelta

import pytest

from tests.factories.transfers import (
    ATTESTER,
    BYSTANDER,
    CO_CHAIR,
    COLLEAGUE,
    CUSTODIAN,
    DUAL,
    FIELD,
    LAST_DAY,
    NOBODY,
    PLANNER,
    RECEIVER,
    RULES,
    STEWARD,
    TODAY,
    view,
)
from unbroken.functions.rules import Dimension
from unbroken.kit.errors import Refused, SignInNeeded
from unbroken.people.rules import OrganisationKind
from unbroken.transfers.rules import refusals as no
from unbroken.transfers.rules.lifecycle import FROM, decide, may
from unbroken.transfers.rules.permits import PERMITTED
from unbroken.transfers.rules.views import (
    ActOrder,
    CapacityView,
    Ground,
    Pending,
    Portion,
    Side,
    Signer,
)
from unbroken.transfers.rules.words import Act, TransferKind
from unbroken.transfers.rules.words import CapacityState as S

AUTHORITY = OrganisationKind.AUTHORITY
AFTER = LAST_DAY + timedelta(days=1)
SOON = TODAY + timedelta(days=20)
PAPER: dict[str, object] = {
    "instrument": "Letter 12",
    "instrument_on": TODAY,
    "authority": "Ministry of Education",
}
WHY: dict[str, object] = {"reason": "No one can reach it."}
ENDING: dict[str, object] = {**PAPER, **WHY, "ground": Ground.DECISION}


def order(act: Act, **words: object) -> ActOrder:
    return ActOrder(act=act, **words)  # type: ignore[arg-type]


def waiting(
    act: Act,
    *,
    by: Signer,
    state: S = S.OFFERED,
    words: dict[str, object] | None = None,
    **rest: object,
) -> CapacityView:
    """Return a capacity on which ``act``, signed by ``by``, waits for its countersignature."""
    pending = Pending(
        uid=view().uid,
        order=order(act, **(words or {})),
        account_uid=by.account_uid,
        by_receiver=by.of_receiver,
        state_before=state,
        fits=bool(rest.pop("still_fits", True)),
    )
    return view(S.ATTESTED if act is Act.ATTEST else state, pending=pending, **rest)


FOLLOWS = [
    # from, who signs what, to
    (S.NOT_STARTED, PLANNER, order(Act.PLAN), S.PLANNED),
    (S.NOT_STARTED, PLANNER, order(Act.OFFER), S.OFFERED),
    (S.PLANNED, PLANNER, order(Act.OFFER, quantity=12), S.OFFERED),
    (S.DECLINED, PLANNER, order(Act.OFFER), S.OFFERED),
    (S.DISPUTED, PLANNER, order(Act.OFFER), S.OFFERED),
    (S.LAPSED, PLANNER, order(Act.PLAN), S.PLANNED),
    (S.NOT_APPLICABLE, PLANNER, order(Act.PLAN), S.PLANNED),
    (S.OFFERED, FIELD, order(Act.RECOMMEND), S.RECOMMENDED),
    (S.OFFERED, RECEIVER, order(Act.RECOMMEND), S.RECOMMENDED),
    (S.OFFERED, RECEIVER, order(Act.CONFIRM), S.CONFIRMED),
    (S.OFFERED, RECEIVER, order(Act.CONFIRM, quantity=10), S.CONFIRMED),
    (S.RECOMMENDED, RECEIVER, order(Act.CONFIRM), S.CONFIRMED),
    (S.TIME_ASKED, RECEIVER, order(Act.CONFIRM), S.CONFIRMED),
    (S.OFFERED, RECEIVER, order(Act.CONFIRM_PART, quantity=4), S.CONFIRMED),
    (S.OFFERED, RECEIVER, order(Act.CONFIRM_ON_CONDITION, until_on=SOON, **WHY), S.CONDITIONAL),
    (S.CONDITIONAL, RECEIVER, order(Act.MEET_CONDITION), S.CONFIRMED),
    (S.OFFERED, RECEIVER, order(Act.DECLINE, **WHY), S.DECLINED),
    (S.OFFERED, FIELD, order(Act.DISPUTE, **WHY), S.DISPUTED),
    (S.DISPUTED, CO_CHAIR, order(Act.RESOLVE, **WHY), S.OFFERED),
    (S.OFFERED, FIELD, order(Act.ASK_TIME, until_on=SOON), S.TIME_ASKED),
    (S.CONFIRMED, RECEIVER, order(Act.CHECK, months=3, passed=True), S.CONFIRMED),
    (S.CONFIRMED, RECEIVER, order(Act.CHECK, months=12, passed=True), S.SUSTAINED),
    (S.CONFIRMED, RECEIVER, order(Act.CHECK, months=6, passed=False, **WHY), S.LAPSED),
    (S.CONFIRMED, RECEIVER, order(Act.LAPSE, **WHY), S.LAPSED),
    (S.SUSTAINED, CUSTODIAN, order(Act.LAPSE, **WHY), S.LAPSED),
    (S.CONFIRMED, PLANNER, order(Act.SUSPEND, **WHY), S.SUSPENDED),
    (S.SUSTAINED, CO_CHAIR, order(Act.SUSPEND, **WHY), S.SUSPENDED),
    (S.SUSPENDED, RECEIVER, order(Act.RESUME), S.CONFIRMED),
]


@pytest.mark.parametrize(("state", "by", "act", "after"), FOLLOWS)
def test_an_act_of_the_right_side_leads_on(state: S, by: Signer, act: ActOrder, after: S) -> None:
    decision = decide(view(state), act, by, on=TODAY)

    assert (after, False) == (decision.state, decision.needs_countersignature)


ORDERS = {
    Act.CONFIRM_PART: order(Act.CONFIRM_PART, quantity=4),
    Act.CONFIRM_ON_CONDITION: order(Act.CONFIRM_ON_CONDITION, until_on=SOON, **WHY),
    Act.CHECK: order(Act.CHECK, months=3, passed=True),
    Act.ATTEST: order(Act.ATTEST, **PAPER),
    Act.END: order(Act.END, **ENDING),
    Act.NOT_APPLICABLE: order(Act.NOT_APPLICABLE, **WHY),
    Act.ASK_TIME: order(Act.ASK_TIME, until_on=SOON),
}
SIDES = {
    Side.GIVER: PLANNER,
    Side.FIELD: FIELD,
    Side.RECEIVER: RECEIVER,
    Side.COUNTRY_TEAM: ATTESTER,
    Side.CO_CHAIR: CO_CHAIR,
    Side.CUSTODIAN: CUSTODIAN,
}


@pytest.mark.parametrize("act", sorted(PERMITTED))
@pytest.mark.parametrize("side", sorted(SIDES))
def test_no_side_signs_what_belongs_to_another(act: Act, side: Side) -> None:
    by = SIDES[side]
    if PERMITTED[act] & by.sides:
        return
    wanted = ORDERS.get(act, order(act, **WHY))

    with pytest.raises(no.NotYours):
        decide(view(min(FROM[act])), wanted, by, on=TODAY)


@pytest.mark.parametrize("act", sorted(PERMITTED))
@pytest.mark.parametrize("state", sorted(S))
def test_no_act_is_possible_from_a_state_outside_its_row(act: Act, state: S) -> None:
    by = next(signer for side, signer in SIDES.items() if side in PERMITTED[act])
    if state in FROM[act]:
        return

    with pytest.raises(no.OutOfOrder):
        decide(view(state), ORDERS.get(act, order(act, **WHY)), by, on=TODAY)


REFUSED = [
    # why, capacity, who, what, when
    (SignInNeeded, view(), NOBODY, order(Act.CONFIRM), TODAY),
    (no.NeverSigns, view(), STEWARD, order(Act.RESOLVE, **WHY), TODAY),
    (no.NotYours, view(), BYSTANDER, order(Act.CONFIRM), TODAY),
    (no.NotYours, view(), FIELD, order(Act.CONFIRM), TODAY),
    (no.NotYours, view(), PLANNER, order(Act.CONFIRM), TODAY),
    (no.NotYours, view(S.PLANNED), RECEIVER, order(Act.OFFER), TODAY),
    (no.OwnOffer, view(offered_by_uid=RECEIVER.account_uid), RECEIVER, order(Act.CONFIRM), TODAY),
    (no.OwnOffer, view(offered_by_uid=DUAL.account_uid), DUAL, order(Act.DECLINE, **WHY), TODAY),
    (no.NotOffered, view(S.PLANNED), RECEIVER, order(Act.CONFIRM), TODAY),
    (no.NotConfirmed, view(S.OFFERED), RECEIVER, order(Act.RESUME), TODAY),
    (no.OutOfOrder, view(S.CONFIRMED), PLANNER, order(Act.WITHDRAW), TODAY),
    (no.NothingLeft, view(), RECEIVER, order(Act.CONFIRM, quantity=4), TODAY),
    (no.NothingLeft, view(), RECEIVER, order(Act.CONFIRM_PART), TODAY),
    (no.NothingLeft, view(), RECEIVER, order(Act.CONFIRM_PART, quantity=0), TODAY),
    (no.NothingLeft, view(), RECEIVER, order(Act.CONFIRM_PART, quantity=10), TODAY),
    (no.NothingLeft, view(), RECEIVER, order(Act.CONFIRM_PART, quantity=4, parts=("a",)), TODAY),
    (no.WordsMissing, view(), RECEIVER, order(Act.DECLINE), TODAY),
    (no.WordsMissing, view(), FIELD, order(Act.DISPUTE, reason="  "), TODAY),
    (no.WordsMissing, view(), RECEIVER, order(Act.CONFIRM_ON_CONDITION, until_on=SOON), TODAY),
    (no.WrongDate, view(), RECEIVER, order(Act.CONFIRM_ON_CONDITION, **WHY), TODAY),
    (
        no.WrongDate,
        view(),
        RECEIVER,
        order(Act.CONFIRM_ON_CONDITION, until_on=AFTER, **WHY),
        TODAY,
    ),
    (no.WrongDate, view(), FIELD, order(Act.ASK_TIME), TODAY),
    (no.WrongDate, view(), FIELD, order(Act.ASK_TIME, until_on=TODAY), TODAY),
    (no.PastLastDay, view(), FIELD, order(Act.ASK_TIME, until_on=AFTER), LAST_DAY),
    (no.WordsMissing, view(S.PLANNED, portion=Portion()), PLANNER, order(Act.OFFER), TODAY),
    (no.WordsMissing, view(S.PLANNED), PLANNER, order(Act.OFFER, quantity=0), TODAY),
    (no.WordsMissing, view(S.PLANNED), PLANNER, order(Act.OFFER, parts=("a",)), TODAY),
    (
        no.WordsMissing,
        view(S.PLANNED, portion=Portion(parts=("a", "b"))),
        PLANNER,
        order(Act.OFFER, quantity=2),
        TODAY,
    ),
    (
        no.QuantityIsSigned,
        view(S.PLANNED, in_chain=True),
        PLANNER,
        order(Act.OFFER, quantity=3),
        TODAY,
    ),
    (no.GiverStillThere, view(S.PLANNED), RECEIVER, order(Act.RECEIVE), LAST_DAY),
    (no.WordsMissing, view(S.PLANNED, portion=Portion()), RECEIVER, order(Act.RECEIVE), AFTER),
    (no.OnlyAuthorities, view(), ATTESTER, order(Act.ATTEST, **PAPER), TODAY),
    (no.WordsMissing, view(receiver_kind=AUTHORITY), ATTESTER, order(Act.ATTEST), TODAY),
    (
        no.WrongDate,
        view(receiver_kind=AUTHORITY),
        ATTESTER,
        order(Act.ATTEST, **{**PAPER, "instrument_on": SOON}),
        TODAY,
    ),
    (
        no.NotIndependent,
        view(receiver_kind=AUTHORITY),
        Signer(account_uid=ATTESTER.account_uid, attests=True, giver=True),
        order(Act.ATTEST, **PAPER),
        TODAY,
    ),
    (no.WordsMissing, view(), PLANNER, order(Act.END, **WHY, ground=Ground.DECISION), TODAY),
    (no.WrongGround, view(), PLANNER, order(Act.END, **WHY, **PAPER), TODAY),
    (
        no.WrongGround,
        view(),
        PLANNER,
        order(Act.END, **{**ENDING, "ground": Ground.NOT_PERFORMED}),
        TODAY,
    ),
    (
        no.WrongGround,
        view(),
        PLANNER,
        order(Act.END, **{**ENDING, "ground": Ground.ARCHIVED_OR_DESTROYED}),
        TODAY,
    ),
    (no.WordsMissing, view(), PLANNER, order(Act.END, **{**ENDING, "authority": "MINUSMA"}), TODAY),
    (no.WrongGround, view(), RECEIVER, order(Act.CONFIRM, ground=Ground.DECISION), TODAY),
    (
        no.MechanismContinues,
        view(function_code="MRM-VER"),
        CO_CHAIR,
        order(Act.END, **{**ENDING, "ground": Ground.MISSION_CLOSURE}),
        TODAY,
    ),
    (
        no.MechanismContinues,
        view(function_code="MRM-CHAIR"),
        RECEIVER,
        order(Act.NOT_APPLICABLE, **WHY, ground=Ground.MISSION_CLOSURE),
        TODAY,
    ),
    (
        no.WrongGround,
        view(function_code="MRM-VER"),
        PLANNER,
        order(Act.NOT_APPLICABLE, **WHY),
        TODAY,
    ),
    (
        no.WordsMissing,
        view(function_code="MRM-VER"),
        PLANNER,
        order(Act.NOT_APPLICABLE, **WHY, ground=Ground.DELISTING),
        TODAY,
    ),
    (
        no.DataToParty,
        view(S.PLANNED, dimension=Dimension.DATA, receiver_is_party=True),
        PLANNER,
        order(Act.OFFER),
        TODAY,
    ),
    (
        no.DataToParty,
        view(dimension=Dimension.DATA, receiver_is_party=True),
        RECEIVER,
        order(Act.CONFIRM),
        TODAY,
    ),
    (no.NotYours, view(S.CONFIRMED), CUSTODIAN, order(Act.CHECK, months=3, passed=True), LAST_DAY),
    (no.WordsMissing, view(S.CONFIRMED), RECEIVER, order(Act.CHECK, passed=True), TODAY),
    (no.WordsMissing, view(S.CONFIRMED), RECEIVER, order(Act.CHECK, months=4, passed=True), TODAY),
    (no.WordsMissing, view(S.CONFIRMED), RECEIVER, order(Act.CHECK, months=3), TODAY),
    (
        no.CheckedBefore,
        view(S.CONFIRMED, checks_passed=frozenset({3})),
        RECEIVER,
        order(Act.CHECK, months=3, passed=True),
        TODAY,
    ),
    (
        no.TooEarly,
        view(S.CONFIRMED, check_from={3: SOON}),
        RECEIVER,
        order(Act.CHECK, months=3, passed=True),
        TODAY,
    ),
    (
        no.BridgeIsNotSustained,
        view(S.CONFIRMED, kind=TransferKind.BRIDGE),
        RECEIVER,
        order(Act.CHECK, months=3, passed=True),
        TODAY,
    ),
    (no.NotYours, view(S.CONFIRMED), RULES, order(Act.LAPSE), TODAY),
    (no.NotYours, view(S.CONFIRMED), RULES, order(Act.CONFIRM), TODAY),
    (no.NothingPending, view(), CO_CHAIR, order(Act.COUNTERSIGN), TODAY),
    (no.NothingPending, view(), CO_CHAIR, order(Act.REFUSE_COUNTERSIGN, **WHY), TODAY),
    (no.NotConfirmed, view(S.CONFIRMED, fits=False), RECEIVER, ORDERS[Act.CHECK], TODAY),
    (no.OutOfOrder, view(S.CONFIRMED, fits=False), PLANNER, order(Act.WITHDRAW), TODAY),
    (
        no.NotConfirmed,
        view(S.CONDITIONAL, condition_until_on=TODAY),
        RECEIVER,
        order(Act.MEET_CONDITION),
        TODAY + timedelta(days=1),
    ),
]


@pytest.mark.parametrize(("why", "capacity", "by", "act", "on"), REFUSED)
def test_every_refusal_says_exactly_why(
    why: type[Refused], capacity: CapacityView, by: Signer, act: ActOrder, on: date
) -> None:
    with pytest.raises(Refused) as refusal:
        decide(capacity, act, by, on=on)

    assert why is type(refusal.value)


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

    assert (second, bool(second)) == (decision.countersigners, decision.state is S.OFFERED)


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

    assert (S.ATTESTED, {Side.CO_CHAIR}) == (decision.state, decision.countersigners)


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


def test_the_rest_of_a_part_stays_with_the_giver() -> None:
    decision = decide(view(), order(Act.CONFIRM_PART, quantity=4), RECEIVER, on=TODAY)

    assert (Portion(4), Portion(6)) == (decision.portion, decision.rest)


def test_named_parts_that_were_not_taken_are_the_rest() -> None:
    capacity = view(portion=Portion(parts=("abduction", "maiming", "use")))
    act = order(Act.CONFIRM_PART, parts=("use", "abduction"))

    decision = decide(capacity, act, RECEIVER, on=TODAY)

    assert (("abduction", "use"), Portion(parts=("maiming",))) == (
        decision.portion.parts,
        decision.rest,
    )


@pytest.mark.parametrize("parts", [(), ("abduction", "maiming", "use"), ("abduction", "else")])
def test_a_part_is_some_of_the_named_parts(parts: tuple[str, ...]) -> None:
    capacity = view(portion=Portion(parts=("abduction", "maiming", "use")))

    with pytest.raises(no.NothingLeft):
        decide(capacity, order(Act.CONFIRM_PART, parts=parts), RECEIVER, on=TODAY)


ANSWER_BY = [
    (LAST_DAY, TODAY, TODAY + timedelta(days=14)),
    (LAST_DAY, LAST_DAY - timedelta(days=3), LAST_DAY),
    (LAST_DAY, LAST_DAY, LAST_DAY),
    (LAST_DAY, AFTER, AFTER + timedelta(days=2)),
    (None, TODAY, TODAY + timedelta(days=14)),
]


@pytest.mark.parametrize(("last", "on", "by"), ANSWER_BY)
def test_an_offer_says_by_when_to_answer(last: date | None, on: date, by: date) -> None:
    decision = decide(view(S.PLANNED, last_day_on=last), order(Act.OFFER), PLANNER, on=on)

    assert by == decision.answer_by


EXTENDED = [
    (SOON, TODAY + timedelta(days=14), SOON),
    (TODAY + timedelta(days=3), TODAY + timedelta(days=14), TODAY + timedelta(days=14)),
    (AFTER, None, LAST_DAY),
]


@pytest.mark.parametrize(("asked", "answer_by", "until"), EXTENDED)
def test_the_later_of_two_days_holds_but_never_past_the_last_day(
    asked: date, answer_by: date | None, until: date
) -> None:
    act = order(Act.ASK_TIME, until_on=asked)

    decision = decide(view(answer_by=answer_by), act, FIELD, on=TODAY)

    assert (until, until) == (decision.extended_to_on, decision.answer_by)


def test_time_is_asked_without_a_limit_where_no_last_day_is_known() -> None:
    act = order(Act.ASK_TIME, until_on=AFTER)

    assert decide(view(last_day_on=None), act, FIELD, on=TODAY).extended_to_on == AFTER


def test_a_dispute_gets_its_clock_from_the_timetable() -> None:
    decision = decide(view(dispute_days=7), order(Act.DISPUTE, **WHY), FIELD, on=TODAY)

    assert TODAY + timedelta(days=7) == decision.dispute_until_on


def test_what_the_giver_left_behind_is_received_without_an_offer() -> None:
    decision = decide(view(S.PLANNED), order(Act.RECEIVE), RECEIVER, on=AFTER)

    assert (S.CONFIRMED, True, None) == (decision.state, decision.without_offer, decision.rest)


def test_part_of_what_was_left_behind_is_received_and_the_rest_is_not() -> None:
    capacity = view(S.NOT_STARTED, giver_gone=True)

    decision = decide(capacity, order(Act.RECEIVE, quantity=3), RECEIVER, on=TODAY)

    assert (Portion(3), Portion(7)) == (decision.portion, decision.rest)


def test_who_receives_says_how_much_where_nobody_had() -> None:
    capacity = view(S.NOT_STARTED, giver_gone=True, portion=Portion())

    decision = decide(capacity, order(Act.RECEIVE, quantity=3), RECEIVER, on=TODAY)

    assert (Portion(3), None) == (decision.portion, decision.rest)


def test_the_custodian_checks_after_the_last_day() -> None:
    act = order(Act.CHECK, months=12, passed=True)

    assert decide(view(S.CONFIRMED), act, CUSTODIAN, on=AFTER).state is S.SUSTAINED


def test_a_suspended_capacity_resumes_where_it_was() -> None:
    sustained = view(S.SUSPENDED, checks_passed=frozenset({3, 6, 12}))
    conditional = view(S.SUSPENDED, condition="Vehicles.", condition_until_on=SOON)
    resume = order(Act.RESUME)

    states = [decide(each, resume, RECEIVER, on=TODAY).state for each in (sustained, conditional)]

    assert [S.SUSTAINED, S.CONDITIONAL] == states


def test_a_condition_lapses_by_rule_once_its_date_has_passed() -> None:
    capacity = view(S.CONDITIONAL, condition="Vehicles.", condition_until_on=TODAY)

    decision = decide(capacity, order(Act.LAPSE), RULES, on=TODAY + timedelta(days=1))

    assert decision.state is S.LAPSED


def test_what_was_signed_and_changed_is_answered_again() -> None:
    stale = view(S.SUSTAINED, fits=False, checks_passed=frozenset({3, 6, 12}))

    assert decide(stale, order(Act.CONFIRM), RECEIVER, on=TODAY).state is S.SUSTAINED


def test_a_new_offer_forgets_the_checks_of_the_old_one() -> None:
    lapsed = view(S.LAPSED, checks_passed=frozenset({3}), check_failed=True)

    decision = decide(lapsed, order(Act.OFFER), PLANNER, on=TODAY)

    assert (frozenset(), False) == (decision.checks_passed, decision.check_failed)


MAY = [
    (view(S.NOT_STARTED), PLANNER, {Act.PLAN, Act.OFFER, Act.END, Act.NOT_APPLICABLE}),
    (view(S.OFFERED), FIELD, {Act.RECOMMEND, Act.DISPUTE, Act.ASK_TIME}),
    (view(S.OFFERED), BYSTANDER, set[Act]()),
    (view(S.OFFERED), NOBODY, set[Act]()),
    (
        view(S.OFFERED, portion=Portion(1)),
        RECEIVER,
        {
            *(Act.RECOMMEND, Act.CONFIRM, Act.CONFIRM_ON_CONDITION, Act.DECLINE, Act.DISPUTE),
            *(Act.ASK_TIME, Act.END, Act.NOT_APPLICABLE),
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
