"""What changed between two revisions, and how it is said."""

from dataclasses import replace
from datetime import date
from string import Formatter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plans.rules.samples import MISSION, TRIGGER, area, closes, contents, plan, unhurried
from unbroken.functions.rules import Fact
from unbroken.plans.rules import (
    AreaKind,
    AreaState,
    ChangeKind,
    Closing,
    GiverPosts,
    Phase,
    PhaseKind,
    Precision,
    RevisionContent,
    VagueDate,
    difference,
    in_words,
)
from unbroken.plans.rules.sentences import TEMPLATES

GAO = area("gao", closing=closes(date(2023, 11, 15)))
PHASE = Phase("One", PhaseKind.TRANSFER, date(2023, 7, 1), date(2023, 9, 30))
POSTS = GiverPosts("P-1", (), ("MRM-VER",), 3, date(2023, 12, 31))
CLAIM = UUID(int=1)


def gao(closing: Closing | None = GAO.closing, **fields: object) -> RevisionContent:
    changed: AreaState = replace(GAO, closing=closing, **fields)  # type: ignore[arg-type]
    return plan(changed)


def phase(**fields: object) -> RevisionContent:
    return plan(GAO, phases=(replace(PHASE, **fields),))  # type: ignore[arg-type]


def posts(**fields: object) -> RevisionContent:
    return plan(GAO, posts=(replace(POSTS, **fields),))  # type: ignore[arg-type]


def closing(**fields: object) -> RevisionContent:
    assert GAO.closing is not None
    return gao(replace(GAO.closing, **fields))  # type: ignore[arg-type]


def when(day: date, precision: Precision = Precision.DAY) -> RevisionContent:
    return closing(date=VagueDate(day, precision))


def fact(*, holds: bool | None) -> RevisionContent:
    return plan(GAO, facts={Fact.MRM_ACTIVE: holds})


