"""What acts on gaps are called in the trail."""

from unbroken.trail.rules import Action


class GapAction(Action):
    """The acts of this feature; names are hashed, so none is ever renamed."""

    ACKNOWLEDGED = "gaps:gap:acknowledged"
    ACKNOWLEDGEMENT_ENDED = "gaps:gap:acknowledgement-ended"
    ASSIGNED = "gaps:gap:assigned"
    UNASSIGNED = "gaps:gap:unassigned"
    COMMENTED = "gaps:gap:commented"
    COMMENT_WITHDRAWN = "gaps:gap:comment-withdrawn"
    WAIVER_ASKED = "gaps:gap:waiver-asked"
    WAIVED = "gaps:gap:waived"
    WAIVER_ENDED = "gaps:gap:waiver-ended"
