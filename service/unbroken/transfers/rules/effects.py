"""What holds once an act is fully signed; nothing here asks who signed it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from unbroken.functions.rules import Dimension
from unbroken.people.rules import OrganisationKind
from unbroken.plans.rules.dates import shift
from unbroken.transfers.rules.portions import (
    all_of,
    offered_portion,
    received,
    require_stated,
    split,
)
from unbroken.transfers.rules.refusals import (
    BridgeIsNotSustained,
    DataToParty,
    GiverStillThere,
    NothingLeft,
    OnlyAuthorities,
    PastLastDay,
    TimeIsOver,
    WrongDate,
)
from unbroken.transfers.rules.requirements import require_check, require_period, require_until
from unbroken.transfers.rules.views import CHECK_MONTHS, ActOrder, CapacityView, Decision
from unbroken.transfers.rules.words import Act, CapacityState, TransferKind

PASSING = frozenset(
    {
        *(Act.PLAN, Act.OFFER, Act.RECOMMEND, Act.CONFIRM, Act.CONFIRM_PART, Act.ATTEST),
        *(Act.CONFIRM_ON_CONDITION, Act.MEET_CONDITION, Act.RECEIVE, Act.RESUME),
    }
)
"""Acts by which a capacity comes nearer to its receiver: never data to a party to the conflict."""

LATE_ANSWER_DAYS = 2
"""Days to answer what is offered after the last day."""

STATE_ONLY: Mapping[Act, CapacityState] = {
    Act.RECOMMEND: CapacityState.RECOMMENDED,
    Act.DECLINE: CapacityState.DECLINED,
    Act.WITHDRAW: CapacityState.WITHDRAWN,
    Act.LAPSE: CapacityState.LAPSED,
    Act.SUSPEND: CapacityState.SUSPENDED,
    Act.END: CapacityState.ENDED,
    Act.NOT_APPLICABLE: CapacityState.NOT_APPLICABLE,
}
"""Acts that change the state and nothing else."""


def effect_of(view: CapacityView, order: ActOrder, *, on: date) -> Decision:
    """Return what holds once ``order`` is fully signed on that day.

    Raises:
        DataToParty, GiverStillThere, PastLastDay, TooEarly …: the facts do not allow it.
        NothingLeft, WrongDate, WordsMissing: the order does not fit the capacity.
    """
    if order.act in PASSING:
        require_not_to_party(view)
        require_not_over(view, on=on)
    if order.act in STATE_ONLY:
        return replace(as_it_stands(view), state=STATE_ONLY[order.act])
    return EFFECTS[order.act](view, order, on)


def as_it_stands(view: CapacityView) -> Decision:
    """Return the decision that changes nothing."""
    return Decision(
        state=view.state,
        portion=view.portion,
        answer_by=view.answer_by,
        extended_to_on=view.extended_to_on,
        condition=view.condition,
        condition_until_on=view.condition_until_on,
        dispute_until_on=view.dispute_until_on,
        without_offer=view.without_offer,
        checks_passed=view.checks_passed,
        check_failed=view.check_failed,
    )


def require_not_to_party(view: CapacityView) -> None:
    """Pass unless these are data on their way to a party to the conflict.

    Raises:
        DataToParty: they are; destroying or archiving them is a valid end.
    """
    if view.dimension is Dimension.DATA and view.receiver_is_party:
        raise DataToParty(remedy="Let them be archived or destroyed, and end this capacity.")


def require_not_over(view: CapacityView, *, on: date) -> None:
    """Pass unless the time for which this capacity is meant has passed.

    Raises:
        TimeIsOver: it has; what follows it is a capacity of its own.
    """
    if view.portion.is_over(on):
        raise TimeIsOver


def answer_day(view: CapacityView, *, on: date) -> date:
    """Return the day by which an offer made on that day is to be answered, included.

    Never past the last day; once that has passed, two days remain.
    """
    last = view.last_day_on
    if last is not None and last < on:
        return shift(on, LATE_ANSWER_DAYS)
    wanted = shift(on, view.answer_days)
    return wanted if last is None else min(wanted, last)


def _plan(view: CapacityView, order: ActOrder, _on: date) -> Decision:
    return Decision(state=CapacityState.PLANNED, portion=offered_portion(view, order))


def _offer(view: CapacityView, order: ActOrder, on: date) -> Decision:
    return Decision(
        state=CapacityState.OFFERED,
        portion=require_stated(offered_portion(view, order)),
        answer_by=answer_day(view, on=on),
    )


def _confirmed(view: CapacityView) -> Decision:
    # Signing a changed text again does not undo what the checks have seen.
    return replace(
        as_it_stands(view),
        state=_checked(view),
        condition="",
        condition_until_on=None,
        dispute_until_on=None,
    )


def _confirm(view: CapacityView, order: ActOrder, _on: date) -> Decision:
    if order.until_on is not None:
        raise NothingLeft(remedy="To take it until a day only, confirm in part.")
    return replace(_confirmed(view), portion=all_of(view, order))


def _confirm_part(view: CapacityView, order: ActOrder, on: date) -> Decision:
    require_period(order, on=on)
    taken, rests = split(view, order)
    return replace(_confirmed(view), portion=taken, rests=rests)


def _on_condition(view: CapacityView, order: ActOrder, on: date) -> Decision:
    until = require_until(view, order, on=on)
    return replace(
        _confirmed(view),
        state=CapacityState.CONDITIONAL,
        portion=all_of(view, order),
        condition=order.reason.strip(),
        condition_until_on=until,
    )


def _receive(view: CapacityView, order: ActOrder, on: date) -> Decision:
    after_last_day = view.last_day_on is not None and view.last_day_on < on
    if not (view.giver_gone or after_last_day):
        raise GiverStillThere
    portion, rests = received(view, order)
    return Decision(state=CapacityState.CONFIRMED, portion=portion, rests=rests, without_offer=True)


def _attest(view: CapacityView, order: ActOrder, _on: date) -> Decision:
    if view.receiver_kind is not OrganisationKind.AUTHORITY:
        raise OnlyAuthorities
    return replace(_confirmed(view), portion=all_of(view, order))


def _resolve(view: CapacityView, order: ActOrder, on: date) -> Decision:
    if order.ground is not None:
        return replace(as_it_stands(view), state=CapacityState.ENDED, dispute_until_on=None)
    return _offer(view, order, on)


def _ask_time(view: CapacityView, order: ActOrder, on: date) -> Decision:
    last = view.last_day_on
    if last is not None and last <= on:
        raise PastLastDay
    if order.until_on is None or order.until_on <= on:
        raise WrongDate(remedy="Give the day until which you need time, after today.")
    later = max(order.until_on, view.answer_by or on)
    until = later if last is None else min(later, last)
    now = as_it_stands(view)
    return replace(now, state=CapacityState.TIME_ASKED, answer_by=until, extended_to_on=until)


def _check(view: CapacityView, order: ActOrder, on: date) -> Decision:
    if view.kind is TransferKind.BRIDGE:
        raise BridgeIsNotSustained
    months = require_check(view, order, on=on)
    now = as_it_stands(view)
    if not order.passed:
        return replace(now, state=CapacityState.LAPSED, check_failed=True)
    passed = view.checks_passed | {months}
    is_last = months == CHECK_MONTHS[-1] and not view.check_failed
    state = CapacityState.SUSTAINED if is_last else CapacityState.CONFIRMED
    return replace(now, state=state, checks_passed=passed)


def _dispute(view: CapacityView, _order: ActOrder, on: date) -> Decision:
    until = shift(on, view.dispute_days)
    return replace(as_it_stands(view), state=CapacityState.DISPUTED, dispute_until_on=until)


def _resume(view: CapacityView, _order: ActOrder, _on: date) -> Decision:
    is_conditional = view.condition_until_on is not None
    state = CapacityState.CONDITIONAL if is_conditional else _checked(view)
    return replace(as_it_stands(view), state=state)


def _checked(view: CapacityView) -> CapacityState:
    is_sustained = CHECK_MONTHS[-1] in view.checks_passed and not view.check_failed
    return CapacityState.SUSTAINED if is_sustained else CapacityState.CONFIRMED


EFFECTS: Mapping[Act, Callable[[CapacityView, ActOrder, date], Decision]] = {
    Act.PLAN: _plan,
    Act.OFFER: _offer,
    Act.CONFIRM: _confirm,
    Act.CONFIRM_PART: _confirm_part,
    Act.CONFIRM_ON_CONDITION: _on_condition,
    Act.MEET_CONDITION: _confirm,
    Act.RECEIVE: _receive,
    Act.ATTEST: _attest,
    Act.DISPUTE: _dispute,
    Act.RESOLVE: _resolve,
    Act.ASK_TIME: _ask_time,
    Act.CHECK: _check,
    Act.RESUME: _resume,
}
"""Acts that change more than the state."""
