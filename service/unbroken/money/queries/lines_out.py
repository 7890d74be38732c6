"""The lines of a plan one by one, as they are taken out: a hundred thousand do not fill memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import FromClause, Select, func, select
from sqlmodel import Session

from unbroken.kit.db import table
from unbroken.kit.errors import Forbidden
from unbroken.money import models
from unbroken.money.rules.words import Stage
from unbroken.people import models as people_models
from unbroken.people.rules import Actor, Place, Role
from unbroken.plans import models as plans_models

_LOADED = (models, people_models, plans_models)  # their import fills the metadata
AT_ONCE = 500
SEES_ALL = (Role.PLANNER, Role.OBSERVER, Role.STEWARD, Role.CO_CHAIR)
requirement, contribution = table("requirement"), table("contribution")
figure, area, body = table("contribution_figure"), table("area"), table("organisation")
donor = body.alias("donor")


class Said(NamedTuple):
    """What is said of an amount: in units of 10⁻⁴ of its currency and of US dollars.

    Both are ``None`` where it is spoken of and not stated.
    """

    units: int | None
    usd: int | None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A requirement or contribution that holds now; ``None`` for amounts of which nobody spoke.

    ``stages`` are those of a contribution from requested to paid. Places and bodies are slugs,
    empty where not said.
    """

    kind: str
    uid: UUID
    number: int
    title: str
    function: str
    area: str
    receiver: str
    donor: str
    pot: str
    basis: str
    starts_on: date
    ends_on: date
    currency: str
    required: Said | None
    stages: tuple[Said | None, ...]
    due_on: date | None
    source: str
    known_on: date
    illustrative: bool
    part_of: UUID | None


def sees_lines_of(actor: Actor, place: Place) -> UUID | None:
    """Return the receiver whose lines alone ``actor`` may see; ``None`` for every line.

    Raises:
        Forbidden: the actor may see none; donors see sums.
    """
    if any(actor.has(role, place) for role in SEES_ALL):
        return None
    if actor.has(Role.COUNTRY_TEAM, place) and actor.organisation_uid is not None:
        return actor.organisation_uid
    raise Forbidden(
        "Your role sees the sums of a plan's money, not its lines.",
        remedy="Ask for what is needed, covered and lacking instead.",
    )


def line_rows(session: Session, plan_id: int, *, receiver: UUID | None = None) -> Iterator[LineRow]:
    """Yield the lines that hold now, requirements first, in the order in which they were entered.

    ``receiver`` narrows to the lines meant for one organisation.
    """
    for statement, made in (
        (_requirements(plan_id), _requirement),
        (_contributions(plan_id), _contribution),
    ):
        narrowed = statement if receiver is None else statement.where(body.c.uid == receiver)
        options = {"yield_per": AT_ONCE}
        with session.connection().execute(narrowed, execution_options=options) as found:
            for row in found:
                yield made(row)


def count_lines(session: Session, plan_id: int) -> int:
    """Return how many lines of a plan hold now."""
    found = 0
    for rows in (requirement, contribution):
        meant = (rows.c.plan_id == plan_id, rows.c.gone_on.is_(None))
        counted = select(func.count()).select_from(rows).where(*meant)
        found += session.connection().scalar(counted) or 0
    return found


def _common(rows: Any) -> tuple[Any, ...]:  # noqa: ANN401 - either table
    return (
        rows.c.line_uid,
        rows.c.number,
        rows.c.title,
        rows.c.function_code,
        area.c.slug.label("area"),
        body.c.slug.label("receiver"),
        rows.c.starts_on,
        rows.c.ends_on,
        rows.c.currency,
        rows.c.source,
        rows.c.known_on,
        rows.c.illustrative,
    )


def _placed(rows: Any) -> FromClause:  # noqa: ANN401 - either table
    joined: FromClause = rows.outerjoin(area, area.c.id == rows.c.area_id).outerjoin(
        body, body.c.id == rows.c.receiver_id
    )
    return joined


def _requirements(plan_id: int) -> Select[*tuple[Any, ...]]:
    own = (requirement.c.basis, requirement.c.units, requirement.c.usd_units)
    return (
        select(*_common(requirement), *own)
        .select_from(_placed(requirement))
        .where(requirement.c.plan_id == plan_id, requirement.c.gone_on.is_(None))
        .order_by(requirement.c.id)
    )


def _contributions(plan_id: int) -> Select[*tuple[Any, ...]]:
    joined = _placed(contribution).outerjoin(donor, donor.c.id == contribution.c.donor_id)
    columns: list[Any] = []
    for stage in Stage:
        said = figure.alias(stage.value)
        joined = joined.outerjoin(
            said,
            (said.c.contribution_id == contribution.c.id) & (said.c.stage == stage.value),
        )
        names = ("id", "units", "usd_units", "said_on", "due_on")
        columns += [said.c[name].label(f"{stage.value}_{name}") for name in names]
    own = (contribution.c.pot, contribution.c.part_of_uid, donor.c.slug.label("donor"))
    return (
        select(*_common(contribution), *own, *columns)
        .select_from(joined)
        .where(contribution.c.plan_id == plan_id, contribution.c.gone_on.is_(None))
        .order_by(contribution.c.id)
    )


def _requirement(row: Any) -> LineRow:  # noqa: ANN401 - a row of the statement
    return LineRow(
        kind="requirement",
        **_shared(row),
        donor="",
        pot="",
        basis=row.basis.value,
        required=Said(row.units, row.usd_units),
        stages=(None,) * len(Stage),
        due_on=None,
        part_of=None,
    )


def _contribution(row: Any) -> LineRow:  # noqa: ANN401 - a row of the statement
    values = row._mapping  # noqa: SLF001 - the public way to a row's columns by name
    stages = tuple(
        None
        if values[f"{stage.value}_id"] is None
        else Said(*(values[f"{stage.value}_{name}"] for name in ("units", "usd_units", "said_on")))
        for stage in Stage
    )
    return LineRow(
        kind="contribution",
        **_shared(row),
        donor=row.donor or "",
        pot=row.pot.value,
        basis="",
        required=None,
        stages=stages,
        due_on=row.pledged_due_on,
        part_of=row.part_of_uid,
    )


def _shared(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of either statement
    return {
        "uid": row.line_uid,
        "number": row.number,
        "title": row.title,
        "function": row.function_code,
        "area": row.area or "",
        "receiver": row.receiver or "",
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "currency": row.currency,
        "source": row.source,
        "known_on": row.known_on,
        "illustrative": row.illustrative,
    }
