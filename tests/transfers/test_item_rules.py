"""What a change makes of one line of a checklist, and what is wrong with it; pure."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.capacities import TODAY
from unbroken.transfers.rules.items import (
    EVIDENCE_FIELDS,
    Changes,
    Fact,
    ItemFacts,
    changed_fields,
    edited,
    needs_second_hand,
    problems_of_change,
    wanted_facts,
)
from unbroken.transfers.rules.items import ItemField as F
from unbroken.transfers.rules.words import Classification
from unbroken.transfers.rules.words import ItemState as S

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
WHY = "Asked of nobody here."
BEFORE: Mapping[S, ItemFacts] = {
    S.OPEN: ItemFacts(assigned_to="unicef"),
    S.DONE: ItemFacts(
        state=S.DONE,
        done_on=YESTERDAY,
        evidence_title="Note",
        evidence_on=YESTERDAY,
        evidence_class=Classification.CONFIDENTIAL,
        assigned_to="unicef",
    ),
    S.NOT_APPLICABLE: ItemFacts(state=S.NOT_APPLICABLE, reason="Old.", assigned_to="unicef"),
}
EVIDENCE: Changes = {
    F.EVIDENCE_TITLE: "Protocol",
    F.EVIDENCE_ON: YESTERDAY,
    F.EVIDENCE_CUSTODIAN: "Archives unit",
    F.EVIDENCE_UNTIL_ON: TOMORROW,
}
TO: Mapping[S, Changes] = {
    S.OPEN: {F.STATE: S.OPEN, F.REASON: WHY},
    S.DONE: {F.STATE: S.DONE, F.DONE_ON: TODAY, **EVIDENCE},
    S.NOT_APPLICABLE: {F.STATE: S.NOT_APPLICABLE, F.REASON: WHY},
}


def paths(before: ItemFacts, changes: Changes, *, retired: bool = False) -> list[str]:
    return [each.path for each in problems_of_change(before, changes, on=TODAY, retired=retired)]


@pytest.mark.parametrize("tier", [1, 2, 3])
@pytest.mark.parametrize("after", S)
@pytest.mark.parametrize("before", S)
def test_every_state_is_reached_from_every_other(before: S, after: S, tier: int) -> None:
    if before is after:
        return
    came = edited(BEFORE[before], TO[after], tier=tier)

    waits = after is S.NOT_APPLICABLE and tier < 3
    reason = "" if waits or after is S.DONE else WHY
    expected = (before, BEFORE[before].reason, WHY) if waits else (after, reason, "")
    assert [] == paths(BEFORE[before], TO[after])
    assert expected == (came.state, came.reason, came.aside_reason)


@pytest.mark.parametrize(("tier", "needed"), [(1, True), (2, True), (3, False), (4, False)])
def test_the_first_two_tiers_need_a_second_hand(tier: int, *, needed: bool) -> None:
    assert needed is needs_second_hand(tier)


@pytest.mark.parametrize("after", [S.OPEN, S.NOT_APPLICABLE])
def test_what_is_not_done_keeps_no_evidence(after: S) -> None:
    came = edited(BEFORE[S.DONE], TO[after], tier=3)

    assert not any(came.value(name) for name in (F.DONE_ON, *EVIDENCE_FIELDS))


def test_what_waits_for_the_second_hand_stays_as_it_was() -> None:
    came = edited(BEFORE[S.DONE], TO[S.NOT_APPLICABLE], tier=1)

    assert BEFORE[S.DONE]._replace(aside_reason=WHY) == came


@pytest.mark.parametrize("after", [S.OPEN, S.DONE])
def test_whatever_state_follows_ends_the_question(after: S) -> None:
    asked = BEFORE[S.DONE if after is S.OPEN else S.OPEN]._replace(aside_reason="Why not.")

    assert "" == edited(asked, TO[after], tier=1).aside_reason


def test_assigning_leaves_the_question_open() -> None:
    asked = BEFORE[S.OPEN]._replace(aside_reason="Why not.")

    assert "Why not." == edited(asked, {F.ASSIGNED_TO: "unhcr"}, tier=1).aside_reason


def test_an_item_is_assigned_in_whatever_state() -> None:
    found = {
        state: (paths(before, {F.MAILBOX: "desk"}), edited(before, {F.MAILBOX: "desk"}, tier=1))
        for state, before in BEFORE.items()
    }

    assert {state: ([], BEFORE[state]._replace(mailbox="desk")) for state in S} == found


DONE_CASES: list[tuple[Changes, list[str]]] = [
    ({F.DONE_ON: TODAY}, []),
    ({F.DONE_ON: None}, ["done_on"]),
    ({F.DONE_ON: TOMORROW}, ["done_on"]),
    ({F.DONE_ON: TODAY, **EVIDENCE}, []),
    ({F.DONE_ON: TODAY, F.EVIDENCE_CLASS: Classification.PUBLIC}, []),
    ({F.DONE_ON: TODAY, **EVIDENCE, F.EVIDENCE_ON: None}, ["evidence/dated_on"]),
    ({F.DONE_ON: TODAY, **EVIDENCE, F.EVIDENCE_ON: TOMORROW}, ["evidence/dated_on"]),
    ({F.DONE_ON: TODAY, **EVIDENCE, F.EVIDENCE_TITLE: " "}, ["evidence/title"]),
    ({F.DONE_ON: TODAY, F.EVIDENCE_CUSTODIAN: "Archives"}, ["evidence/dated_on"]),
    ({F.DONE_ON: TODAY, F.EVIDENCE_UNTIL_ON: TODAY}, ["evidence/dated_on"]),
    (
        {F.DONE_ON: TODAY, **EVIDENCE, F.EVIDENCE_UNTIL_ON: YESTERDAY - timedelta(days=1)},
        ["evidence/until_on"],
    ),
    (
        {F.DONE_ON: TOMORROW, **EVIDENCE, F.EVIDENCE_TITLE: None, F.EVIDENCE_ON: TOMORROW},
        ["done_on", "evidence/title", "evidence/dated_on"],
    ),
    ({F.DONE_ON: TODAY, F.REASON: "Why."}, ["reason"]),
    ({F.DONE_ON: TODAY, F.REASON: ""}, []),
]


@pytest.mark.parametrize(("changes", "expected"), DONE_CASES)
def test_done_needs_a_day_and_whole_evidence_or_none(changes: Changes, expected: list[str]) -> None:
    assert expected == paths(BEFORE[S.OPEN], {F.STATE: S.DONE, **changes})


@pytest.mark.parametrize("name", [F.DONE_ON, *EVIDENCE_FIELDS])
@pytest.mark.parametrize("state", [S.OPEN, S.NOT_APPLICABLE])
def test_evidence_belongs_to_what_is_done(state: S, name: F) -> None:
    given: Changes = {F.DONE_ON: TODAY, **EVIDENCE, F.EVIDENCE_CLASS: Classification.PUBLIC}

    assert 1 == len(paths(BEFORE[state], {name: given[name]}))


@pytest.mark.parametrize("after", [S.OPEN, S.NOT_APPLICABLE])
def test_evidence_that_is_left_standing_while_reopening_is_no_fault(after: S) -> None:
    whole: Changes = {name: BEFORE[S.DONE].value(name) for name in (F.DONE_ON, *EVIDENCE_FIELDS)}

    assert [] == paths(BEFORE[S.DONE], {**whole, **TO[after]})


@pytest.mark.parametrize("reason", [None, "", "  "])
@pytest.mark.parametrize(
    ("before", "after"),
    [(S.DONE, S.OPEN), (S.OPEN, S.NOT_APPLICABLE), (S.NOT_APPLICABLE, S.OPEN)],
)
def test_reopening_and_setting_aside_need_a_reason(before: S, after: S, reason: str | None) -> None:
    changes: Changes = {F.STATE: after, F.REASON: reason}

    assert ["reason"] == paths(BEFORE[before], changes)


def test_the_reason_of_before_is_none_for_what_follows() -> None:
    assert ["reason"] == paths(BEFORE[S.NOT_APPLICABLE], {F.STATE: S.OPEN})


@pytest.mark.parametrize("reason", ["Another.", "", None])
def test_a_reason_changes_only_with_the_state(reason: str | None) -> None:
    assert ["reason"] == paths(BEFORE[S.NOT_APPLICABLE], {F.REASON: reason})


def test_a_reason_that_stands_is_no_fault_of_what_is_done_now() -> None:
    reopened = BEFORE[S.OPEN]._replace(reason="The list was of last year.")
    changes: Changes = {F.STATE: S.DONE, F.DONE_ON: TODAY, F.REASON: reopened.reason}

    assert ([], "") == (paths(reopened, changes), edited(reopened, changes, tier=1).reason)


@pytest.mark.parametrize("changes", [*TO.values(), {F.MAILBOX: "desk"}])
def test_what_is_kept_as_history_does_not_change(changes: Changes) -> None:
    assert ["state"] == paths(BEFORE[S.OPEN], changes, retired=True)


def test_evidence_is_restricted_where_nobody_says() -> None:
    came = edited(BEFORE[S.OPEN], TO[S.DONE], tier=1)

    assert Classification.RESTRICTED is came.evidence_class


def test_a_class_without_a_document_is_no_evidence() -> None:
    cleared: Changes = {F.EVIDENCE_TITLE: None, F.EVIDENCE_ON: None}
    came = edited(BEFORE[S.DONE], cleared, tier=1)

    assert ([], None) == (paths(BEFORE[S.DONE], cleared), came.evidence_class)


EMPTY: list[tuple[F, Fact]] = [
    *((name, None) for name in F if name is not F.REASON),
    *((name, "") for name in F if name is not F.REASON),
]


@pytest.mark.parametrize(("name", "value"), EMPTY)
def test_nothing_instead_of_nothing_is_no_change(name: F, value: Fact) -> None:
    before = ItemFacts()

    assert {} == changed_fields(before, edited(before, {name: value}, tier=1))


texts = st.text(alphabet="abc ", max_size=6).map(str.strip)
days = st.dates(min_value=date(2020, 1, 1), max_value=TODAY)


@st.composite
def facts(draw: st.DrawFn) -> ItemFacts:
    """Return facts as they can be stored."""
    known = draw(st.sampled_from(S).flatmap(FACTS_IN.__getitem__))
    return known._replace(assigned_to=draw(texts), mailbox=draw(texts))


@st.composite
def shown(draw: st.DrawFn) -> ItemFacts:
    """Return the facts of an item that is done and whose evidence is known."""
    dated_on = draw(days)
    return ItemFacts(
        state=S.DONE,
        done_on=draw(days),
        evidence_title=draw(texts.filter(bool)),
        evidence_on=dated_on,
        evidence_class=draw(st.sampled_from(Classification)),
        evidence_custodian=draw(texts),
        evidence_until_on=draw(st.none() | st.just(dated_on)),
        aside_reason=draw(texts),
    )


def opened(reason: str, aside_reason: str) -> ItemFacts:
    return ItemFacts(reason=reason, aside_reason=aside_reason)


def done(done_on: date) -> ItemFacts:
    return ItemFacts(state=S.DONE, done_on=done_on)


def aside(reason: str) -> ItemFacts:
    return ItemFacts(state=S.NOT_APPLICABLE, reason=reason)


FACTS_IN: Mapping[S, st.SearchStrategy[ItemFacts]] = {
    S.OPEN: st.builds(opened, texts, texts),
    S.DONE: shown() | st.builds(done, days),
    S.NOT_APPLICABLE: st.builds(aside, texts.filter(bool)),
}


changes_of = st.fixed_dictionaries(
    {},
    optional={
        F.STATE: st.sampled_from([*S, None]),
        F.DONE_ON: st.none() | days,
        F.REASON: st.none() | texts,
        F.EVIDENCE_TITLE: st.none() | texts,
        F.EVIDENCE_ON: st.none() | days,
        F.EVIDENCE_CLASS: st.none() | st.sampled_from(Classification),
        F.EVIDENCE_CUSTODIAN: st.none() | texts,
        F.EVIDENCE_UNTIL_ON: st.none() | days,
        F.ASSIGNED_TO: st.none() | texts,
        F.MAILBOX: st.none() | texts,
    },
)
tiers = st.integers(min_value=1, max_value=4)


@given(facts(), tiers)
def test_writing_what_stands_there_changes_nothing(before: ItemFacts, tier: int) -> None:
    same: Changes = {name: before.value(name) for name in F}

    assert before == edited(before, same, tier=tier)


@given(facts(), changes_of, tiers)
def test_old_values_put_back_are_the_facts_of_before(
    before: ItemFacts, changes: Changes, tier: int
) -> None:
    after = edited(before, changes, tier=tier)
    old = {name: both[0] for name, both in changed_fields(before, after).items()}

    assert before == after._replace(**old)  # type: ignore[arg-type]


@given(facts(), changes_of, tiers)
def test_sound_changes_leave_sound_facts(before: ItemFacts, changes: Changes, tier: int) -> None:
    if paths(before, changes):
        return
    after = edited(before, changes, tier=tier)
    again = [*problems_of_change(after, {}, on=TODAY)]
    evidence = [after.value(name) for name in (F.DONE_ON, *EVIDENCE_FIELDS)]

    assert [] == again
    assert after.state is S.DONE or not any(evidence)
    assert after.state is not S.NOT_APPLICABLE or after.reason
    assert bool(after.evidence_title) == (after.evidence_class is not None)


@given(facts(), changes_of, tiers)
def test_a_sound_change_holds_all_of_it_or_waits(
    before: ItemFacts, changes: Changes, tier: int
) -> None:
    if paths(before, changes):
        return
    wanted, after = wanted_facts(before, changes), edited(before, changes, tier=tier)
    waits = after.aside_reason == str(changes.get(F.REASON) or "") and after.state is before.state

    assert wanted.state is after.state or waits
    assert (wanted.assigned_to, wanted.mailbox) == (after.assigned_to, after.mailbox)
