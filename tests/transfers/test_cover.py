"""What is green, amber, bridged, unknown or nothing; silence is never green."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.capacities import TODAY, view
from unbroken.functions.rules import Dimension
from unbroken.transfers.rules.cover import Cover, cover_of, lapses, standing, whole
from unbroken.transfers.rules.views import CapacityView, Portion
from unbroken.transfers.rules.words import CapacityState as S
from unbroken.transfers.rules.words import TransferKind

TOMORROW = TODAY + timedelta(days=1)
BRIDGE = TransferKind.BRIDGE

COVERS = [
    (view(S.NOT_STARTED), Cover.UNKNOWN),
    (view(S.PLANNED), Cover.UNKNOWN),
    (view(S.OFFERED), Cover.UNKNOWN),
    (view(S.RECOMMENDED), Cover.UNKNOWN),
    (view(S.TIME_ASKED), Cover.UNKNOWN),
    (view(S.ATTESTED), Cover.AMBER),
    (view(S.CONDITIONAL, condition_until_on=TODAY), Cover.AMBER),
    (view(S.CONDITIONAL, condition_until_on=TODAY - timedelta(days=1)), Cover.NONE),
    (view(S.CONFIRMED), Cover.GREEN),
    (view(S.SUSTAINED), Cover.GREEN),
    (view(S.CONFIRMED, fits=False), Cover.UNKNOWN),
    (view(S.SUSTAINED, fits=False), Cover.UNKNOWN),
    (view(S.ATTESTED, fits=False), Cover.UNKNOWN),
    (view(S.DECLINED), Cover.NONE),
    (view(S.DISPUTED), Cover.NONE),
    (view(S.WITHDRAWN), Cover.NONE),
    (view(S.LAPSED), Cover.NONE),
    (view(S.SUSPENDED), Cover.NONE),
    (view(S.CONFIRMED, kind=BRIDGE), Cover.BRIDGED),
    (view(S.CONFIRMED, kind=BRIDGE, bridge_ends_on=TODAY), Cover.BRIDGED),
    (view(S.CONFIRMED, kind=BRIDGE, bridge_ends_on=TODAY - timedelta(days=1)), Cover.NONE),
    (view(S.ATTESTED, kind=BRIDGE, bridge_ends_on=TODAY - timedelta(days=1)), Cover.NONE),
]


@pytest.mark.parametrize(("capacity", "cover"), COVERS)
def test_only_what_a_receiver_confirmed_and_nothing_changed_is_green(
    capacity: CapacityView, cover: Cover
) -> None:
    assert cover is cover_of(capacity, on=TODAY)


def test_a_signature_that_no_longer_fits_counts_as_offered() -> None:
    assert standing(view(S.CONFIRMED, fits=False), on=TODAY) is S.OFFERED


def test_a_condition_holds_on_its_date_and_lapses_on_the_next_day() -> None:
    capacity = view(S.CONDITIONAL, condition_until_on=TODAY)

    assert [False, True] == [lapses(capacity, day) for day in (TODAY, TOMORROW)]


def test_nothing_applicable_is_unknown() -> None:
    found = whole([view(S.ENDED), view(S.NOT_APPLICABLE)], None, on=TODAY)

    assert (Cover.UNKNOWN, 0, 2) == (found.cover, found.applicable, found.beside)


def test_no_capacity_at_all_is_unknown() -> None:
    assert whole([], 4, on=TODAY).cover is Cover.UNKNOWN


def test_all_confirmed_is_green_with_what_stands_beside() -> None:
    skills = view(S.NOT_APPLICABLE, dimension=Dimension.SKILLS)

    found = whole([view(S.CONFIRMED), skills], 10, on=TODAY, waived=1)

    assert (Cover.GREEN, 1, 2, 0) == (
        found.cover,
        found.applicable,
        found.beside,
        found.short_posts,
    )


def test_two_posts_of_ten_confirmed_are_not_whole() -> None:
    found = whole([view(S.CONFIRMED, portion=Portion(2))], 10, on=TODAY)

    assert (Cover.AMBER, 8) == (found.cover, found.short_posts)


def test_a_dimension_that_nobody_was_asked_for_is_unknown() -> None:
    needed = frozenset({Dimension.POSTS, Dimension.DATA})

    assert whole([view(S.CONFIRMED)], 10, on=TODAY, needed=needed).cover is Cover.UNKNOWN


def test_the_rest_that_stays_with_the_giver_keeps_the_whole_unknown() -> None:
    rest = view(S.NOT_STARTED, portion=Portion(6))

    assert whole([view(S.CONFIRMED, portion=Portion(4)), rest], None, on=TODAY).cover is (
        Cover.UNKNOWN
    )


def test_a_bridge_keeps_the_whole_bridged_until_its_end() -> None:
    bridge = view(S.CONFIRMED, kind=BRIDGE, bridge_ends_on=TOMORROW)

    found = whole([bridge], None, on=TODAY)

    assert (Cover.BRIDGED, TOMORROW) == (found.cover, found.bridged_until_on)


def test_what_one_receiver_declined_is_forgiven_once_another_covers_it() -> None:
    found = whole([view(S.DECLINED), view(S.CONFIRMED)], 10, on=TODAY)

    assert found.cover is Cover.GREEN


@pytest.mark.parametrize(
    "other",
    [
        view(S.CONFIRMED, portion=Portion(4)),
        view(S.CONFIRMED, dimension=Dimension.FUNDING),
        view(S.CONFIRMED, kind=BRIDGE),
        view(S.NOT_APPLICABLE),
    ],
)
def test_what_was_withdrawn_counts_until_all_of_it_is_covered_elsewhere(
    other: CapacityView,
) -> None:
    assert whole([view(S.WITHDRAWN), other], None, on=TODAY).cover is Cover.NONE


@given(st.lists(st.tuples(st.sampled_from(sorted(S)), st.booleans(), st.integers(1, 9))))
def test_green_needs_an_answer_to_everything(states: list[tuple[S, bool, int]]) -> None:
    views = [
        replace(view(state), fits=fits, portion=Portion(quantity), transfer_uid=uuid4())
        for state, fits, quantity in states
    ]

    found = whole(views, None, on=TODAY)

    silent = {S.NOT_STARTED, S.PLANNED, S.OFFERED, S.RECOMMENDED, S.TIME_ASKED}
    answered = bool(views) and all(
        one.fits or one.state not in {S.CONFIRMED, S.SUSTAINED} for one in views
    )
    is_silent = any(one.state in silent for one in views)
    assert found.cover is not Cover.GREEN or (answered and not is_silent)
