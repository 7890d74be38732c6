"""Receipts told in words: what was done, by whom, when, how much, and on what grounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.transfers.queries import ReceiptView
from unbroken.transfers.rules.words import Act
from unbroken.web.act_forms import GROUND_WORDS

SYSTEM = sentence("the rules of the product")
SOMEBODY = sentence("an organisation that is not listed any more")


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One receipt for people; ``done`` and ``ground`` are English, ``who`` is a name or English.

    ``parts`` are titles. ``countersigns`` is the act that it puts a second signature under.
    """

    receipt: ReceiptView
    done: str
    who: str
    parts: tuple[str, ...]
    ground: str
    countersigns: str


def receipt_lines(
    receipts: Sequence[ReceiptView],
    *,
    names: Mapping[UUID, str],
    titles: Mapping[str, str],
) -> tuple[ReceiptLine, ...]:
    """Return receipts in words, the first first; ``names`` are of organisations by UUID."""
    acts = {receipt.uid: receipt.act for receipt in receipts}
    return tuple(
        ReceiptLine(
            receipt=receipt,
            done=ACT_DONE[receipt.act],
            who=_who(receipt, names),
            parts=tuple(titles.get(key, key) for key in receipt.parts),
            ground=GROUND_WORDS[receipt.ground] if receipt.ground else "",
            countersigns=_second(receipt, acts),
        )
        for receipt in receipts
    )


def _who(receipt: ReceiptView, names: Mapping[UUID, str]) -> str:
    if receipt.account_uid is None:
        return SYSTEM
    uid = receipt.organisation_uid
    return SOMEBODY if uid is None else names.get(uid, SOMEBODY)


def _second(receipt: ReceiptView, acts: Mapping[UUID, Act]) -> str:
    first = acts.get(receipt.countersigns_uid) if receipt.countersigns_uid else None
    return ACT_DONE[first] if first else ""


ACT_DONE: Mapping[Act, str] = {
    Act.PLAN: _("Planned"),
    Act.OFFER: _("Offered"),
    Act.RECOMMEND: _("Recommended"),
    Act.CONFIRM: _("Confirmed"),
    Act.CONFIRM_PART: _("Confirmed in part"),
    Act.CONFIRM_ON_CONDITION: _("Confirmed on condition"),
    Act.MEET_CONDITION: _("Condition met"),
    Act.DECLINE: _("Declined"),
    Act.DISPUTE: _("Disputed"),
    Act.RESOLVE: _("Dispute resolved"),
    Act.ASK_TIME: _("More time asked"),
    Act.WITHDRAW: _("Withdrawn"),
    Act.ATTEST: _("Attested"),
    Act.RECEIVE: _("Received without an offer"),
    Act.COUNTERSIGN: _("Countersigned"),
    Act.REFUSE_COUNTERSIGN: _("Countersignature refused"),
    Act.CHECK: _("Checked"),
    Act.LAPSE: _("Lapsed"),
    Act.SUSPEND: _("Suspended"),
    Act.RESUME: _("Resumed"),
    Act.END: _("Ended by decision"),
    Act.NOT_APPLICABLE: _("Called not applicable"),
}
