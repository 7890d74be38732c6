"""Another edition beside what is signed, and back again: no signature is touched."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from tests.factories.capacities import TODAY
from tests.factories.editions import (
    DATA,
    NEW,
    POSTS,
    SKILLS,
    Stand,
    a_line,
    changed_edition,
    ids,
    line_id,
    make_stand,
    new_edition,
    old_edition,
    with_items,
    without,
)
from tests.transfers.adopting import (
    CODE,
    DONE,
    change,
    digests,
    due,
    signed,
    texts,
)
from unbroken.functions.rules import (
    Dimension,
    Edition,
    Item,
    Milestone,
    assemble,
)
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.transfers.commands.adding import AddItem, add_item
from unbroken.transfers.models import Capacity
from unbroken.transfers.models import Item as Row
from unbroken.transfers.queries.item_entries import ItemFilter, item_list
from unbroken.transfers.rules.words import Act, ItemState


@pytest.fixture
def stand(sessions: Sessions, clock: FixedClock) -> Stand:
    return make_stand(sessions, clock)


# --- where somebody signed


def pinned(stand: Stand, edition: Edition) -> Mapping[Dimension, UUID]:
    """Confirm posts and skills, adopt, and return the capacities."""
    uids = stand.one()
    stand.confirm(uids[POSTS], uids[SKILLS])
    stand.adopt(edition)
    return uids


def test_beside_what_is_signed_a_new_line_stands_open_and_outside(stand: Stand) -> None:
    uids = pinned(stand, with_items(old_edition(), a_line(CODE, POSTS, 90)))

    made = stand.item(line_id(CODE, POSTS, 90), of=uids[POSTS])
    assert (ItemState.OPEN, NEW, False) == (made.state, made.edition, made.in_content)


def test_what_is_signed_keeps_its_words(stand: Stand) -> None:
    line = replace(a_line(CODE, POSTS, 1), text="Do it otherwise.")
    uids = pinned(stand, with_items(old_edition(), line))

    assert "Do thing 1 for posts." == texts(stand, uids[POSTS])[line.id]


def test_what_is_signed_and_gone_is_history_but_stays_signed(stand: Stand) -> None:
    uids = pinned(stand, without(old_edition(), line_id(CODE, POSTS, 1)))

    kept = stand.item(line_id(CODE, POSTS, 1), of=uids[POSTS])
    assert (NEW, True) == (kept.retired_in, kept.in_content)


def test_a_line_stays_where_it_was_signed(stand: Stand) -> None:
    line = replace(a_line(CODE, SKILLS, 1), dimension=DATA)
    uids = pinned(stand, with_items(old_edition(), line))

    assert line.id in ids(stand.items(of=uids[SKILLS]))
    assert line.id not in ids(stand.items(of=uids[DATA]))


def test_a_line_that_comes_to_what_is_signed_stands_outside(stand: Stand) -> None:
    line = replace(a_line(CODE, DATA, 1), dimension=POSTS)
    uids = pinned(stand, with_items(old_edition(), line))

    came = stand.item(line.id, of=uids[POSTS])
    assert (None, False) == (came.retired_in, came.in_content)


def test_parts_that_were_signed_stay(stand: Stand) -> None:
    uids = pinned(stand, new_edition(old_edition()))

    assert ("post", ["abduction", "maiming", "use"]) == (
        stand.capacity(uids[POSTS]).unit,
        stand.capacity(uids[SKILLS]).parts,
    )


def test_the_report_counts_what_is_kept(stand: Stand) -> None:
    uids = stand.one()
    stand.confirm(*uids.values())
    came = stand.adopt(new_edition(old_edition()))

    expected = {
        "capacities_pinned": 4,
        "capacities_moved": 0,
        "capacities_added": 1,
        "items_added": 3,
        "items_retired": 1,
        "items_reworded": 0,
        "items_kept": 1,
        "items_moved": 0,
    }
    assert expected == came.tally


def test_once_offered_again_the_new_edition_is_signed(stand: Stand) -> None:
    uids = stand.one()
    stand.sign(stand.planner, Act.OFFER, uids[POSTS])
    stand.sign(stand.receiver, Act.DECLINE, uids[POSTS], reason="Too few of them.")
    edition = new_edition(old_edition())
    stand.adopt(edition)
    stand.sign(stand.planner, Act.OFFER, uids[POSTS])

    row, wanted = stand.capacity(uids[POSTS]), edition.functions[CODE].items
    expected = {item.id: item.text for item in wanted if item.dimension is POSTS}
    content = stand.receipts()[-1].content
    assert (NEW, "staff", row.content_hash) == (row.edition, row.unit, row.signed_hash)
    assert set(expected.values()) == {line["text"] for line in content["items"]}  # type: ignore[attr-defined]
    assert set(expected) == {item.item_id for item in stand.items(of=row.uid) if item.in_content}


def test_what_came_later_follows_the_next_edition_too(stand: Stand) -> None:
    later = a_line(CODE, POSTS, 90)
    edition = with_items(old_edition(), later)
    uids = pinned(stand, edition)
    again = with_items(edition, replace(later, text="Do it now."), name="wide.3")
    came = stand.adopt(again, minutes=2)

    assert "Do it now." == texts(stand, uids[POSTS])[later.id]
    assert (1, 0) == (came.tally["items_reworded"], came.tally["items_kept"])


def test_the_rest_of_a_part_follows_until_it_is_signed(stand: Stand) -> None:
    uid = stand.one()[POSTS]
    stand.sign(stand.planner, Act.OFFER, uid)
    made = stand.sign(stand.receiver, Act.CONFIRM_PART, uid, quantity=4)
    stand.adopt(with_items(old_edition(), a_line(CODE, POSTS, 90)))

    assert made.rest_uid is not None
    rest = stand.capacity(made.rest_uid)
    assert (NEW, 6) == (rest.edition, rest.quantity)
    assert line_id(CODE, POSTS, 90) in ids(stand.items(of=rest.uid))


def test_a_receiver_of_some_dimensions_gets_no_new_ones(stand: Stand) -> None:
    place = next(iter(stand.places().values()))
    stand.named(place)
    with stand.sessions.begin() as session:
        gone = session.exec(select(Capacity).where(Capacity.dimension == DATA)).one()
        for item in session.exec(select(Row).where(Row.capacity_id == gone.id)).all():
            session.delete(item)
        session.flush()
        session.delete(gone)
    came = stand.adopt(new_edition(old_edition()))

    assert 0 == came.tally["capacities_added"]


def test_lines_that_planners_added_stay(stand: Stand) -> None:
    uids = stand.one()
    orders = [
        AddItem(capacity_uid=uids[POSTS], text="Ask the office.", due_on=TODAY),
        AddItem(capacity_uid=uids[POSTS], text="Ask again.", anchor=f"item:{GONE}"),
    ]
    made = [
        add_item(stand.sessions, order, actor=stand.planner, clock=stand.clock) for order in orders
    ]
    before = [due(stand, f"item:{each.item_id}") for each in made]
    stand.adopt(new_edition(old_edition()))

    assert before == [due(stand, f"item:{each.item_id}") for each in made]
    assert {each.item_id for each in made} <= ids(stand.items(of=uids[POSTS]))
    assert 1 == len(before[1])


GONE = line_id(CODE, POSTS, 2)


# --- there and back


def test_adopting_back_asks_for_what_was_asked_before(stand: Stand) -> None:
    uids = stand.one()
    stand.confirm(uids[POSTS], uids[SKILLS])
    before = {uid: ids(stand.items(of=uid)) for uid in uids.values()}
    was = digests(stand)
    stand.adopt(new_edition(old_edition()))
    stand.adopt(old_edition(), minutes=2)

    assert before == {uid: ids(stand.items(of=uid)) for uid in uids.values()}
    assert was == digests(stand)


def test_what_was_done_while_away_comes_back(stand: Stand) -> None:
    uids = stand.one()
    line = replace(a_line(CODE, SKILLS, 1), dimension=DATA)
    stand.adopt(with_items(old_edition(), line))
    change(stand, DONE, stand.item(line.id, of=uids[DATA]))
    came = stand.adopt(old_edition(), minutes=2)

    assert ItemState.DONE is stand.item(line.id, of=uids[SKILLS]).state
    assert 1 == came.tally["items_moved"]


def test_a_line_is_asked_for_once_wherever_it_was_signed(stand: Stand) -> None:
    uids = stand.one()
    line = replace(a_line(CODE, SKILLS, 1), dimension=DATA)
    stand.adopt(with_items(old_edition(), line))
    stand.confirm(uids[DATA])
    stand.adopt(old_edition(), minutes=2)

    living = [row for row in stand.items() if row.item_id == line.id and row.retired_in is None]
    assert [stand.capacity(uids[DATA]).id] == [row.capacity_id for row in living]


def test_forth_and_back_and_forth_is_forth(stand: Stand) -> None:
    uids = stand.one()
    stand.confirm(uids[POSTS])
    stand.adopt(new_edition(old_edition()))
    before = {row.uid: ids(stand.items(of=row.uid)) for row in stand.capacities()}
    was = digests(stand, only_signed=False)
    stand.adopt(old_edition(), minutes=2)
    stand.adopt(new_edition(old_edition()), minutes=3)

    assert before == {row.uid: ids(stand.items(of=row.uid)) for row in stand.capacities()}
    assert was == digests(stand, only_signed=False)


def test_every_line_can_still_be_read(stand: Stand) -> None:
    for place in stand.places().values():
        stand.named(place)
    stand.adopt(new_edition(old_edition()))

    with stand.sessions.reading() as session:
        found = item_list(session, ItemFilter(), actor=stand.planner, on=TODAY, limit=500)
    assert len(stand.items()) == len(found)
    assert all(entry.text for _key, entry in found)


# --- whatever the two editions are

choices = st.sampled_from(["stay", "gone", "words", "data", "posts", "date"])


def random_edition(kinds: list[str], fresh: int, name: str) -> Edition:
    """Return an edition in which each line of verification met one of these fates."""
    old = old_edition()
    lines: list[Item] = []
    for item, kind in zip(old.functions[CODE].items, kinds, strict=True):
        changed = {
            "words": {"text": f"{item.text} Indeed {name}."},
            "data": {"dimension": DATA},
            "posts": {"dimension": POSTS},
            "date": {"milestone": Milestone.LAST_DAY},
        }.get(kind, {})
        if kind != "gone":
            lines.append(replace(item, **changed))  # type: ignore[arg-type]
    lines += [a_line(CODE, POSTS, 50 + n) for n in range(fresh)]
    return changed_edition(old, CODE, name=name, items=tuple(lines))


@given(
    st.lists(
        st.tuples(st.lists(choices, min_size=8, max_size=8), st.integers(0, 2)),
        min_size=1,
        max_size=3,
    )
)
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_edition_changes_what_was_signed(
    stand: Stand, fates: list[tuple[list[str], int]]
) -> None:
    names = Counter[str]()
    if not stand.capacities():
        uids = stand.one()
        stand.confirm(uids[POSTS], uids[SKILLS])
    before, was = signed(stand), digests(stand)
    for kinds, fresh in fates:
        made = random_edition(kinds, fresh, "probe")
        name = f"p.{made.digest[:20]}"
        names[name] += 1
        if stand.plan().edition != name:
            stand.adopt(assemble(name, random_edition(kinds, fresh, name).functions.values()))

        assert (before, was) == (signed(stand), digests(stand))
        living = Counter(row.item_id for row in stand.items() if row.retired_in is None)
        assert set(living.values()) <= {1}
