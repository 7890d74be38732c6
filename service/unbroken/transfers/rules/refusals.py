"""Why an act on a capacity is refused; each class is one reason, its docstring the message."""

from unbroken.kit.errors import Conflict, Forbidden, Invalid


class NotYours(Forbidden):
    """This act belongs to another side."""

    code = "not-yours"


class NeverSigns(Forbidden):
    """Stewards never sign for anyone."""

    code = "never-signs"


class OwnOffer(Forbidden):
    """Nobody answers an offer that the same account made."""

    code = "own-offer"


class SameHand(Forbidden):
    """A countersignature needs another account than the one that signed."""

    code = "same-hand"


class NotIndependent(Forbidden):
    """The giver's side never countersigns."""

    code = "not-independent"


class OutOfOrder(Conflict):
    """A capacity that is {state} does not allow {act}."""

    code = "out-of-order"


class NotOffered(OutOfOrder):
    """A capacity that is {state} has no open offer to answer."""

    code = "not-offered"


class NotConfirmed(OutOfOrder):
    """A capacity that is {state} is not confirmed, so {act} has nothing to stand on."""

    code = "not-confirmed"


class WaitsForCountersignature(Conflict):
    """An act on this capacity waits for its countersignature; answer that first."""

    code = "waits-for-countersignature"


class NothingPending(Conflict):
    """Nothing waits for a countersignature here."""

    code = "nothing-pending"


class PendingChanged(Conflict):
    """What was signed has changed since; refuse this act and let it be signed again."""

    code = "pending-changed"


class GiverStillThere(Conflict):
    """The giver is still there: ask it to offer, then answer."""

    code = "giver-still-there"


class TooEarly(Conflict):
    """This check cannot be passed before {from_on}."""

    code = "too-early"


class CheckedBefore(Conflict):
    """The check after {months} months has been made."""

    code = "checked-before"


class BridgeIsNotSustained(Conflict):
    """A bridge ends on its date, so it is never checked as sustained."""

    code = "bridge-is-not-sustained"


class PastLastDay(Conflict):
    """No time is left before the last day."""

    code = "past-last-day"


class TimeIsOver(Conflict):
    """The time for which this capacity is meant is over."""

    code = "time-is-over"


class DataToParty(Conflict):
    """Data never pass to a party to the conflict."""

    code = "data-to-party"


class MechanismContinues(Conflict):
    """Monitoring and reporting ends only after delisting, never because a mission closes."""

    code = "mechanism-continues"


class QuantityIsSigned(Conflict):
    """This quantity comes from a confirmation in part and is not changed by one side."""

    code = "quantity-is-signed"


class OnlyAuthorities(Conflict):
    """Only the answer of an authority that does not sign in is attested."""

    code = "only-authorities"


class WordsMissing(Invalid):
    """Something this act needs is missing or does not fit."""

    code = "words-missing"


class NothingLeft(Invalid):
    """A part is more than nothing and less than all; to take all, confirm."""

    code = "nothing-left"


class WrongDate(Invalid):
    """The date does not fit."""

    code = "wrong-date"


class WrongGround(Invalid):
    """This ground does not fit."""

    code = "wrong-ground"
