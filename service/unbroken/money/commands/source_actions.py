"""What acts on outside sources and their answers are called in the trail."""

from unbroken.trail.rules import Action


class SourceAction(Action):
    """Names are hashed, so none is ever renamed."""

    ADDED = "source:outside:added"
    SWITCHED = "source:outside:switched"
    STORED = "source:snapshot:stored"
    LINKED = "source:snapshot:linked"
