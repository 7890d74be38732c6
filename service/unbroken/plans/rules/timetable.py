"""The timetable: every date of a plan, derived once from one revision.

Source: resolution 2764 (2024), element H: a responsible transfer of capacity, whatever the notice.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from unbroken.functions.rules import Edition, Fact, Function, Level
from unbroken.plans.rules.content import Baseline, RevisionContent
from unbroken.plans.rules.dependencies import brought_forward
from unbroken.plans.rules.leads import lead, longest_target
from unbroken.plans.rules.places import Places, Span, places
from unbroken.plans.rules.rows import LastDayReason, Row
from unbroken.plans.rules.steps import steps
from unbroken.plans.rules.windows import windows

__all__ = ["LastDayReason", "Row", "applies", "cannot_be_met", "timetable"]


def timetable(
    content: RevisionContent, edition: Edition, baseline: Baseline | None = None
) -> tuple[Row, ...]:
    """Return one row for each function in each area, by tier, catalogue order and area.

    With a baseline these are its lines. Without one they are the functions that apply, a fact that
    is unknown counting as holding: those of the whole mission in the mission's area (a plan without
    it leaves them to the mission that stays), the others in each area right below it, or in the
    mission's where there is none. Steps that other functions wait for are brought forward to when
    they are needed. The order in which areas, phases, posts and lines are given does not matter.

    ``content`` and ``baseline`` have passed ``check_content`` and ``check_baseline``; may be empty.
    """
    there = places(content)
    catalogue = {code: number for number, code in enumerate(edition.functions)}
    pairs = set(_lines(baseline) if baseline else _applicable(there, edition))
    longest = longest_target(edition)
    rows = [
        _row(there, edition.functions[code], slug=slug, longest=longest) for code, slug in pairs
    ]
    return tuple(
        sorted(
            brought_forward(rows, edition, trigger_on=content.trigger_on),
            key=lambda row: (row.tier, catalogue[row.function_code], there.order(row.area_slug)),
        )
    )


def cannot_be_met(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows whose minimum does not fit, what to save first at the front; may be empty.

    By tier, then last day, then as given.
    """
    lost = [row for row in rows if row.cannot_be_met]
    return tuple(sorted(lost, key=lambda row: (row.tier, row.last_day_on)))


def applies(function: Function, content: RevisionContent) -> bool:
    """Return whether no fact on which the function depends is known not to hold."""
    return _absent(content).isdisjoint(function.applies_when)


def _lines(baseline: Baseline) -> Iterator[tuple[str, str]]:
    yield from ((code, slug) for code, slug, _ in baseline.lines)


def _applicable(there: Places, edition: Edition) -> Iterator[tuple[str, str]]:
    mission = there.mission()
    whole = [] if mission is None else [mission.slug]
    below = [area.slug for area in there.top()] or whole
    for code, function in edition.functions.items():
        if applies(function, there.content):
            slugs = whole if function.level is Level.MISSION else below
            yield from ((code, slug) for slug in slugs)


def _absent(content: RevisionContent) -> set[Fact]:
    return {fact for fact, holds in content.facts.items() if holds is False}


def _row(there: Places, function: Function, *, slug: str, longest: Fraction) -> Row:
    ends = list(_ends(there, function.code, slug=slug))
    reason, first = min(ends, key=lambda end: end[1].earliest)
    its = lead(
        function,
        trigger_on=there.content.trigger_on,
        last_day_on=first.earliest,
        longest=longest,
    )
    return Row(
        function_code=function.code,
        area_slug=slug,
        tier=function.tier,
        last_day_on=first.earliest,
        last_day_reason=reason,
        certain_on=min(span.latest for _, span in ends),
        lead_start_on=its.starts_on,
        lead_days=its.days,
        cannot_be_met=its.cannot_be_met,
        notice=its.available,
        windows=windows(its.factor),
        steps=steps(function, its, absent=_absent(there.content)),
    )


def _ends(there: Places, code: str, *, slug: str) -> Iterator[tuple[LastDayReason, Span]]:
    """Yield everything that ends the function there, in the order of ``LastDayReason``."""
    exact = (
        (LastDayReason.MANDATE, there.mandate_end(slug)),
        (LastDayReason.PHASE, there.dropped_on(slug, code)),
        (LastDayReason.POSTS, there.posts_end(slug, code)),
    )
    yield from ((reason, Span(day, day)) for reason, day in exact if day is not None)
    yield from ((LastDayReason.CLOSING, span) for span in there.closings(slug))
