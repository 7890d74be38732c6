"""Reads what surrounds many capacities before each is looked at by itself."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from unbroken.people.models import Organisation
from unbroken.plans.models import Area, FunctionArea, Plan, Revision, RevisionState, Timetable
from unbroken.transfers.models import Capacity, Transfer
from unbroken.transfers.queries.cases import DATED


def read_ahead(session: Session, uids: Sequence[UUID]) -> Sequence[object]:
    """Read the rows around many capacities in a few statements; keep what is returned while needed.

    Only for acts that leave the timetable as it is: its rows are then not asked for again.
    """
    around = (
        sa_select(Capacity, Transfer, FunctionArea, Area, Plan)
        .join(Transfer, col(Transfer.id) == Capacity.transfer_id)
        .join(FunctionArea, col(FunctionArea.id) == Transfer.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .join(Plan, col(Plan.id) == Transfer.plan_id)
        .where(col(Capacity.uid).in_(uids))
    )
    rows = [tuple(row) for row in session.execute(around)]
    places = {row[2].id for row in rows}
    dated = (
        select(Timetable)
        .join(Revision, col(Revision.id) == Timetable.revision_id)
        .where(
            col(Timetable.function_area_id).in_(places), Revision.state == RevisionState.IN_FORCE
        )
    )
    session.info[DATED] = {row.function_area_id: row for row in session.exec(dated)}
    bodies = {number for row in rows for number in (row[1].giver_id, row[1].receiver_id)}
    parties = session.exec(select(Organisation).where(col(Organisation.id).in_(bodies))).all()
    return (*rows, *parties)
