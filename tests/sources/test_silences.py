"""When a source says nothing: how long it is left alone, and when that is told."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.factories.plans import noon
from tests.forms.server import Fault
from tests.sources.outside import OutsideDesk
from unbroken.gaps.queries.running import findings
from unbroken.gaps.rules import RULES, Finding, Scope, Severity
from unbroken.gaps.rules.explain import why
from unbroken.kit.errors import Conflict
from unbroken.money.commands.fetching import fetch_due
from unbroken.sources.commands import take_outside_source
from unbroken.sources.models import OutsideSource
from unbroken.sources.queries.outside import outside_sources_due

TODAY = date(2026, 3, 2)


def silent(desk: OutsideDesk, on: date = TODAY) -> list[Finding]:
    with desk.sessions.reading() as session:
        return findings(session, Scope(on=on), rules=[RULES["source-silent"]])


def test_silence_is_told_once_and_what_was_said_before_stays(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    outside.fetch(uid)
    outside.server.fails_from(2, Fault(500))
    waits = []
    for day in range(3, 9):
        outside.fetch(uid, clock=noon(date(2026, 3, day)))
        row = outside.row(uid)
        assert row.not_before_at is not None
        assert row.read_at is not None
        waits.append(row.not_before_at - row.read_at)
    (finding,) = silent(outside, date(2026, 3, 8))
    (view,) = outside.beside()
    said = why(RULES["source-silent"], finding.found.facts, titles={})

    assert [0.5, 1, 2, 4, 8, 16] == [each / timedelta(hours=1) for each in waits]
    assert (Severity.LOW, date(2026, 3, 4)) == (finding.severity, finding.found.turns_on)
    assert "It answers with an error." in said
    assert (TODAY, "refused") == (view.retrieved_at.date(), view.silent_reason)
    assert Severity.MEDIUM is silent(outside, date(2026, 5, 1))[0].severity


def test_silence_counts_only_after_its_window(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    outside.fetch(uid)
    outside.server.fails_from(2, Fault(500))
    outside.fetch(uid, clock=noon(date(2026, 3, 3)))

    assert [] == silent(outside, date(2026, 3, 3))
    assert 1 == len(silent(outside, date(2026, 3, 4)))


def test_an_answer_ends_the_silence(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    outside.server.faults = {1: Fault(500)}
    outside.fetch(uid)
    before = len(silent(outside))
    outside.fetch(uid)
    row = outside.row(uid)

    assert (1, 0) == (before, len(silent(outside)))
    assert (0, "", None, None) == (
        row.failures,
        row.silent_reason,
        row.silent_after_on,
        row.not_before_at,
    )


def test_a_source_that_is_off_is_never_silent(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", is_on=False, plan="929")
    outside.server.fails_from(1, Fault(500))
    outside.fetch(uid)

    assert [] == silent(outside)


def test_what_is_on_and_due_is_asked_by_itself(outside: OutsideDesk) -> None:
    outside.add("fts-clusters", plan="929")
    outside.add("fts-clusters", is_on=False, plan="930")
    outside.add("hpc-monitoring", plan="1185")  # the server does not know it
    clock = outside.plan.clock
    done = fetch_due(outside.sessions, outside=outside.outside, clock=clock)
    again = fetch_due(outside.sessions, outside=outside.outside, clock=clock)

    assert ["", "not-there"] == [each.reason for each in done]
    assert [] == again


def test_a_source_that_is_being_asked_is_not_asked_twice(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    take_outside_source(outside.sessions, uid)
    with outside.sessions.reading() as session:
        assert () == outside_sources_due(session)
    with pytest.raises(Conflict):
        outside.fetch(uid)


def test_a_reading_that_was_overtaken_changes_nothing(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")

    def take_it_away(_body: dict[str, object]) -> None:
        with outside.sessions.begin() as session:
            row = session.exec(select(OutsideSource)).one()
            row.epoch += 1
            session.add(row)

    outside.server.faults = {1: Fault(change=take_it_away)}

    assert (False, []) == (outside.fetch(uid).changed, outside.stored())


def test_silence_moves_no_other_gap_and_no_other_gap_hides_it(outside: OutsideDesk) -> None:
    uid = outside.add("fts-clusters", plan="929")
    late = date(2026, 11, 1)
    before = _all_found(outside, late)
    outside.server.fails_from(1, Fault(503))
    outside.fetch(uid)

    assert before
    assert before | {"source-silent"} == _all_found(outside, late)


def _all_found(desk: OutsideDesk, on: date) -> set[str]:
    with desk.sessions.reading() as session:
        return {each.rule for each in findings(session, Scope(on=on))}
