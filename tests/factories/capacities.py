"""Views of capacities and signers of every side, for tests of the pure rules."""

from datetime import date
from uuid import UUID, uuid4

from unbroken.functions.rules import Dimension
from unbroken.people.rules import Signing
from unbroken.transfers.rules.views import CapacityView, Portion, Signer
from unbroken.transfers.rules.words import CapacityState, TransferKind

TODAY = date(2026, 3, 2)
LAST_DAY = date(2026, 6, 30)


def view(state: CapacityState = CapacityState.OFFERED, **changes: object) -> CapacityView:
    """Return a capacity of ten posts of a tier-1 function in ``state``, for the pure rules."""
    values: dict[str, object] = {
        "uid": uuid4(),
        "transfer_uid": uuid4(),
        "state": state,
        "kind": TransferKind.TRANSFER,
        "dimension": Dimension.POSTS,
        "function_code": "PSEA-VIC",
        "tier": 1,
        "portion": Portion(10),
        "giver_names": frozenset({"minusma"}),
        "last_day_on": LAST_DAY,
        **changes,
    }
    return CapacityView(**values)  # type: ignore[arg-type]


PLANNER = Signer(account_uid=UUID(int=1), giver=True)
RECEIVER = Signer(account_uid=UUID(int=2), of_receiver=True, receives=Signing.SIGNS)
COLLEAGUE = Signer(account_uid=UUID(int=3), of_receiver=True, receives=Signing.SIGNS)
FIELD = Signer(account_uid=UUID(int=4), of_receiver=True, receives=Signing.RECOMMENDS)
CO_CHAIR = Signer(account_uid=UUID(int=5), co_chair=True)
DUAL = Signer(account_uid=UUID(int=6), giver=True, of_receiver=True, receives=Signing.SIGNS)
ATTESTER = Signer(account_uid=UUID(int=7), attests=True)
CUSTODIAN = Signer(account_uid=UUID(int=8), custodian=True)
BYSTANDER = Signer(account_uid=UUID(int=9))
STEWARD = Signer(account_uid=UUID(int=10), co_chair=True, never_signs=True)
RULES = Signer(account_uid=None, system=True)
NOBODY = Signer(account_uid=None)
