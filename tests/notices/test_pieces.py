"""What a letter names and counts, and what is news at all."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from unbroken.gaps.rules.words import Severity
from unbroken.notices.rules.audience import news_for
from unbroken.notices.rules.digests import Piece, digest_of, is_pressing, number_of
from unbroken.notices.rules.words import OF_GAPS, News
from unbroken.people.rules import Role

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
STEP = timedelta(minutes=15)
WORSE = (Severity.CRITICAL, Severity.HIGH)


def piece(kind: News, subject: int, id_: int = 1, severity: Severity | None = None) -> Piece:
    of_gap = kind in OF_GAPS
    known = (severity or Severity.LOW) if of_gap else None
    return Piece(id=id_, kind=kind, subject=UUID(int=subject), plan="mali", severity=known)


pieces = some.lists(
    some.builds(
        piece,
        some.sampled_from(News),
        some.integers(1, 12),
        some.integers(1, 10_000),
        some.sampled_from(Severity),
    ),
    max_size=60,
    unique_by=lambda each: each.id,
)


@given(pieces, some.integers(0, 20))
def test_each_thing_is_counted_once_and_the_worst_are_named(told: list[Piece], most: int) -> None:
    digest = digest_of(told, most=most)
    things = {
        each.plan if each.kind is News.REVISED else (each.kind in OF_GAPS, each.subject)
        for each in told
    }
    ranks = [
        len(Severity) if line.severity is None else line.severity.rank for line in digest.lines
    ]

    assert len(things) == digest.count == len(digest.lines) + digest.rest
    assert min(most, len(things)) == len(digest.lines)
    assert sorted(ranks) == ranks
    assert len(set(digest.lines)) == len(digest.lines)
    worst: dict[UUID, int] = {}
    for each in told:
        if each.severity is not None:
            worst[each.subject] = min(each.severity.rank, worst.get(each.subject, 9))
    by_rank = Counter(worst.values())
    assert {one: by_rank[one.rank] for one in Severity} == digest.by_severity
    if digest.rest and ranks:
        assert Counter(ranks)[0] == min(by_rank[0], most)


@given(pieces)
def test_the_order_in_which_news_came_changes_nothing(told: list[Piece]) -> None:
    assert digest_of(told) == digest_of(reversed(told))


def test_a_gap_told_of_twice_is_named_once_by_what_was_worst() -> None:
    gap = [
        piece(News.GAP_OPENED, 1, 1, Severity.HIGH),
        piece(News.GAP_WORSENED, 1, 2, Severity.CRITICAL),
        piece(News.OFFERED, 1, 3),
        piece(News.ANSWERED, 1, 4),
    ]
    digest = digest_of(gap)

    assert [News.GAP_WORSENED, News.ANSWERED] == [line.kind for line in digest.lines]
    assert is_pressing(gap)
    assert not is_pressing(gap[2:])


def test_a_line_has_a_number_and_a_path_and_nothing_else() -> None:
    uid = UUID("0198c0ff-ee00-4000-8000-0000000000ab")
    lines = digest_of([piece(kind, uid.int, id_) for id_, kind in enumerate(News)]).lines

    assert "0198c0ff" == number_of(uid)
    told = {line.kind: (line.number, line.path) for line in lines}
    assert ("0198c0ff", f"/gaps/{uid}") == told[News.GAP_ASSIGNED]
    assert ("", "/plans/mali/revisions") == told[News.REVISED]


def test_donors_and_stewards_are_told_nothing_by_their_role() -> None:
    assert frozenset() == news_for([Role.DONOR, Role.STEWARD]) == news_for([])
    assert News.OFFERED not in news_for([Role.PLANNER])
    assert News.OFFERED in news_for([Role.COUNTRY_TEAM])
    assert frozenset(News) == news_for(Role)
