"""Money taken out as files, whole or refused, sent while they are being made."""

from collections.abc import Callable, Iterator

from sqlalchemy import func, select
from sqlmodel import Session
from starlette.responses import Response, StreamingResponse

from unbroken.kit.db import row_id
from unbroken.kit.errors import TooLarge
from unbroken.kit.languages import gettext as _
from unbroken.kit.sentences import sentence
from unbroken.money.queries.cover import CoverAsk, cover_statement, streamed_cover
from unbroken.money.queries.grounds import grounds
from unbroken.money.queries.lines_out import count_lines, line_rows, sees_lines_of
from unbroken.plans.queries import PlanView
from unbroken.plans.queries.rows import plan_row
from unbroken.web.dependencies import Visit
from unbroken.web.item_workbook_files import XLSX, FileKind
from unbroken.workbooks.money_tables import cover_table, line_table
from unbroken.workbooks.streamed import MOST_ROWS, Table, book_pieces, csv_pieces

Tables = Callable[[Session], Table]


def cover_file(visit: Visit, ask: CoverAsk, kind: FileKind, *, with_tags: bool) -> Response:
    """Return what is needed, covered and lacking as a file, every row that is asked about.

    Raises:
        TooLarge: there are more rows than a sheet holds; CSV has no such limit.
    """
    if kind is XLSX:
        counted = select(func.count()).select_from(
            cover_statement(ask, actor=visit.actor).subquery("rows")
        )
        with visit.sessions.reading() as session:
            _check(session.connection().scalar(counted) or 0)

    def tables(session: Session) -> Table:
        known = grounds(session, actor=visit.actor)
        rows = streamed_cover(session, ask, actor=visit.actor)
        return cover_table(rows, known, with_tags=with_tags)

    return _sent(visit, tables, kind, name=f"money-{visit.today.isoformat()}")


def line_file(visit: Visit, plan: PlanView, kind: FileKind, *, with_tags: bool) -> Response:
    """Return the requirements and contributions of a plan that hold now, each of them.

    A receiver gets those meant for it.

    Raises:
        Forbidden: the visitor sees sums only.
        TooLarge: there are more lines than a sheet holds.
    """
    receiver = sees_lines_of(visit.actor, plan.place)
    with visit.sessions.reading() as session:
        number = row_id(plan_row(session, plan.uid))
        if kind is XLSX:
            _check(count_lines(session, number))

    def tables(session: Session) -> Table:
        return line_table(line_rows(session, number, receiver=receiver), with_tags=with_tags)

    today = visit.clock.today(plan.time_zone)
    return _sent(visit, tables, kind, name=f"{plan.slug}-money-{today.isoformat()}")


def _sent(visit: Visit, tables: Tables, kind: FileKind, *, name: str) -> Response:
    made_at = visit.clock.now()

    def pieces() -> Iterator[bytes]:
        with visit.sessions.reading() as session:
            table = tables(session)
            if kind is XLSX:
                yield from book_pieces(table, sheet="money", made_at=made_at)
            else:
                yield from csv_pieces(table)

    headers = {
        "content-disposition": f'attachment; filename="{name}.{kind.ending}"',
        "cache-control": "no-store",
        "vary": "accept, authorization, cookie",
    }
    return StreamingResponse(pieces(), media_type=kind.media_type, headers=headers)


def _check(rows: int) -> None:
    if rows > MOST_ROWS:
        raise TooLarge(
            _("There are more rows than a sheet of a workbook holds."),
            remedy=sentence("Narrow it to {most} rows, or take it out as CSV.", most=MOST_ROWS),
        )
