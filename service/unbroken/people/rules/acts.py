"""What the trail calls the acts on people. Names are hashed: never rename one."""

from unbroken.trail.rules import Action


class PeopleAction(Action):
    """The acts on organisations, accounts, sign-ins, passwords and tokens."""

    ORGANISATION_CREATED = "people:organisation:created"
    ORGANISATION_RENAMED = "people:organisation:renamed"
    INVITED = "people:account:invited"
    INVITED_AGAIN = "people:account:invited-again"
    ACCEPTED = "people:account:accepted"
    GRANTED = "people:account:granted"
    CLOSED = "people:account:closed"
    LANGUAGE_CHOSEN = "people:account:language-chosen"
    SIGNED_IN = "people:sign-in:opened"
    SIGNED_OUT = "people:sign-in:ended"
    SIGNED_OUT_EVERYWHERE = "people:sign-in:all-ended"
    SIGN_IN_LINK_MADE = "people:sign-in-link:made"
    RESET_ASKED = "people:password:reset-asked"
    RESET = "people:password:reset"
    PASSWORD_CHANGED = "people:password:changed"  # noqa: S105
    TOKEN_MADE = "people:token:made"  # noqa: S105
    TOKEN_REVOKED = "people:token:revoked"  # noqa: S105
