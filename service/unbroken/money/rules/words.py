"""The words of money, as stored and shown. Source: FTS glossary of OCHA, 2024."""

from enum import StrEnum


class Stage(StrEnum):
    """How far money has come. The same money passes several; they are never added together.

    ``REQUESTED``: asked for. ``PLEDGED``: promised, not bound. ``COMMITTED``: bound by a signed
    agreement. ``PAID``: in the receiver's account.
    """

    REQUESTED = "requested"
    PLEDGED = "pledged"
    COMMITTED = "committed"
    PAID = "paid"


class Pot(StrEnum):
    """Where money comes from; assessed and voluntary money are never mixed.

    ``MISSION_BUDGET`` is assessed and ends with the mandate, whatever its period says.
    """

    VOLUNTARY = "voluntary"
    ASSESSED = "assessed"
    MISSION_BUDGET = "mission-budget"


class Basis(StrEnum):
    """What a requirement rests on; ``BASELINE_POSTS`` is an estimate and shown as one."""

    STATED = "stated"
    BASELINE_POSTS = "baseline-posts"


class Need(StrEnum):
    """What is known of the need in a month. Three states, and a mark for estimates."""

    STATED = "stated"
    ESTIMATED = "estimated"
    NOT_STATED = "not-stated"


class Change(StrEnum):
    """Why a line says something else than before; nothing is ever overwritten."""

    ENTERED = "entered"
    AMENDED = "amended"
    EXTENDED = "extended-at-no-cost"
    WITHDRAWN = "withdrawn"
