"""The life of a capacity: from which state which act is possible, and what follows.

The giver offers, only the receiving organisation answers, and nobody closes an offer alone. Tables
first: they are meant to be read by those who know the matter and not the code.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from unbroken.kit.errors import Invalid, Refused
from unbroken.transfers.rules.cover import lapses, standing
from unbroken.transfers.rules.effects import as_it_stands, effect_of
from unbroken.transfers.rules.permits import (
    ANSWERS,
    CUSTODIAN,
    RECEIVER,
    countersigners,
    require_may_countersign,
    require_may_refuse,
    require_permitted,
)
from unbroken.transfers.rules.refusals import (
    NotConfirmed,
    NothingPending,
    NotOffered,
    NotYours,
    OutOfOrder,
    PendingChanged,
    WaitsForCountersignature,
)
from unbroken.transfers.rules.requirements import require_words
from unbroken.transfers.rules.views import (
    CHECK_MONTHS,
    ActOrder,
    CapacityView,
    Decision,
    Ground,
    Pending,
    Side,
    Signer,
)
from unbroken.transfers.rules.words import Act, CapacityState

S = CapacityState
OPEN_OFFER = frozenset({S.OFFERED, S.RECOMMENDED, S.TIME_ASKED})
CLOSED = frozenset({S.ENDED, S.NOT_APPLICABLE})
WITH_GIVER = frozenset({S.NOT_STARTED, S.PLANNED, S.DECLINED, S.WITHDRAWN, S.LAPSED})
IN_BEING = frozenset({S.CONFIRMED, S.CONDITIONAL, S.SUSTAINED})

FROM: Mapping[Act, frozenset[CapacityState]] = {
    Act.PLAN: WITH_GIVER - {S.PLANNED} | {S.NOT_APPLICABLE},
    Act.OFFER: WITH_GIVER | {S.DISPUTED},
    Act.WITHDRAW: OPEN_OFFER | {S.PLANNED, S.DISPUTED},
    Act.RECOMMEND: OPEN_OFFER - {S.RECOMMENDED},
    Act.CONFIRM: OPEN_OFFER,
    Act.CONFIRM_PART: OPEN_OFFER,
    Act.CONFIRM_ON_CONDITION: OPEN_OFFER,
    Act.DECLINE: OPEN_OFFER,
    Act.DISPUTE: OPEN_OFFER,
    Act.ASK_TIME: OPEN_OFFER,
    Act.ATTEST: OPEN_OFFER,
    Act.MEET_CONDITION: frozenset({S.CONDITIONAL}),
    Act.RESOLVE: frozenset({S.DISPUTED}),
    Act.RECEIVE: WITH_GIVER,
    Act.CHECK: frozenset({S.CONFIRMED}),
    Act.SUSPEND: IN_BEING,
    Act.RESUME: frozenset({S.SUSPENDED}),
    Act.LAPSE: IN_BEING | {S.SUSPENDED},
    Act.END: frozenset(S) - CLOSED,
    Act.NOT_APPLICABLE: frozenset(S) - CLOSED,
}
"""From which states an act is possible."""

AS_RECORDED = frozenset({Act.WITHDRAW, Act.SUSPEND, Act.LAPSE, Act.END, Act.NOT_APPLICABLE})
"""Acts that look at the recorded state; all others at the one that counts.

Otherwise a giver could change what was signed, so that it counts as offered, and withdraw it.
"""

ON_CONFIRMED = frozenset({Act.CHECK, Act.SUSPEND, Act.RESUME, Act.LAPSE, Act.MEET_CONDITION})


def decide(view: CapacityView, act: ActOrder, by: Signer, *, on: date) -> Decision:
    """Return what holds after ``by`` has signed ``act`` on that day.

    Raises:
        Refused: one specific kind for each reason; see ``refusals``.
    """
    match act.act:
        case Act.COUNTERSIGN:
            return _countersign(view, by, on=on)
        case Act.REFUSE_COUNTERSIGN:
            return _refuse(view, act, by, on=on)
        case _:
            return _sign(view, act, by, on=on)


def may(view: CapacityView, by: Signer, *, on: date) -> tuple[Act, ...]:
    """Return the acts that ``by`` could sign now if worded well, in the order of ``Act``."""
    return tuple(act for act in Act if _could(view, act, by, on=on))


def _sign(view: CapacityView, order: ActOrder, by: Signer, *, on: date) -> Decision:
    require_permitted(view, order, by)
    if view.pending is not None:
        raise WaitsForCountersignature
    _require_state(view, order.act, on=on)
    _require_turn(view, order.act, by, on=on)
    if not by.system:
        require_words(view, order, on=on)
    effect = effect_of(view, order, on=on)
    waiting_for = countersigners(view, order, by)
    return _waiting(view, order, effect, waiting_for) if waiting_for else effect


def _require_state(view: CapacityView, act: Act, *, on: date) -> None:
    state = view.state if act in AS_RECORDED else standing(view, on=on)
    if state in FROM[act]:
        return
    facts = {"state": state.value, "act": act.value}
    if act in ON_CONFIRMED:
        raise NotConfirmed(**facts)
    raise (NotOffered if act in ANSWERS else OutOfOrder)(**facts)


def _require_turn(view: CapacityView, act: Act, by: Signer, *, on: date) -> None:
    # Two acts belong to one of their sides at a certain time only.
    last = view.last_day_on
    after_last_day = view.giver_gone or (last is not None and last < on)
    is_custodians_turn = CUSTODIAN in by.sides and after_last_day
    if act is Act.CHECK and RECEIVER not in by.sides and not is_custodians_turn:
        raise NotYours(remedy="The custodian's checks begin after the last day.")
    if by.system and not lapses(view, on):
        raise NotYours


def _waiting(
    view: CapacityView, order: ActOrder, effect: Decision, sides: frozenset[Side]
) -> Decision:
    # What an authority is attested to have said shows at once, in amber; all else stays as it was.
    state = S.ATTESTED if order.act is Act.ATTEST else view.state
    return replace(as_it_stands(view), state=state, countersigners=sides, then=effect)


def _countersign(view: CapacityView, by: Signer, *, on: date) -> Decision:
    pending = _pending(view)
    require_may_countersign(view, pending, by)
    if not pending.fits:
        raise PendingChanged
    before = replace(view, state=pending.state_before, pending=None)
    _require_state(before, pending.order.act, on=on)
    return effect_of(before, pending.order, on=on)


def _refuse(view: CapacityView, order: ActOrder, by: Signer, *, on: date) -> Decision:
    pending = _pending(view)
    require_may_refuse(view, pending, by)
    require_words(view, order, on=on)
    return replace(as_it_stands(view), state=pending.state_before)


def _pending(view: CapacityView) -> Pending:
    if view.pending is None:
        raise NothingPending
    return view.pending


def _could(view: CapacityView, act: Act, by: Signer, *, on: date) -> bool:
    try:
        decide(view, _probe(view, act, on=on), by, on=on)
    except Invalid:
        return True  # the person will be asked for what is missing
    except Refused:
        return False
    return True


def _probe(view: CapacityView, act: Act, *, on: date) -> ActOrder:
    left = [months for months in CHECK_MONTHS if months not in view.checks_passed]
    return ActOrder(
        act=act,
        until_on={Act.ASK_TIME: date.max, Act.CONFIRM_ON_CONDITION: view.last_day_on}.get(act),
        reason="probe",
        instrument="probe",
        instrument_on=on,
        authority="probe",
        ground=Ground.DECISION if act in {Act.END, Act.NOT_APPLICABLE} else None,
        months=left[0] if left else None,
        passed=False,
    )
