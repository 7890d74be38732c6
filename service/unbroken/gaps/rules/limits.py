"""The numbers inside rules that may be set: what each is called, and within which bounds.

Windows that are stored with a revision are not among them: a revision sets those.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from unbroken.kit.sentences import Marked

USUAL: Mapping[str, int] = MappingProxyType({})
"""No limit is set otherwise than is usual."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One number: ``usual`` where nothing is set; ``least`` and ``most`` are allowed themselves.

    It is in days where its name ends so, in whole US dollars where it ends in ``usd``. ``fact``
    names the amount that is told from this limit on; without one, the ladder asks for the limit.
    """

    name: str
    usual: int
    least: int
    most: int
    text: Marked
    fact: str = ""
