"""Where a stated need comes from: the sources on record, without anything else of its lines."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from unbroken.kit.db import table
from unbroken.money import models
from unbroken.money.queries.asking import plan
from unbroken.money.rules.words import Basis

_LOADED = models  # its import fills the metadata
requirement = table("requirement")


@dataclass(frozen=True, slots=True)
class Origin:
    """One source of needs and the day it was known on; ``is_estimate`` where posts stand behind.

    ``is_stated`` is whether it gives an amount.
    """

    source: str
    known_on: date
    is_estimate: bool
    is_stated: bool
    illustrative: bool


def origins(session: Session, plan_uid: UUID, function: str) -> tuple[Origin, ...]:
    """Return by which sources the needs of a function stand now, the newest first; may be empty.

    A source may name places: show it to nobody from whom places of the function are hidden.
    """
    columns = (requirement.c.source, requirement.c.known_on, requirement.c.basis)
    stated = requirement.c.units.is_not(None).label("stated")
    statement = (
        select(*columns, stated, requirement.c.illustrative)
        .join(plan, plan.c.id == requirement.c.plan_id)
        .where(
            plan.c.uid == plan_uid,
            requirement.c.function_code == function,
            requirement.c.gone_on.is_(None),
        )
        .distinct()
        .order_by(requirement.c.known_on.desc(), requirement.c.source, requirement.c.basis)
    )
    return tuple(
        Origin(
            source,
            known_on,
            is_estimate=basis == Basis.BASELINE_POSTS,
            is_stated=bool(has_amount),
            illustrative=bool(invented),
        )
        for source, known_on, basis, has_amount, invented in session.connection().execute(statement)
    )
