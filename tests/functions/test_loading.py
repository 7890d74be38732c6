"""Loading an edition into the database: once, whole, the same everywhere, and never changed."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from tests.functions.examples import SOUND, edition_of
from unbroken.functions.commands import load_edition
from unbroken.functions.models import ChecklistItemRow, EditionRow, FunctionRow
from unbroken.functions.queries import edition_names, loaded_edition, read_edition
from unbroken.functions.rules import Level
from unbroken.kit.bundled import bundled
from unbroken.kit.canonical import digest
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Conflict, Forbidden, Invalid, NotFound
from unbroken.people.rules import NOBODY, SYSTEM, Actor, Grant, Role
from unbroken.trail.models import Entry


def load(sessions: Sessions, clock: FixedClock, place: Path, text: str = SOUND) -> UUID:
    return load_edition(sessions, edition=edition_of(place, text), actor=SYSTEM, clock=clock)


def actions(sessions: Sessions) -> list[str]:
    with sessions.reading() as session:
        return list(session.exec(select(Entry.action)))


def test_loaded_edition_is_the_one_that_was_read(sessions: Sessions, clock: FixedClock) -> None:
    published = read_edition(bundled("checklists") / "2026.1")
    load_edition(sessions, edition=published, actor=SYSTEM, clock=clock)

    with sessions.reading() as session:
        loaded = loaded_edition(session, "2026.1")

    assert published == loaded
    assert list(published.functions) == list(loaded.functions)


def test_loading_writes_the_columns_that_statements_compare(
    sessions: Sessions, clock: FixedClock, tmp_path: Path
) -> None:
    load(sessions, clock, tmp_path)

    with sessions.reading() as session:
        function = session.exec(select(FunctionRow)).one()

    assert ("VET", 3, Level.MISSION, False) == (
        *(function.code, function.tier, function.level, function.restricted),
    )


def test_each_item_is_stored_with_the_digest_of_its_text(
    sessions: Sessions, clock: FixedClock, tmp_path: Path
) -> None:
    load(sessions, clock, tmp_path)

    with sessions.reading() as session:
        rows = session.exec(select(ChecklistItemRow).order_by(ChecklistItemRow.item_id)).all()

    assert ["VET-01", "VET-02", "VET-03", "VET-04"] == [row.item_id for row in rows]
    assert digest("Name who vets.") == rows[0].text_digest


def test_uuids_are_the_same_on_every_instance(
    sessions: Sessions, clock: FixedClock, tmp_path: Path
) -> None:
    uid = load(sessions, clock, tmp_path)

    with sessions.reading() as session:
        item = session.exec(select(ChecklistItemRow.uid).order_by(ChecklistItemRow.item_id)).first()

    assert UUID("39d92403-602e-53bb-935f-4cde3cf76639") == uid
    assert UUID("ab539ac9-d63b-5f70-a5f3-ae33e2a33c3e") == item


def test_loading_the_same_again_changes_nothing(
    sessions: Sessions, clock: FixedClock, tmp_path: Path
) -> None:
    first = load(sessions, clock, tmp_path)
    again = load(sessions, clock, tmp_path)

    with sessions.reading() as session:
        assert 1 == len(session.exec(select(EditionRow)).all())
    assert first == again
    assert ["catalogue:edition:loaded"] == actions(sessions)


CHANGES = {
    "text of an item": ("Name who vets.", "Name nobody.", "VET, item VET-01, text"),
    "evidence of an item": (
        "Sign the standard.\n    evidence: Title and date.",
        "Sign the standard.\n    evidence: Nothing.",
        "VET, item VET-03, evidence",
    ),
    "offset of an item": ("offset: 0.25", "offset: 0.2", "VET, item VET-02, offset"),
    "item renamed": ("id: VET-04", "id: VET-05", "VET, item VET-04, removed"),
    "tier": ("tier: 3", "tier: 4", "VET, tier"),
    "part": ("title: Procedure", "title: Other", "VET, capacities"),
}


@pytest.mark.parametrize(("old", "new", "named"), CHANGES.values(), ids=CHANGES.keys())
def test_changed_edition_is_refused_and_says_what_differs(
    sessions: Sessions, clock: FixedClock, tmp_path: Path, old: str, new: str, named: str
) -> None:
    load(sessions, clock, tmp_path)

    with pytest.raises(Conflict) as refused:
        load(sessions, clock, tmp_path, SOUND.replace(old, new, 1))

    assert named in refused.value.render()
    assert "new edition" in refused.value.remedy


def test_refused_edition_leaves_the_loaded_one_as_it_was(
    sessions: Sessions, clock: FixedClock, tmp_path: Path
) -> None:
    load(sessions, clock, tmp_path)
    with pytest.raises(Conflict):
        load(sessions, clock, tmp_path, SOUND.replace("tier: 3", "tier: 4"))

    with sessions.reading() as session:
        loaded = loaded_edition(session, "2026.9")

    assert edition_of(tmp_path) == loaded
    assert ["catalogue:edition:loaded"] == actions(sessions)


def test_next_edition_stands_beside_the_first(
    sessions: Sessions, clock: FixedClock, tmp_path: Path
) -> None:
    load(sessions, clock, tmp_path)
    changed = edition_of(tmp_path, SOUND.replace("tier: 3", "tier: 4"), name="2026.10")
    load_edition(sessions, edition=changed, actor=SYSTEM, clock=clock)

    with sessions.reading() as session:
        names = edition_names(session)

    assert ["2026.10", "2026.9"] == names


def test_loading_is_for_stewards(sessions: Sessions, clock: FixedClock, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        load_edition(sessions, edition=edition_of(tmp_path), actor=NOBODY, clock=clock)

    with sessions.reading() as session:
        assert [] == edition_names(session)


def test_steward_loads_and_stands_in_the_trail(
    sessions: Sessions, clock: FixedClock, tmp_path: Path
) -> None:
    steward = Actor(uuid4(), "steward", uuid4(), grants=(Grant(Role.STEWARD),))
    load_edition(sessions, edition=edition_of(tmp_path), actor=steward, clock=clock)

    with sessions.reading() as session:
        author = session.exec(select(Entry.account_uid)).one()

    assert steward.account_uid == author


def test_many_differences_are_named_in_part_and_counted(
    sessions: Sessions, clock: FixedClock, tmp_path: Path
) -> None:
    load(sessions, clock, tmp_path)

    with pytest.raises(Conflict) as refused:
        load(
            sessions,
            clock,
            tmp_path,
            SOUND.replace("Title and date", "Title").replace("VET-0", "VET-1"),
        )

    assert (8, 8) == (refused.value.facts["count"], refused.value.render().count("item VET"))


@pytest.mark.parametrize("name", ["", "my edition", "x" * 41, "../2026.1"])
def test_edition_without_a_proper_name_is_refused(
    sessions: Sessions, clock: FixedClock, tmp_path: Path, name: str
) -> None:
    with pytest.raises(Invalid):
        load_edition(sessions, edition=edition_of(tmp_path, name=name), actor=SYSTEM, clock=clock)


def test_edition_that_is_not_loaded_is_not_found(sessions: Sessions) -> None:
    with sessions.reading() as session, pytest.raises(NotFound):
        loaded_edition(session, "1999.1")


def test_tampered_function_is_noticed(
    sessions: Sessions, clock: FixedClock, tmp_path: Path
) -> None:
    load(sessions, clock, tmp_path)
    with sessions.begin() as session:
        row = session.exec(select(FunctionRow)).one()
        row.body = {**row.body, "tier": 4}

    with sessions.reading() as session, pytest.raises(Invalid):
        loaded_edition(session, "2026.9")
