"""Open gaps, counted by nothing but how severe they are: for whoever watches the service."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlmodel import Session

from unbroken.gaps import models
from unbroken.gaps.rules.words import GapState, Severity
from unbroken.kit.db import table

_LOADED = models  # its import fills the metadata
gap = table("gap")


def open_by_severity(session: Session) -> Mapping[Severity, int]:
    """Return how many gaps are open of each severity; all severities are there."""
    statement = (
        select(gap.c.severity, func.count())
        .where(gap.c.state == GapState.OPEN)
        .group_by(gap.c.severity)
    )
    found = {Severity(each): count for each, count in session.connection().execute(statement)}
    return {each: found.get(each, 0) for each in Severity}
