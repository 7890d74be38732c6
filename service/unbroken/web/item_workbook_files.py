"""A plan's checklists as a file that is sent: which kind, how it is called, and never cached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session
from starlette.responses import Response

from unbroken.plans.queries import PlanView
from unbroken.plans.queries.rows import Ref
from unbroken.web.dependencies import Visit
from unbroken.workbooks.item_export import export_items, export_items_csv
from unbroken.workbooks.readers import Reading


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: how its name ends, its media type, and what writes it."""

    ending: str
    media_type: str
    write: Callable[[Session, Ref, Reading], bytes]


XLSX = FileKind(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", export_items
)
CSV = FileKind("csv", "text/csv; charset=utf-8", export_items_csv)
ENDINGS_OF_TEXT = (".csv", ".txt", ".tsv")


def exported(visit: Visit, plan: PlanView, kind: FileKind) -> Response:
    """Return the checklists of a plan as far as the visitor may see them, in their language.

    Raises:
        NotFound: the visitor may not see the plan.
    """
    today = visit.clock.today(plan.time_zone)
    reading = Reading(visit.actor, visit.reader, today, visit.clock.now())
    with visit.sessions.reading() as session:
        raw = kind.write(session, plan.uid, reading)
    return as_file(raw, kind, name=name_of(plan, today, kind))


def as_file(raw: bytes, kind: FileKind, *, name: str) -> Response:
    """Return bytes as a file to keep under ``name`` (plain ASCII), which no cache keeps."""
    headers: Mapping[str, str] = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
        "vary": "cookie, accept-language",
    }
    return Response(raw, media_type=kind.media_type, headers=dict(headers))


def name_of(plan: PlanView, on: date, kind: FileKind, *, part: str = "") -> str:
    """Return how the file of a plan's checklists of one day is called; slugs are ASCII."""
    words = [plan.slug, "checklist", part, on.isoformat()]
    return "-".join(word for word in words if word) + f".{kind.ending}"


def is_csv(name: str) -> bool:
    """Return whether a file of that name is text with separators."""
    return name.casefold().endswith(ENDINGS_OF_TEXT)


def media_of(kind: FileKind) -> str:
    """Return the media type of a kind of file, without what else is said of it."""
    return kind.media_type.partition(";")[0]