BASE = plan(GAO)
NOVEMBER = date(2023, 11, 1)
SENTENCES: list[tuple[RevisionContent, RevisionContent, str]] = [
    (
        BASE,
        replace(BASE, trigger_on=date(2023, 6, 29)),
        "The decision is dated 1 days earlier: 2023-06-30 → 2023-06-29",
    ),
    (
        BASE,
        replace(BASE, trigger_on=date(2023, 7, 2)),
        "The decision is dated 2 days later: 2023-06-30 → 2023-07-02",
    ),
    (
        plan(notice=0),
        plan(notice=10),
        "The mandate ends 10 days later: 2023-06-30 → 2023-07-10",
    ),
    (
        plan(notice=10),
        plan(notice=0),
        "The mandate ends 10 days earlier: 2023-07-10 → 2023-06-30",
    ),
    (BASE, replace(BASE, transfer_ends_on=NOVEMBER), "The mission may transfer its tasks until"),
    (replace(BASE, transfer_ends_on=NOVEMBER), BASE, "The mission may no longer transfer its"),
    (
        replace(BASE, transfer_ends_on=NOVEMBER),
        replace(BASE, transfer_ends_on=TRIGGER),
        "The time to transfer tasks ends 124 days earlier",
    ),
    (
        replace(BASE, transfer_ends_on=TRIGGER),
        replace(BASE, transfer_ends_on=NOVEMBER),
        "The time to transfer tasks ends 124 days later",
    ),
    (plan(), BASE, "Gao was added"),
    (BASE, plan(), "Gao was taken out"),
    (BASE, gao(name="Gao region"), "Gao is now called Gao region"),
    (BASE, gao(kind=AreaKind.SITE), "Gao is now another kind of area: region → site"),
    (BASE, gao(parent="mission"), "Gao now lies in mission"),
    (gao(parent="mission"), BASE, "Gao no longer lies in mission"),
    (gao(parent="mission"), gao(parent="x"), "Gao lies in another area: mission → x"),
    (BASE, gao(mandate_ends_on=NOVEMBER), "The mandate in Gao has its own end: 2023-11-01"),
    (gao(mandate_ends_on=NOVEMBER), BASE, "The mandate in Gao no longer has its own end"),
    (
        gao(mandate_ends_on=NOVEMBER),
        gao(mandate_ends_on=date(2023, 10, 31)),
        "The mandate in Gao ends 1 days earlier",
    ),
    (
        gao(mandate_ends_on=date(2023, 10, 31)),
        gao(mandate_ends_on=NOVEMBER),
        "The mandate in Gao ends 1 days later",
    ),
    (gao(None), BASE, "The closing of Gao is now known: 2023-11-15"),
    (BASE, gao(None), "The closing of Gao is no longer known (2023-11-15)"),
    (
        BASE,
        when(date(2023, 10, 31)),
        "The closing of Gao moved 15 days earlier: 2023-11-15 → 2023-10-31",
    ),
    (
        BASE,
        when(date(2023, 11, 15), Precision.MONTH),
        "The closing of Gao moved 14 days earlier: 2023-11-15 → 2023-11",
    ),
    (
        BASE,
        when(date(2023, 12, 28)),
        "The closing of Gao moved 43 days later: 2023-11-15 → 2023-12-28",
    ),
    (
        BASE,
        when(date(2023, 11, 15), Precision.NO_LATER_THAN),
        "The closing of Gao is known differently: 2023-11-15 → <=2023-11-15",
    ),
    (BASE, closing(reported=True), "The closing of Gao is now reported as done"),
    (closing(reported=True), BASE, "The closing of Gao is planned and no longer reported"),
    (BASE, closing(source="Letter"), "The closing of Gao has another source: Invented → Letter"),
    (BASE, closing(claim=CLAIM), "The closing of Gao now rests on a recorded claim"),
    (closing(claim=CLAIM), BASE, "The closing of Gao no longer rests on a recorded claim"),
    (closing(claim=CLAIM), closing(claim=UUID(int=2)), "The closing of Gao rests on another claim"),
    (BASE, phase(), "The phase One was added"),
    (phase(), BASE, "The phase One was taken out"),
    (phase(), phase(kind=PhaseKind.WITHDRAWAL), "The phase One is of another kind"),
    (phase(), phase(starts_on=TRIGGER), "The phase One starts 1 days earlier"),
    (phase(), phase(starts_on=date(2023, 7, 2)), "The phase One starts 1 days later"),
    (phase(), phase(ends_on=date(2023, 9, 29)), "The phase One ends 1 days earlier"),
    (phase(), phase(ends_on=date(2023, 10, 1)), "The phase One ends 1 days later"),
    (phase(), phase(areas=("gao", "bamako")), "The phase One is now limited to bamako, gao"),
    (phase(areas=("gao",)), phase(), "The phase One now holds in every area, not only in gao"),
    (phase(areas=("gao",)), phase(areas=("x",)), "The phase One holds in other areas: gao → x"),
    (phase(), phase(drops=("LAW",)), "The phase One now drops LAW"),
    (phase(drops=("LAW",)), phase(), "The phase One no longer drops LAW"),
    (phase(drops=("LAW",)), phase(drops=("VET",)), "The phase One drops other functions: LAW"),
    (BASE, posts(), "The posts P-1 were added"),
    (posts(), BASE, "The posts P-1 were taken out"),
    (posts(), posts(areas=("gao",)), "The posts P-1 are now limited to gao"),
    (posts(areas=("gao",)), posts(), "The posts P-1 are now mission-wide, not only in gao"),
    (posts(areas=("gao",)), posts(areas=("x",)), "The posts P-1 are in other areas: gao → x"),
    (posts(functions=()), posts(), "The posts P-1 now work for MRM-VER"),
    (posts(), posts(functions=()), "The posts P-1 no longer work for MRM-VER"),
    (posts(), posts(functions=("LAW",)), "The posts P-1 work for other functions: MRM-VER → LAW"),
    (posts(), posts(authorised=0), "The number of posts P-1 changed: 3 → 0"),
    (posts(ends_on=None), posts(), "The posts P-1 now have an end: 2023-12-31"),
    (posts(), posts(ends_on=None), "The posts P-1 no longer have a stated end (2023-12-31)"),
    (posts(), posts(ends_on=date(2023, 12, 1)), "The posts P-1 end 30 days earlier"),
    (posts(), posts(ends_on=date(2024, 1, 30)), "The posts P-1 end 30 days later"),
    (BASE, fact(holds=True), "It is now known that mrm-active holds"),
    (BASE, fact(holds=False), "It is now known that mrm-active does not hold"),
    (fact(holds=True), BASE, "It is no longer known whether mrm-active holds"),
]


