"""What outside systems said of what a plan is about: the newest answers, and what was restated."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from sqlmodel import Session, and_, col, select

from unbroken.kit.errors import NotFound
from unbroken.kit.sentences import Marked
from unbroken.sources.asking import asked_of
from unbroken.sources.figures import LABELS, LACKS, differing, figures_of, source_of, system_of
from unbroken.sources.kept import unpacked
from unbroken.sources.models import OutsideSource, Snapshot, SnapshotLink, SnapshotPart

MOST_COMPARED = 24
"""So many of the newest answers to a question are compared with each other."""


@dataclass(frozen=True, slots=True)
class Restated:
    """What a figure was in the answer before; ``None``: it was not stated. ``on``: since when."""

    on: datetime
    was: Decimal | None


@dataclass(frozen=True, slots=True)
class OutsideFigure:
    """One figure of an outside system; ``amount`` is ``None`` where it has not stated it."""

    name: str
    label: Marked
    amount: Decimal | None
    restated: Restated | None


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """The newest answer to one question, with its figures on child protection, perhaps none.

    ``source`` and ``lacks`` (what it does not contain) are sentences for people. ``stated_on`` is
    the source's own day. ``retrieved_at`` is when it came, ``last_seen_at`` when it was last found
    to be the answer still. ``silent_since``: since when the source says nothing new.
    """

    uid: UUID
    kind: str
    question: dict[str, str]
    source: str
    name: str
    plan_name: str
    retrieved_at: datetime
    last_seen_at: datetime
    stated_on: date | None
    sha256: str
    connector: str
    answers: int
    figures: tuple[OutsideFigure, ...]
    lacks: tuple[str, ...]
    warnings: tuple[str, ...]
    silent_since: datetime | None
    silent_reason: str


def snapshots_of(
    session: Session, plan_uid: UUID, *, country_iso3: str = ""
) -> tuple[SnapshotView, ...]:
    """Return the newest answer to each question that stands beside a plan, by kind and question.

    Of answers on several countries the plan's own, ``country_iso3``, is shown.
    Empty where nothing was loaded, which says nothing of any gap.
    """
    links = and_(
        col(SnapshotLink.kind) == Snapshot.kind, col(SnapshotLink.question) == Snapshot.question
    )
    query = (
        select(col(Snapshot.id), Snapshot.kind, Snapshot.question)
        .join(SnapshotLink, links)
        .where(SnapshotLink.plan_uid == plan_uid)
        .order_by(col(Snapshot.last_seen_at), col(Snapshot.id))
    )
    answers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, kind, question in session.exec(query):
        answers[kind, question].append(number or 0)
    wanted = [number for each in answers.values() for number in each[-MOST_COMPARED:]]
    rows = {
        row.id: row for row in session.exec(select(Snapshot).where(col(Snapshot.id).in_(wanted)))
    }
    silent = _silent(session, answers.keys())
    return tuple(
        _view(
            [rows[n] for n in answers[key] if n in rows],
            len(answers[key]),
            silent.get(key),
            country_iso3,
        )
        for key in sorted(answers)
    )


def raw_answer(session: Session, uid: UUID) -> tuple[tuple[str, bytes], ...]:
    """Return the raw payloads of a snapshot, each with its name; empty where raw is not kept.

    Raises:
        NotFound: there is no such snapshot.
    """
    found = session.exec(select(Snapshot.id).where(Snapshot.uid == uid)).first()
    if found is None:
        raise NotFound("There is no snapshot {snapshot}.", snapshot=str(uid))
    query = select(SnapshotPart).where(SnapshotPart.snapshot_id == found)
    rows = session.exec(query.order_by(col(SnapshotPart.payload), col(SnapshotPart.piece)))
    pieces: defaultdict[int, list[SnapshotPart]] = defaultdict(list)
    for row in rows:
        pieces[row.payload].append(row)
    return tuple((rows[0].name, unpacked([row.packed for row in rows])) for rows in pieces.values())


def _silent(
    session: Session, questions: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], OutsideSource]:
    kinds = sorted({kind for kind, _question in questions})
    query = select(OutsideSource).where(
        col(OutsideSource.kind).in_(kinds), OutsideSource.silent_reason != "", OutsideSource.is_on
    )
    return {(row.kind, row.question): row for row in session.exec(query)}


def _view(
    answers: Sequence[Snapshot], count: int, silent: OutsideSource | None, country_iso3: str
) -> SnapshotView:
    row = answers[-1]
    warnings, plan_name = row.document.get("warnings"), row.document.get("plan_name")
    return SnapshotView(
        uid=row.uid,
        kind=row.kind,
        question=asked_of(row.question),
        source=source_of(row.kind),
        name=row.name,
        plan_name=plan_name if isinstance(plan_name, str) else "",
        retrieved_at=row.retrieved_at,
        last_seen_at=row.last_seen_at,
        stated_on=row.stated_on,
        sha256=row.sha256,
        connector=row.connector,
        answers=count,
        figures=_figures(answers, country_iso3),
        lacks=LACKS.get(system_of(row.kind), ()),
        warnings=tuple(map(str, warnings)) if isinstance(warnings, list) else (),
        silent_since=silent.silent_since if silent else None,
        silent_reason=silent.silent_reason if silent else "",
    )


def _figures(answers: Sequence[Snapshot], country_iso3: str) -> tuple[OutsideFigure, ...]:
    """Return the newest answer's figures, each with what it was before its latest change."""
    told = [(row, figures_of(row.document, country_iso3)) for row in answers]
    newest = told[-1][1]
    restated: dict[str, Restated] = {}
    for (_row, older), (row, newer) in pairwise(told):
        for name in differing(newer, older):
            restated[name] = Restated(row.retrieved_at, older.get(name))
    return tuple(
        OutsideFigure(name, LABELS[name], amount, restated.get(name))
        for name, amount in newest.items()
    )
