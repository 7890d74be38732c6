"""The rule about outside sources: one that says nothing more is told once, and moves no other gap.

What it said before stands with its date. Form servers count as well as other systems.
"""

from datetime import date
from typing import Any

from sqlalchemy import FromClause, and_, union_all

from unbroken.gaps.rules.limits import Limit
from unbroken.gaps.rules.rule import Found, Rule
from unbroken.gaps.rules.scope import Scope, Statement, Union, found, plan
from unbroken.gaps.rules.words import Severity
from unbroken.kit.db import table
from unbroken.sources import models as sources_models

_LOADED = sources_models  # its import fills the metadata
form, outside, link = table("form_source"), table("outside_source"), table("snapshot_link")
LONG = Limit("long_days", 30, 1, 730, "Days of silence beyond its window that are long")


def source_silent(scope: Scope) -> Union:
    """Return sources that are on and have been silent for longer than their window, by plan."""
    of_forms = (
        _found(scope, form, form.c.system)
        .join(form, form.c.plan_uid == plan.c.uid)
        .where(*_is_silent(scope, form))
    )
    of_others = (
        _found(scope, outside, outside.c.kind)
        .join(link, link.c.plan_uid == plan.c.uid)
        .join(outside, and_(outside.c.kind == link.c.kind, outside.c.question == link.c.question))
        .where(*_is_silent(scope, outside))
    )
    return union_all(of_forms, of_others)


def _found(scope: Scope, source: FromClause, kind: Any) -> Statement:  # noqa: ANN401 - a column of either table
    columns = found(
        subjects=[plan.c.uid, source.c.uid],
        turns_on=source.c.silent_after_on,
        facts={
            "source": kind,
            "silence": source.c.silent_reason,
            "silent_after": source.c.silent_after_on,
        },
    )
    return scope.of_plans(plan.c.triggered_on).with_only_columns(*columns)


def _is_silent(scope: Scope, source: FromClause) -> tuple[Any, ...]:
    return source.c.is_on, source.c.silent_reason != "", source.c.silent_after_on <= scope.day


def by_length(found: Found, on: date, *, long_days: int = LONG.usual) -> Severity:
    """Return low for a silence of up to a month beyond its window, medium after."""
    return Severity.MEDIUM if (on - found.turns_on).days > long_days else Severity.LOW


RULES = (
    Rule(
        code="source-silent",
        title="An outside source says nothing more",
        for_children="What is known of money and presence for children is growing old.",
        sentence="{source} has not answered within its window, which ended on {silent_after}. "
        "{silence} What it said before stands with its date.",
        remedy="Look at the source, or load its answer from a file.",
        elements=(),
        source="Design judgement, 2026",
        touched_by=("outside_source", "form_source"),
        build=source_silent,
        ladder=by_length,
        limits=(LONG,),
    ),
)
