"""What acts on transfers are called in the trail."""

from collections.abc import Mapping

from unbroken.trail.rules import Action
from unbroken.transfers.rules.words import Act


class TransferAction(Action):
    """The acts of this feature; names are hashed, so none is ever renamed."""

    RECEIVER_NAMED = "transfers:transfer:receiver-named"
    TRANSFER_EDITED = "transfers:transfer:edited"
    LEAD_CHOSEN = "transfers:transfer:lead-chosen"
    QUANTITY_STATED = "transfers:capacity:quantity-stated"
    FUNDING_STATED = "transfers:capacity:funding-stated"
    PLANNED = "transfers:capacity:planned"
    OFFERED = "transfers:capacity:offered"
    RECOMMENDED = "transfers:capacity:recommended"
    CONFIRMED = "transfers:capacity:confirmed"
    CONFIRMED_IN_PART = "transfers:capacity:confirmed-in-part"
    CONFIRMED_ON_CONDITION = "transfers:capacity:confirmed-on-condition"
    CONDITION_MET = "transfers:capacity:condition-met"
    DECLINED = "transfers:capacity:declined"
    DISPUTED = "transfers:capacity:disputed"
    RESOLVED = "transfers:capacity:resolved"
    SIGNATURE_ASKED = "transfers:capacity:signature-asked"
    TIME_ASKED = "transfers:capacity:time-asked"
    WITHDRAWN = "transfers:capacity:withdrawn"
    ATTESTED = "transfers:capacity:attested"
    RECEIVED = "transfers:capacity:received-without-offer"
    COUNTERSIGNED = "transfers:capacity:countersigned"
    COUNTERSIGNATURE_REFUSED = "transfers:capacity:countersignature-refused"
    CHECKED = "transfers:capacity:checked"
    LAPSED = "transfers:capacity:lapsed"
    SUSPENDED = "transfers:capacity:suspended"
    RESUMED = "transfers:capacity:resumed"
    ENDED = "transfers:capacity:ended"
    NOT_APPLICABLE = "transfers:capacity:called-not-applicable"
    ITEM_DONE = "transfers:item:done"
    ITEM_REOPENED = "transfers:item:reopened"
    ITEM_NOT_APPLICABLE = "transfers:item:called-not-applicable"
    ITEM_ASIDE_ASKED = "transfers:item:aside-asked"
    ITEM_ASIDE_REFUSED = "transfers:item:aside-refused"
    ITEM_EDITED = "transfers:item:edited"
    ITEM_ADDED = "transfers:item:added"
    ITEM_RETIRED = "transfers:item:retired"
    ITEM_COMMENTED = "transfers:item:commented"
    COMMENT_WITHDRAWN = "transfers:item:comment-withdrawn"
    ITEMS_CHANGED = "transfers:transfer:items-changed"
    ITEMS_UNDONE = "transfers:transfer:items-undone"
    EDITION_ADOPTED = "transfers:plan:edition-adopted"
    AGREEMENT_ADDED = "transfers:agreement:added"
    AGREEMENT_LINKED = "transfers:agreement:linked"
    AGREEMENT_RENEWED = "transfers:agreement:renewed"
    CUSTODY_TAKEN = "transfers:custody:taken"


ACTION_OF: Mapping[Act, TransferAction] = {
    Act.PLAN: TransferAction.PLANNED,
    Act.OFFER: TransferAction.OFFERED,
    Act.RECOMMEND: TransferAction.RECOMMENDED,
    Act.CONFIRM: TransferAction.CONFIRMED,
    Act.CONFIRM_PART: TransferAction.CONFIRMED_IN_PART,
    Act.CONFIRM_ON_CONDITION: TransferAction.CONFIRMED_ON_CONDITION,
    Act.MEET_CONDITION: TransferAction.CONDITION_MET,
    Act.DECLINE: TransferAction.DECLINED,
    Act.DISPUTE: TransferAction.DISPUTED,
    Act.RESOLVE: TransferAction.RESOLVED,
    Act.ASK_TIME: TransferAction.TIME_ASKED,
    Act.WITHDRAW: TransferAction.WITHDRAWN,
    Act.ATTEST: TransferAction.ATTESTED,
    Act.RECEIVE: TransferAction.RECEIVED,
    Act.COUNTERSIGN: TransferAction.COUNTERSIGNED,
    Act.REFUSE_COUNTERSIGN: TransferAction.COUNTERSIGNATURE_REFUSED,
    Act.CHECK: TransferAction.CHECKED,
    Act.LAPSE: TransferAction.LAPSED,
    Act.SUSPEND: TransferAction.SUSPENDED,
    Act.RESUME: TransferAction.RESUMED,
    Act.END: TransferAction.ENDED,
    Act.NOT_APPLICABLE: TransferAction.NOT_APPLICABLE,
}
