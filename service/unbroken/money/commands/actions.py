"""What acts on money are called in the trail."""

from unbroken.trail.rules import Action


class MoneyAction(Action):
    """The acts of this feature; names are hashed, so none is ever renamed."""

    REQUIREMENT_ENTERED = "money:requirement:entered"
    REQUIREMENT_AMENDED = "money:requirement:amended"
    REQUIREMENT_WITHDRAWN = "money:requirement:withdrawn"
    CONTRIBUTION_ENTERED = "money:contribution:entered"
    CONTRIBUTION_AMENDED = "money:contribution:amended"
    CONTRIBUTION_EXTENDED = "money:contribution:extended"
    CONTRIBUTION_WITHDRAWN = "money:contribution:withdrawn"
    INTEREST_REGISTERED = "money:interest:registered"
    INTEREST_WITHDRAWN = "money:interest:withdrawn"
    INTEREST_ANSWERED = "money:interest:answered"
    WATCH_MADE = "money:watch:made"
    WATCH_ENDED = "money:watch:ended"
    FEED_MADE = "money:feed:made"
    FEED_ENDED = "money:feed:ended"
