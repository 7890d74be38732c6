"""Another edition as an act on a plan: who, when, its dates, and a trial that writes nothing."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sqlmodel import col, select

from tests.factories.editions import (
    DATA,
    NEW,
    OLD,
    POSTS,
    Stand,
    a_line,
    line_id,
    make_stand,
    new_edition,
    old_edition,
    revise,
    wide_function,
    with_items,
)
from tests.transfers.adopting import (
    CODE,
    due,
    head,
)
from unbroken.functions.rules import (
    assemble,
)
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden, NotFound
from unbroken.plans.models import Plan, PlanState, Revision, RevisionState
from unbroken.transfers.commands.adopting import AdoptEdition, adopt_edition


@pytest.fixture
def stand(sessions: Sessions, clock: FixedClock) -> Stand:
    return make_stand(sessions, clock)


# --- dates


def test_the_timetable_is_derived_anew(stand: Stand) -> None:
    stand.one()
    moved = f"item:{line_id(CODE, DATA, 1)}"
    before, named = due(stand, moved), due(stand, "receiver-named")
    came = stand.adopt(new_edition(old_edition()))

    assert came.revision == 2
    assert before.isdisjoint(due(stand, moved))
    assert due(stand, moved) == due(stand, "receiver-named") == named


@pytest.mark.parametrize(
    ("changes", "moves"), [({"offset": Fraction(1, 2)}, True), ({"evidence": "A list."}, False)]
)
def test_another_offset_is_another_day(
    stand: Stand, changes: dict[str, object], *, moves: bool
) -> None:
    line = replace(a_line(CODE, POSTS, 1), **changes)  # type: ignore[arg-type]
    before = due(stand, f"item:{line.id}")
    stand.adopt(with_items(old_edition(), line))

    assert moves is not (before == due(stand, f"item:{line.id}"))


def test_a_revision_afterwards_is_of_the_new_edition(stand: Stand) -> None:
    stand.adopt(new_edition(old_edition()))
    revise(stand, minutes=3)

    with stand.sessions.reading() as session:
        found = session.exec(select(Revision).order_by(col(Revision.number))).all()
    assert [OLD, NEW, NEW] == [row.edition for row in found]


def test_a_plan_without_a_revision_adopts_all_the_same(stand: Stand) -> None:
    with stand.sessions.begin() as session:
        session.exec(select(Revision)).one().state = RevisionState.DRAFT
    came = stand.adopt(new_edition(old_edition()))

    assert (None, NEW) == (came.revision, stand.plan().edition)


# --- the act itself


def test_a_trial_writes_nothing(stand: Stand) -> None:
    uids = stand.one()
    stand.confirm(uids[POSTS])
    stand.load(new_edition(old_edition()))
    before = (head(stand), stand.capacities(), stand.items(), stand.plan())
    tried = stand.adopt(new_edition(old_edition()), dry_run=True)

    assert before == (head(stand), stand.capacities(), stand.items(), stand.plan())
    done = stand.adopt(new_edition(old_edition()))
    assert (False, done) == (tried.written, replace(tried, written=True))


def test_the_trail_says_what_was_adopted(stand: Stand) -> None:
    stand.one()
    came = stand.adopt(new_edition(old_edition()))

    with stand.sessions.reading() as session:
        body = session.connection().exec_driver_sql(
            "SELECT v.body FROM trail_value v JOIN trail_entry e ON e.id = v.entry_id"
            " WHERE e.action = 'transfers:plan:edition-adopted'"
        )
        found = body.scalar_one()
    assert "wide.2" in str(found)
    assert came.written


@pytest.mark.parametrize("who", ["receiver", "co_chair", "steward"])
def test_only_planners_adopt(stand: Stand, who: str) -> None:
    with pytest.raises(Forbidden):
        stand.adopt(new_edition(old_edition()), by=getattr(stand, who))


def test_the_edition_of_the_plan_is_not_adopted_again(stand: Stand) -> None:
    with pytest.raises(Conflict):
        stand.adopt(old_edition())


def test_an_edition_that_is_not_loaded_is_not_found(stand: Stand) -> None:
    order = AdoptEdition(plan=stand.slug, edition="nowhere")
    with pytest.raises(NotFound):
        adopt_edition(stand.sessions, order, actor=stand.planner, clock=stand.clock)


@pytest.mark.parametrize("state", [PlanState.COMPLETED, PlanState.CANCELLED])
def test_what_is_over_adopts_nothing(stand: Stand, state: PlanState) -> None:
    with stand.sessions.begin() as session:
        session.exec(select(Plan)).one().state = state
    with pytest.raises(Conflict):
        stand.adopt(new_edition(old_edition()))


def test_only_functions_of_the_plan_are_told(stand: Stand) -> None:
    extra = wide_function("PSEA-VIC", 1, lines=1)
    edition = assemble(NEW, [*old_edition().functions.values(), extra])
    came = stand.adopt(edition)

    told = {one.code for kind in ("added", "other") for one in getattr(came.changes, kind)}
    assert told <= {"MRM-VER", "REFER", "DIG-REP", "PSEA-VIC"}
