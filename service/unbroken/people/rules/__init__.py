"""Who somebody is and what each role may see and do; pure."""

from unbroken.people.rules.actors import (
    NOBODY,
    SYSTEM,
    AccountState,
    Actor,
    Grant,
    LinkPurpose,
    OrganisationKind,
    Place,
    Role,
    Sight,
    Signing,
    author_of,
    sees_detail,
    sight_of,
)

__all__ = [
    "NOBODY",
    "SYSTEM",
    "AccountState",
    "Actor",
    "Grant",
    "LinkPurpose",
    "OrganisationKind",
    "Place",
    "Role",
    "Sight",
    "Signing",
    "author_of",
    "sees_detail",
    "sight_of",
]
