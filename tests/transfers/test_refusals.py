"""Why an act is refused: one row for each reason."""

from datetime import date, timedelta

import pytest

from tests.factories.capacities import (
    ATTESTER,
    BYSTANDER,
    CO_CHAIR,
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
from tests.transfers.wording import (
    AFTER,
    AUTHORITY,
    ENDING,
    ORDERS,
    PAPER,
    SOON,
    WHY,
    order,
)
from unbroken.functions.rules import Dimension
from unbroken.kit.errors import Refused, SignInNeeded
from unbroken.transfers.rules import refusals as no
from unbroken.transfers.rules.lifecycle import decide
from unbroken.transfers.rules.views import (
    ActOrder,
    CapacityView,
    Ground,
    Portion,
    Signer,
)
from unbroken.transfers.rules.words import Act, TransferKind
from unbroken.transfers.rules.words import CapacityState as S

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
