"""What can be read of transfers: lists, inboxes, one capacity or transfer in full."""

from unbroken.transfers.queries.details import (
    CapacityDetail,
    ItemView,
    LinkedView,
    ReceiptView,
    SignatureState,
    TransferView,
    capacity_view,
    receipts_of,
    signature_state,
    transfer_view,
)
from unbroken.transfers.queries.lists import (
    CapacityFilter,
    CapacityPage,
    capacity_list,
    inbox,
)
from unbroken.transfers.queries.rows import CapacityEntry

__all__ = [
    "CapacityDetail",
    "CapacityEntry",
    "CapacityFilter",
    "CapacityPage",
    "ItemView",
    "LinkedView",
    "ReceiptView",
    "SignatureState",
    "TransferView",
    "capacity_list",
    "capacity_view",
    "inbox",
    "receipts_of",
    "signature_state",
    "transfer_view",
]