@pytest.mark.parametrize(("older", "newer", "sentence"), SENTENCES)
def test_a_change_is_one_sentence(
    older: RevisionContent, newer: RevisionContent, sentence: str
) -> None:
    (change,) = difference(older, newer)
    template, facts = in_words(change)

    assert template.format(**facts).startswith(sentence)


def test_every_sentence_is_said_by_some_change() -> None:
    said = {in_words(difference(older, newer)[0])[0] for older, newer, _ in SENTENCES}

    assert said == set(TEMPLATES.values())


def test_changes_come_in_the_order_of_the_plan() -> None:
    newer = replace(
        plan(area("mopti"), notice=10, facts={Fact.MRM_ACTIVE: True}),
        phases=(PHASE,),
        posts=(POSTS,),
    )
    found = [(change.path, change.kind) for change in difference(BASE, newer)]

    assert found == [
        ("mandate_ends_on", ChangeKind.MOVED_EARLIER),
        ("areas/gao", ChangeKind.REMOVED),
        ("areas/mopti", ChangeKind.ADDED),
        ("phases/One", ChangeKind.ADDED),
        ("posts/P-1", ChangeKind.ADDED),
        ("facts/mrm-active/holds", ChangeKind.CHANGED),
    ]


def test_phases_of_one_name_are_told_apart_by_their_order() -> None:
    second = replace(PHASE, starts_on=date(2023, 10, 1))
    (change,) = difference(plan(phases=(PHASE,)), plan(phases=(second, PHASE)))

    assert (change.path, change.subject) == ("phases/One#2", "One")


@unhurried
@given(contents())
def test_nothing_differs_from_itself(content: RevisionContent) -> None:
    assert difference(content, content) == ()


@unhurried
@given(contents())
def test_the_order_of_areas_is_no_difference(content: RevisionContent) -> None:
    turned = replace(content, areas=content.areas[::-1], phases=content.phases[::-1])

    assert difference(content, replace(turned, phases=content.phases)) == ()


@unhurried
@given(contents(), contents())
def test_a_difference_is_found_whenever_two_contents_differ(
    older: RevisionContent, newer: RevisionContent
) -> None:
    assert bool(difference(older, newer)) is (_meant(older) != _meant(newer))


@unhurried
@given(contents(), contents())
def test_every_change_can_be_said(older: RevisionContent, newer: RevisionContent) -> None:
    for change in difference(older, newer):
        template, facts = in_words(change)
        named = [name for _, name, _, _ in Formatter().parse(template) if name]

        assert all(facts[name] is not None for name in named)


@unhurried
@given(contents(), contents())
def test_days_turn_with_the_direction(older: RevisionContent, newer: RevisionContent) -> None:
    there = {
        change.path: (change.before, change.after, change.days)
        for change in difference(older, newer)
    }
    back = {
        change.path: (change.after, change.before, change.days)
        for change in difference(newer, older)
    }

    assert {path: days for path, (_, _, days) in there.items()} == {
        path: days for path, (_, _, days) in back.items()
    }


@unhurried
@given(
    st.sampled_from(["trigger_on", "mandate_ends_on", "transfer_ends_on"]), contents(), st.dates()
)
def test_a_changed_date_of_the_plan_is_named(
    name: str, content: RevisionContent, day: date
) -> None:
    newer = replace(content, **{name: day})  # type: ignore[arg-type]
    expected = [name] if getattr(content, name) != day else []

    assert [change.path for change in difference(content, newer)] == expected


def _meant(content: RevisionContent) -> object:
    """Return everything in a content but the order in which it is listed."""
    phases = [
        replace(p, areas=tuple(sorted(p.areas)), drops=tuple(sorted(p.drops)))
        for p in content.phases
    ]
    posts_ = [
        replace(p, areas=tuple(sorted(p.areas)), functions=tuple(sorted(p.functions)))
        for p in content.posts
    ]
    plain = replace(
        content,
        areas=tuple(sorted(content.areas, key=lambda each: each.slug)),
        phases=tuple(sorted(phases, key=str)),
        posts=tuple(sorted(posts_, key=str)),
    )
    return plain.to_plain()


def test_the_mission_is_an_area_like_others() -> None:
    (change,) = difference(plan(), replace(plan(), areas=(replace(MISSION, name="The mission"),)))

    assert change.path == "areas/mission/name"
