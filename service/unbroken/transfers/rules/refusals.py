"""Why an act on a capacity is refused; each class is one reason, its docstring the message."""

from unbroken.kit.errors import Conflict, Forbidden, Invalid
from unbroken.kit.languages import gettext as _


class NotYours(Forbidden):
    """This act belongs to another side."""

    code = "not-yours"
    remedy = _("Ask that side to do it: the page of the transfer names the giver and the receiver.")


class NeverSigns(Forbidden):
    """Stewards never sign for anyone."""

    code = "never-signs"
    remedy = _("Ask the giver, the receiver or a co-chair to sign.")


class OwnOffer(Forbidden):
    """Nobody answers an offer that the same account made."""

    code = "own-offer"
    remedy = _("Ask a colleague of the receiving organisation, or the co-chair, to answer it.")


class SameHand(Forbidden):
    """A countersignature needs another account than the one that signed."""

    code = "same-hand"
    remedy = _("Ask another account that may countersign, for example the co-chair.")


class NotIndependent(Forbidden):
    """The giver's side never countersigns."""

    code = "not-independent"
    remedy = _("Ask the receiving organisation or the co-chair to countersign.")


class OutOfOrder(Conflict):
    """A capacity that is {state} does not allow {act}."""

    code = "out-of-order"
    remedy = _("Open the capacity again: its page shows what can be done now.")


class NotOffered(OutOfOrder):
    """A capacity that is {state} has no open offer to answer."""

    code = "not-offered"
    remedy = _("Ask the giver to offer it, then answer.")


class NotConfirmed(OutOfOrder):
    """A capacity that is {state} is not confirmed, so {act} has nothing to stand on."""

    code = "not-confirmed"
    remedy = _("Have it confirmed first.")


class WaitsForCountersignature(Conflict):
    """An act on this capacity waits for its countersignature; answer that first."""

    code = "waits-for-countersignature"
    remedy = _("Countersign it or refuse it on the page of the capacity, then go on.")


class NothingPending(Conflict):
    """Nothing waits for a countersignature here."""

    code = "nothing-pending"
    remedy = _("Open the capacity again: somebody has answered, or nothing was signed.")


class PendingChanged(Conflict):
    """What was signed has changed since; refuse this act and let it be signed again."""

    code = "pending-changed"
    remedy = _("Refuse the countersignature and ask the first side to sign what stands now.")


class GiverStillThere(Conflict):
    """The giver is still there: ask it to offer, then answer."""

    code = "giver-still-there"
    remedy = _("Write to the giver; its name stands on the page of the transfer.")


class TooEarly(Conflict):
    """This check cannot be passed before {from_on}."""

    code = "too-early"
    remedy = _("Come back on that day, or record now that the check has failed.")


class CheckedBefore(Conflict):
    """The check after {months} months has been made."""

    code = "checked-before"
    remedy = _("Open the capacity again and record the next check when it is due.")


class BridgeIsNotSustained(Conflict):
    """A bridge ends on its date, so it is never checked as sustained."""

    code = "bridge-is-not-sustained"
    remedy = _("Name the receiver that takes over after the bridge, and check that one.")


class PastLastDay(Conflict):
    """No time is left before the last day."""

    code = "past-last-day"
    remedy = _("Answer now: confirm, confirm a part, or decline.")


class TimeIsOver(Conflict):
    """The time for which this capacity is meant is over."""

    code = "time-is-over"
    remedy = _("Look at what stayed with the giver for the time after it.")


class DataToParty(Conflict):
    """Data never pass to a party to the conflict."""

    code = "data-to-party"
    remedy = _("Name another receiver for the data, or end the capacity by decision.")


class MechanismContinues(Conflict):
    """Monitoring and reporting ends only after delisting, never because a mission closes."""

    code = "mechanism-continues"
    remedy = _("Choose another ground, or name a receiver for the function.")


class QuantityIsSigned(Conflict):
    """This quantity comes from a confirmation in part and is not changed by one side."""

    code = "quantity-is-signed"
    remedy = _("Ask the receiver to answer again for the quantity that is right.")


class OnlyAuthorities(Conflict):
    """Only the answer of an authority that does not sign in is attested."""

    code = "only-authorities"
    remedy = _("Let the receiving organisation sign in and answer for itself.")


class WordsMissing(Invalid):
    """Something this act needs is missing or does not fit."""

    code = "words-missing"
    remedy = _("Fill in what is asked for, then sign.")


class NothingLeft(Invalid):
    """A part is more than nothing and less than all; to take all, confirm."""

    code = "nothing-left"
    remedy = _("Confirm all of it, or name a part.")


class WrongDate(Invalid):
    """The date does not fit."""

    code = "wrong-date"
    remedy = _("Choose a day within the limits that the page names.")


class WrongGround(Invalid):
    """This ground does not fit."""

    code = "wrong-ground"
    remedy = _("Choose a ground from the list.")
