"""For whom something is exported."""

from dataclasses import dataclass
from datetime import date, datetime

from unbroken.kit.languages import Translator
from unbroken.people.rules import Actor


@dataclass(frozen=True, slots=True)
class Reading:
    """Who exports, for whom it is written, and the plan's day and the instant of the export."""

    actor: Actor
    reader: Translator
    on: date
    at: datetime
