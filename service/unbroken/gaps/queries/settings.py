"""How rules are set, now or at the end of a day gone by."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.sql.functions import max as greatest
from sqlmodel import Session, col

from unbroken.gaps.models_settings import RuleSetting
from unbroken.gaps.rules.scope import Scope
from unbroken.gaps.rules.settings import Ruling, Setting


def ruling_of(session: Session, scope: Scope) -> Ruling:
    """Return the settings with which a scope is looked at: those of its day where it is past."""
    return ruling_at(session, scope.ends_at) if scope.past else ruling_now(session)


def ruling_now(session: Session) -> Ruling:
    """Return the settings that stand now, of the instance and of every plan; one statement."""
    return _ruling(newest_rows(session))


def ruling_at(session: Session, instant: datetime) -> Ruling:
    """Return the settings that stood just before an instant."""
    return _ruling(newest_rows(session, before=instant))


def newest_rows(session: Session, *, before: datetime | None = None) -> list[RuleSetting]:
    """Return the newest row of each rule that is set somewhere, by number; may be empty."""
    newest = select(greatest(RuleSetting.id)).group_by(
        col(RuleSetting.plan_id), col(RuleSetting.rule)
    )
    if before is not None:
        newest = newest.where(col(RuleSetting.at) < before)
    rows = select(RuleSetting).where(
        col(RuleSetting.id).in_(newest), col(RuleSetting.is_set).is_(True)
    )
    return list(session.scalars(rows.order_by(col(RuleSetting.id))))


def setting_of(row: RuleSetting) -> Setting:
    """Return what a row says, as rules take it."""
    return Setting(
        off=row.off,
        at_least=row.at_least,
        at_most=row.at_most,
        limits={name: int(str(value)) for name, value in row.limits.items()},
        until_on=row.until_on,
        reason=row.reason,
        is_granted=row.granted_by_uid is not None,
    )


def _ruling(rows: list[RuleSetting]) -> Ruling:
    plans = {(row.plan_id, row.rule): setting_of(row) for row in rows if row.plan_id is not None}
    file: Mapping[str, Setting] = {row.rule: setting_of(row) for row in rows if row.plan_id is None}
    return Ruling(file, plans)
