"""Tells those who watch money what a scan found to have risen above their limit, exactly once.

What is told is written with the changes of its plan; the letters, one for each watch, are put when
the scan ends, or by the next one where it broke off. About a restricted function a letter has a
number and a link, nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from unbroken.functions.models import EditionRow, FunctionRow
from unbroken.gaps.changes import Changes, OpenGap
from unbroken.gaps.models import Gap
from unbroken.gaps.rules import Fact, Finding
from unbroken.kit.db import new_uid, put_if_absent, row_id
from unbroken.money.models_interest import Told, Watch
from unbroken.money.queries.watches import Watcher, watchers
from unbroken.money.rules.amounts import quarter_of, to_amount
from unbroken.money.rules.watching import MOST_IN_LETTER, RULES, TOPIC, Lack, is_told
from unbroken.outbox.commands import Draft, put
from unbroken.people.models import Account
from unbroken.people.queries.actors import actor_of
from unbroken.people.rules import AccountState, Place, sight_of
from unbroken.plans.models import Mission, Plan
from unbroken.plans.queries.timetables import titles_of

NUMBER_LENGTH = 8
UNCOVERED, FUNCTION = "uncovered_usd", "function"


@dataclass(frozen=True, slots=True)
class Telling:
    """Which scan tells, when, and the day it looked at."""

    scan_uid: UUID
    at: datetime
    on: date


def tell(
    session: Session, plan_id: int, known: Iterable[OpenGap], happened: Changes, *, by: Telling
) -> None:
    """Write down what each watch is told of one plan, once its changes are written.

    ``known`` are the plan's gaps as they were before. In the caller's transaction.
    """
    before = {gap.key: _units(gap.facts) for gap in known}
    found = [each for each in _findings(happened) if _rises(each, before)]
    watching = watchers(session) if found else []
    if not watching:
        return
    plan = session.get_one(Plan, plan_id)
    mission = session.get_one(Mission, plan.mission_id)
    place, themes = Place(plan.uid, mission.country_iso3), _themes(session, plan.edition)
    gaps = _gaps(session, [each.key for each in found])
    for finding in found:
        code = str(finding.found.facts[FUNCTION])
        lack = Lack(
            country=mission.country_iso3,
            mission=mission.slug,
            plan=plan.slug,
            function=code,
            tier=finding.found.tier,
            theme=themes.get(code, ""),
            before=before.get(finding.key, 0),
            after=_units(finding.found.facts),
        )
        for each in watching:
            if _asks(session, each, lack, place):
                _write(session, each.watch, _told(finding, lack, plan_id, gaps, by=by))


def put_letters(session: Session) -> None:
    """Put one letter for each watch that was told something and has not been written to.

    In the caller's transaction. A watch that was ended meanwhile, or whose account was closed,
    gets none.
    """
    waiting = select(Told).where(col(Told.waits)).order_by(col(Told.id))
    # held: of two scans that end at once the second finds nothing left
    rows = session.exec(waiting.with_for_update()).all()
    by_watch: dict[int, list[Told]] = {}
    for row in rows:
        by_watch.setdefault(row.watch_id, []).append(row)
    for watch_id, told in by_watch.items():
        _put_letter(session, session.get_one(Watch, watch_id), told)
    for row in rows:
        row.waits = False
    session.flush()


def _findings(happened: Changes) -> Iterator[Finding]:
    """Yield the lacks of money that opened, changed or tell another amount."""
    changed = (change.finding for change in happened.happened)
    for finding in (*changed, *happened.restated):
        if finding is not None and finding.rule in RULES and not finding.is_set_aside:
            yield finding


def _rises(finding: Finding, before: Mapping[str, int]) -> bool:
    return _units(finding.found.facts) > before.get(finding.key, 0)


def _units(facts: Mapping[str, Fact]) -> int:
    return int(str(facts.get(UNCOVERED) or 0))


def _themes(session: Session, edition: str) -> dict[str, str]:
    theme = col(FunctionRow.body)["group"].as_string()
    query = select(FunctionRow.code, theme).join(EditionRow).where(EditionRow.name == edition)
    return dict(session.exec(query).all())


def _gaps(session: Session, keys: list[str]) -> dict[str, UUID]:
    query = select(Gap.key, Gap.uid).where(col(Gap.key).in_(keys))
    return dict(session.exec(query).all())


def _asks(session: Session, each: Watcher, lack: Lack, place: Place) -> bool:
    """Return whether a watch asks for this, and whether its account may see it today."""
    if not is_told(lack, each.filters, least=each.watch.least_units):
        return False
    return sight_of(actor_of(session, each.account)).covers(place)


def _told(
    finding: Finding, lack: Lack, plan_id: int, gaps: Mapping[str, UUID], *, by: Telling
) -> dict[str, object]:
    restricted = finding.found.restricted
    quarter = datetime.combine(quarter_of(by.on), time(), tzinfo=UTC)
    return {
        "plan_id": plan_id,
        "function_code": lack.function,
        "gap_uid": gaps[finding.key],
        "restricted": restricted,
        "opened_on": by.on,
        "turns_on": finding.found.turns_on,
        "uncovered_units": lack.after,
        "scan_uid": by.scan_uid,
        "told_at": by.at,
        "shown_at": quarter if restricted else by.at,
    }


def _write(session: Session, watch: Watch, values: dict[str, object]) -> None:
    row = values | {"uid": new_uid(), "watch_id": row_id(watch), "waits": watch.by_mail}
    if put_if_absent(session, Told, row):
        told = update(Watch).where(col(Watch.id) == watch.id).values(told_at=values["told_at"])
        session.connection().execute(told)


def _put_letter(session: Session, watch: Watch, told: list[Told]) -> None:
    account = session.get_one(Account, watch.account_id)
    if watch.ended_at is not None or account.state is not AccountState.ACTIVE:
        return
    body: dict[str, object] = {
        "account": account.uid,
        "language": account.language,
        "watch": watch.uid,
        "count": len(told),
        "items": [_item(session, row) for row in told[:MOST_IN_LETTER]],
    }
    # what waited is marked in this transaction, so the last of it names the letter
    put(session, Draft(TOPIC, f"watch:{watch.uid}:{told[-1].uid}", account.mailbox, body))


def _item(session: Session, row: Told) -> dict[str, object]:
    item: dict[str, object] = {
        "number": row.gap_uid.hex[:NUMBER_LENGTH],
        "link": f"/gaps/{row.gap_uid}",
    }
    if row.restricted:
        return item
    plan = session.get_one(Plan, row.plan_id)
    return item | {
        "plan": plan.title,
        "plan_slug": plan.slug,
        "function": titles_of(session, plan.edition).get(row.function_code, row.function_code),
        "function_code": row.function_code,
        "month": row.turns_on,
        "uncovered_usd": to_amount(row.uncovered_units),
    }
