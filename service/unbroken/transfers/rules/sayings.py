"""States and acts of capacities as they stand inside a sentence; each has its translation."""

from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import Sentence, sentence
from unbroken.transfers.rules.words import Act, CapacityState

STATES = {
    CapacityState.NOT_STARTED: _("not started"),
    CapacityState.PLANNED: _("planned"),
    CapacityState.OFFERED: _("offered"),
    CapacityState.RECOMMENDED: _("recommended"),
    CapacityState.TIME_ASKED: _("offered, with more time asked for"),
    CapacityState.ATTESTED: _("attested"),
    CapacityState.CONFIRMED: _("confirmed"),
    CapacityState.CONDITIONAL: _("confirmed on condition"),
    CapacityState.SUSTAINED: _("sustained"),
    CapacityState.DECLINED: _("declined"),
    CapacityState.DISPUTED: _("disputed"),
    CapacityState.WITHDRAWN: _("withdrawn"),
    CapacityState.LAPSED: _("lapsed"),
    CapacityState.SUSPENDED: _("suspended"),
    CapacityState.ENDED: _("ended"),
    CapacityState.NOT_APPLICABLE: _("not applicable"),
}
ACTS = {
    Act.PLAN: _("planning it"),
    Act.OFFER: _("offering it"),
    Act.RECOMMEND: _("recommending it"),
    Act.CONFIRM: _("confirming it"),
    Act.CONFIRM_PART: _("confirming a part of it"),
    Act.CONFIRM_ON_CONDITION: _("confirming it on condition"),
    Act.MEET_CONDITION: _("saying that its condition is met"),
    Act.DECLINE: _("declining it"),
    Act.DISPUTE: _("disputing it"),
    Act.RESOLVE: _("settling a dispute"),
    Act.ASK_TIME: _("asking for more time"),
    Act.WITHDRAW: _("withdrawing it"),
    Act.ATTEST: _("attesting it"),
    Act.RECEIVE: _("receiving it without an offer"),
    Act.COUNTERSIGN: _("countersigning"),
    Act.REFUSE_COUNTERSIGN: _("refusing a countersignature"),
    Act.CHECK: _("checking it"),
    Act.LAPSE: _("saying that it has lapsed"),
    Act.SUSPEND: _("suspending it"),
    Act.RESUME: _("resuming it"),
    Act.END: _("ending it"),
    Act.NOT_APPLICABLE: _("saying that it does not apply"),
}


def said_state(state: CapacityState) -> Sentence:
    """Return a state as it stands inside a sentence."""
    return sentence(STATES[state])


def said_act(act: Act) -> Sentence:
    """Return an act as it stands inside a sentence."""
    return sentence(ACTS[act])
