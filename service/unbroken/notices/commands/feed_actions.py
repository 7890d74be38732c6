"""What acts on feeds of one's own are called in the trail."""

from unbroken.trail.rules import Action


class FeedAction(Action):
    """The acts on feeds; names are hashed, so none is ever renamed."""

    MADE = "notices:feed:made"
    MADE_ANEW = "notices:feed:made-anew"
    ENDED = "notices:feed:ended"
