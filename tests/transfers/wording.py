"""Acts in words, and capacities on which an act waits, for tests of the rules."""

from datetime import timedelta

from tests.factories.capacities import (
    ATTESTER,
    CO_CHAIR,
    CUSTODIAN,
    FIELD,
    LAST_DAY,
    PLANNER,
    RECEIVER,
    TODAY,
    view,
)
from unbroken.people.rules import OrganisationKind
from unbroken.transfers.rules.views import (
    ActOrder,
    CapacityView,
    Ground,
    Pending,
    Side,
    Signer,
)
from unbroken.transfers.rules.words import Act
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
