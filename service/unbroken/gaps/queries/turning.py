"""When what was found may be another, read beside a look."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from sqlmodel import Session

from unbroken.gaps.rules import Finding, Rule, Scope
from unbroken.gaps.rules.settings import AS_USUAL, Ruling
from unbroken.gaps.rules.turning import LATEST, Ruled, coming, next_rung, turning_day


def turning_days(
    session: Session,
    scope: Scope,
    rules: Collection[Rule],
    *,
    found: Iterable[Finding],
    ruling: Ruling = AS_USUAL,
) -> dict[int, date]:
    """Return by plan the first day after the scope's on which ``rules`` may find something else.

    That is where nobody acts. ``found`` is what they find now, as ``ruling`` sets them; on which
    day a setting ends is not in it. Plans in which nothing comes soon are absent: their day is
    ``LATEST`` after the scope's.
    """
    days = _dates(session, scope, rules)
    by_plan: dict[int, list[Finding]] = {}
    for finding in found:
        by_plan.setdefault(finding.found.plan_id, []).append(finding)
    ruled = Ruled({rule.code: rule for rule in rules}, ruling)
    for plan_id, findings in by_plan.items():
        before = days.get(plan_id, scope.on + LATEST)
        # past the end of a setting a finding may be milder: no rung is sought there
        before = min(before, ruling.turns_on(plan_id, on=scope.on) or before)
        days[plan_id] = next_rung(findings, ruled, on=scope.on, before=before)
    return days


def _dates(session: Session, scope: Scope, rules: Collection[Rule]) -> dict[int, date]:
    builds = frozenset(rule.build for rule in rules)
    whole = replace(scope, item_uids=None)
    values = {**whole.values, "until": scope.on + LATEST}
    days: dict[int, date] = {}
    for statement in coming(builds, narrow=scope.plan_ids is not None):
        for plan_id, *dates in session.connection().execute(statement, values):
            if day := turning_day(dates, on=scope.on):
                days[plan_id] = min(day, days.get(plan_id, day))
    return days
