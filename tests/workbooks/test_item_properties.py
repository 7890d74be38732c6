"""For any edit: sending it in a file comes to the same as making it on the page."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.capacities import TODAY
from tests.factories.checklist_files import Desk, make_desk
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.kit.errors import Invalid
from unbroken.transfers.rules.items import Fact, ItemField
from unbroken.transfers.rules.words import Classification, ItemState
from unbroken.workbooks.item_columns import CLASSES, FIELD_OF, FIXED, HEADINGS, STATES, Key
from unbroken.workbooks.item_stamps import EDITABLE, cell_mark, read_stamp, stamp_of

KEY_OF = {name: key for key, name in FIELD_OF.items()}
TEXTS = [
    "",
    "Note to the file, no. 7",
    "ملاحظة للملف",
    "Établi le 3 mars;\nrevu, “signé”",
    "2026-02-01",
    "1,200",
    "TRUE",
    "-5 % of posts",
    "' quoted",
]
days = st.none() | st.integers(-3, 400).map(lambda n: TODAY - timedelta(days=n))
texts = st.sampled_from(TEXTS)
edits: st.SearchStrategy[Mapping[ItemField, Fact]] = st.fixed_dictionaries(
    {},
    optional={
        ItemField.STATE: st.sampled_from(list(ItemState)),
        ItemField.DONE_ON: days,
        ItemField.REASON: texts,
        ItemField.EVIDENCE_TITLE: texts,
        ItemField.EVIDENCE_ON: days,
        ItemField.EVIDENCE_CLASS: st.none() | st.sampled_from(list(Classification)),
        ItemField.EVIDENCE_CUSTODIAN: texts,
        ItemField.EVIDENCE_UNTIL_ON: days,
        ItemField.ASSIGNED_TO: st.sampled_from(["", "planner", "other"]),
        ItemField.MAILBOX: st.sampled_from(["", "planner", "other"]),
    },
)
sound = st.sampled_from(
    [
        {},
        {ItemField.STATE: ItemState.DONE, ItemField.DONE_ON: TODAY},
        {ItemField.STATE: ItemState.NOT_APPLICABLE, ItemField.REASON: "No such task."},
        {ItemField.STATE: ItemState.OPEN, ItemField.REASON: "It is."},
    ]
)
cells = st.text(max_size=12)


@pytest.fixture
def desk(sessions: Sessions, clock: FixedClock) -> Desk:
    return make_desk(sessions, clock)


@pytest.mark.parametrize("is_csv", [False, True])
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(base=sound, more=edits, tier=st.sampled_from([1, 3]))
def test_an_edit_in_a_file_comes_to_what_it_comes_to_on_the_page(
    desk: Desk,
    *,
    is_csv: bool,
    base: Mapping[ItemField, Fact],
    more: Mapping[ItemField, Fact],
    tier: int,
) -> None:
    filed, paged, *_rest = desk.tier_1 if tier == 1 else desk.tier_3
    wanted = {name: _named(desk, name, value) for name, value in {**base, **more}.items()}
    before = desk.facts()
    assert before[filed] == before[paged]
    file = desk.file(is_csv=is_csv)
    for name, value in wanted.items():
        file.put(filed, HEADINGS[KEY_OF[name]].title, _typed(value, is_csv=is_csv))
    with suppress(Invalid):
        desk.change({n: v for n, v in wanted.items() if v != before[paged].value(n)}, paged)
    desk.send(file.raw(), is_csv=is_csv)
    after = desk.facts()

    assert after[paged] == after[filed]
    assert {**before, filed: after[filed], paged: after[paged]} == after


def _named(desk: Desk, name: ItemField, value: Fact) -> Fact:
    is_body = name is ItemField.ASSIGNED_TO and value
    return desk.organisation(str(value)) if is_body else value


def _typed(value: Fact, *, is_csv: bool) -> str | date | None:
    match value:
        case ItemState():
            return STATES[value]
        case Classification():
            return CLASSES[value]
        case date() if is_csv:
            return value.isoformat()
        case _:
            return value


@given(uid=st.builds(uuid4), shown=st.lists(cells, min_size=10, max_size=10))
def test_a_stamp_knows_every_cell_that_it_was_made_of(uid: UUID, shown: list[str]) -> None:
    stamp = read_stamp(stamp_of(uid, dict(zip(EDITABLE, shown, strict=True))))

    assert stamp is not None
    assert {key: cell_mark(text) for key, text in zip(EDITABLE, shown, strict=True)} == stamp.cells
    assert stamp.known == stamp.cells


@given(key=st.sampled_from([*EDITABLE, *FIXED]), one=cells, other=cells)
def test_a_stamp_tells_any_single_cell_that_differs(key: Key, one: str, other: str) -> None:
    uid = uuid4()
    stamps = {stamp_of(uid, {key: text}) for text in (one, other)}

    assert len({one, other}) == len(stamps)


@given(uid=st.builds(uuid4), other=st.builds(uuid4))
def test_a_stamp_belongs_to_one_item(uid: UUID, other: UUID) -> None:
    assert stamp_of(uid, {}) != stamp_of(other, {})


@given(text=st.text())
def test_what_is_no_stamp_is_none(text: str) -> None:
    assert read_stamp(text) is None
