"""The life of a capacity as tables: who may do what from where, and what follows."""

from datetime import date, timedelta

import pytest

from tests.factories.capacities import (
    CO_CHAIR,
    CUSTODIAN,
    FIELD,
    LAST_DAY,
    PLANNER,
    RECEIVER,
    RULES,
    TODAY,
    view,
)
from tests.transfers.wording import (
    AFTER,
    ORDERS,
    SIDES,
    SOON,
    WHY,
    order,
)
from unbroken.transfers.rules import refusals as no
from unbroken.transfers.rules.lifecycle import FROM, decide
from unbroken.transfers.rules.permits import PERMITTED
from unbroken.transfers.rules.views import (
    ActOrder,
    Portion,
    Signer,
)
from unbroken.transfers.rules.words import Act
from unbroken.transfers.rules.words import CapacityState as S

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


OTHERS = [
    (act, by) for act in sorted(PERMITTED) for by in SIDES.values() if not PERMITTED[act] & by.sides
]
OUTSIDE = [(act, state) for act in sorted(FROM) for state in sorted(S) if state not in FROM[act]]


@pytest.mark.parametrize(("act", "by"), OTHERS)
def test_no_side_signs_what_belongs_to_another(act: Act, by: Signer) -> None:
    wanted = ORDERS.get(act, order(act, **WHY))

    with pytest.raises(no.NotYours):
        decide(view(min(FROM[act])), wanted, by, on=TODAY)


@pytest.mark.parametrize(("act", "state"), OUTSIDE)
def test_no_act_is_possible_from_a_state_outside_its_row(act: Act, state: S) -> None:
    by = next(signer for side, signer in SIDES.items() if side in PERMITTED[act])

    with pytest.raises(no.OutOfOrder):
        decide(view(state), ORDERS.get(act, order(act, **WHY)), by, on=TODAY)


def test_the_rest_of_a_part_stays_with_the_giver() -> None:
    decision = decide(view(), order(Act.CONFIRM_PART, quantity=4), RECEIVER, on=TODAY)

    assert (Portion(4), (Portion(6),)) == (decision.portion, decision.rests)


def test_named_parts_that_were_not_taken_are_the_rest() -> None:
    capacity = view(portion=Portion(parts=("abduction", "maiming", "use")))
    act = order(Act.CONFIRM_PART, parts=("use", "abduction"))

    decision = decide(capacity, act, RECEIVER, on=TODAY)

    assert (("abduction", "use"), (Portion(parts=("maiming",)),)) == (
        decision.portion.parts,
        decision.rests,
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

    assert (S.CONFIRMED, True, ()) == (decision.state, decision.without_offer, decision.rests)


def test_part_of_what_was_left_behind_is_received_and_the_rest_is_not() -> None:
    capacity = view(S.NOT_STARTED, giver_gone=True)

    decision = decide(capacity, order(Act.RECEIVE, quantity=3), RECEIVER, on=TODAY)

    assert (Portion(3), (Portion(7),)) == (decision.portion, decision.rests)


def test_who_receives_says_how_much_where_nobody_had() -> None:
    capacity = view(S.NOT_STARTED, giver_gone=True, portion=Portion())

    decision = decide(capacity, order(Act.RECEIVE, quantity=3), RECEIVER, on=TODAY)

    assert (Portion(3), ()) == (decision.portion, decision.rests)


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
