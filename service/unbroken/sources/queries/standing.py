"""How outside sources answer, counted: by kind and outcome, never by what they are asked about."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum

from sqlmodel import Session, col, select

from unbroken.sources.models import FormSourceRow, OutsideSource


class LastAnswer(StrEnum):
    """How the last look at a source ended."""

    OFF = "off"
    NEVER = "never-asked"
    ANSWERED = "answered"
    SILENT = "silent"


def answers_by_kind(session: Session) -> Mapping[tuple[str, LastAnswer], int]:
    """Return how many sources of each kind (of forms: each system) ended in which way."""
    found: Counter[tuple[str, LastAnswer]] = Counter()
    for kind, table in ((OutsideSource.kind, OutsideSource), (FormSourceRow.system, FormSourceRow)):
        query = select(kind, col(table.is_on), col(table.silent_since), col(table.read_at))
        for name, is_on, silent_since, read_at in session.exec(query):
            outcome = _outcome(is_on=is_on, is_silent=silent_since is not None)
            is_new = outcome is LastAnswer.ANSWERED and read_at is None
            found[name, LastAnswer.NEVER if is_new else outcome] += 1
    return found


def _outcome(*, is_on: bool, is_silent: bool) -> LastAnswer:
    if not is_on:
        return LastAnswer.OFF
    return LastAnswer.SILENT if is_silent else LastAnswer.ANSWERED
