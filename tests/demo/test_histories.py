"""Histories as data: nothing is known before its day, and the facts are those of the tables."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from unbroken.demo import history
from unbroken.demo.deeds import Act, Bring, Name, Open
from unbroken.demo.reading import read_material
from unbroken.demo.sites import claims_of, places_of, plan_known_on
from unbroken.demo.words import SiteRow, Transition
from unbroken.plans.commands import AddArea, AddClaims, AddDecision, AddPosts, NewClaim
from unbroken.plans.models import ClaimKind

NOTICE = {
    "minusma": 0,
    "unitams": 2,
    "unamid": 9,
    "unmha": 63,
    "monusco-south-kivu": 133,
    "minustah": 185,
    "minujusth": 186,
    "unoci": 428,
    "unmil": 462,
    "unifil": 490,
    "unami": 579,
    "untmis": 731,
}


def transition(plan: str) -> Transition:
    return next(each for each in read_material().transitions if each.plan == plan)


def claims(plan: str, site: str) -> list[NewClaim]:
    closings = read_material().closings
    slug = places_of(transition(plan), closings).site(site)
    found = [claim for claim in claims_of(transition(plan), closings) if claim.area == slug]
    return sorted(found, key=lambda claim: claim.known_on)


def row(site: str) -> SiteRow:
    return next(each for each in read_material().closings.sites if each.site == site)


def known(act: Act) -> Iterator[date]:
    match act.deed:
        case AddClaims(claims=claims):
            yield from (claim.known_on for claim in claims)
        case AddDecision(decision=decision):
            yield decision.public_on
        case AddArea(known_on=day) if day is not None:
            yield day
        case AddPosts(posts=posts):
            yield from (post.known_on for post in posts)
        case Open(transition=opened):
            yield opened.decided_on
        case _:
            yield act.known_on


def test_the_twelve_transitions_have_the_notice_of_the_table() -> None:
    found = {
        each.plan: (each.mandate_ends_on - each.decided_on).days
        for each in read_material().transitions
    }

    assert NOTICE == found
    assert NOTICE == {each.plan: each.notice_days for each in read_material().transitions}


def test_acts_are_sorted_by_the_day_on_which_they_became_known() -> None:
    order = [(act.known_on, act.order) for act in history()]

    assert sorted(order) == order


def test_no_act_knows_anything_before_its_day() -> None:
    early = [act for act in history() if any(day > act.known_on for day in known(act))]

    assert early == []


def test_no_report_is_known_before_the_day_it_speaks_of() -> None:
    every = [
        claim for act in history() if isinstance(act.deed, AddClaims) for claim in act.deed.claims
    ]
    reports = [claim for claim in every if claim.kind is ClaimKind.REPORTED]
    early = [
        claim
        for claim in reports
        if isinstance(claim.closes, date)
        and claim.precision == "day"
        and claim.closes > claim.known_on
    ]

    assert reports
    assert early == []


def test_the_plan_for_kidal_moves_forward_twice_before_the_mission_leaves() -> None:
    counting = [
        (claim.known_on, claim.closes)
        for claim in claims("minusma", "Kidal")
        if claim.is_chosen_on is not None
    ]

    assert counting == [
        (date(2023, 8, 28), date(2023, 12, 15)),
        (date(2023, 10, 16), date(2023, 11, 15)),
        (date(2023, 10, 31), date(2023, 10, 31)),
    ]


@pytest.mark.parametrize(
    ("plan", "site", "event"),
    [
        ("minusma", "Bamako headquarters", "closing ceremony"),
        ("monusco-south-kivu", "Bukavu", "closing ceremony"),
        ("monusco-south-kivu", "Uvira", "operations ended"),
        ("unami", "Baghdad headquarters", "closing ceremony"),
        ("unami", "Baghdad compound", "documents signed"),
    ],
)
def test_an_event_that_ends_nothing_does_not_count(plan: str, site: str, event: str) -> None:
    (found,) = (
        claim
        for claim in claims(plan, site)
        if claim.event == event and claim.kind is ClaimKind.REPORTED
    )

    assert found.is_chosen_on is None


@pytest.mark.parametrize("site", ["Gao", "Timbuktu"])
def test_the_turn_into_a_liquidation_site_is_no_planned_closing(site: str) -> None:
    planned = [claim for claim in claims("minusma", site) if claim.kind is ClaimKind.PLANNED]

    assert [claim.is_chosen_on for claim in planned] == [None]


def test_a_disputed_day_stays_disputed() -> None:
    reported = [claim for claim in claims("minusma", "Douentza") if claim.is_chosen_on]

    assert [claim.disputed for claim in reported] == [False, False, True]


def test_a_plan_without_a_day_on_which_it_became_known_is_left_out_and_that_is_said() -> None:
    found = claims("unami", "Mosul")

    assert [claim.kind for claim in found] == [ClaimKind.REPORTED]
    assert "No day was planned" in found[0].note


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("Kidal", date(2023, 10, 16)),
        ("Bukavu", date(2024, 1, 13)),
        ("Timbuktu", date(2023, 11, 30)),
        ("14 team sites (not itemised here)", date(2020, 12, 22)),
        ("Mosul", None),
    ],
)
def test_a_plan_is_known_from_its_source_and_a_quoted_one_from_its_announcement(
    site: str, expected: date | None
) -> None:
    assert expected == plan_known_on(row(site))


def test_a_source_dated_by_its_month_counts_from_the_months_end() -> None:
    dated = replace(row("Mosul"), planned_source="agency, February 2024")

    assert date(2024, 2, 29) == plan_known_on(dated)


@pytest.mark.parametrize(
    ("plan", "day"),
    [
        ("minusma", date(2023, 8, 18)),
        ("unitams", date(2023, 12, 4)),
        ("monusco-south-kivu", date(2023, 12, 19)),
        ("unami", date(2024, 12, 31)),
    ],
)
def test_the_first_revision_comes_on_the_day_on_which_the_plan_is_documented(
    plan: str, day: date
) -> None:
    brought = [a.known_on for a in history() if a.plan == plan and isinstance(a.deed, Bring)]

    assert [day] == brought


def test_kidal_is_never_given_a_receiver() -> None:
    named = [act.deed.key.area for act in history() if isinstance(act.deed, Name)]

    assert "minusma-gao" in named
    assert "minusma-kidal" not in named


def test_the_history_is_the_same_on_every_call() -> None:
    assert history() == history()
