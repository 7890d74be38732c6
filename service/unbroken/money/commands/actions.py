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
    RATES_LOADED = "money:rates:loaded"
