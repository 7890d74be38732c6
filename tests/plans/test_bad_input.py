"""Bad input is refused with its place and a remedy, and the database is as before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.factories.plans import (
    OPERATIONS,
    TRANSFER,
    TRIGGER,
    PlanScene,
    a_claim,
    a_mission,
    a_plan,
    a_report,
)
from tests.plans.everything import digest_of_all_rows
from unbroken.functions.rules import Fact
from unbroken.kit.errors import Conflict, Invalid, Refused
from unbroken.plans.commands import (
    AddArea,
    AddClaims,
    AddDecision,
    AddFact,
    AddMeeting,
    AddPosts,
    DraftBaseline,
    DraftRevision,
    EditArea,
    MakeScenario,
    NewClaim,
    NewLine,
    NewPost,
    PostNumbers,
    add_area,
    add_claims,
    add_decision,
    add_fact,
    add_meeting,
    add_mission,
    add_posts,
    draft_baseline,
    draft_revision,
    edit_area,
    make_scenario,
    open_plan,
)
from unbroken.plans.models import AreaKind, ClaimKind, PostSide
from unbroken.plans.rules import Phase, PhaseKind, Precision

Act = Callable[[PlanScene], object]
TOMORROW = date(2026, 3, 3)
BEFORE = date(2026, 1, 4)


def drafting(*phases: Phase) -> Act:
    return lambda s: draft_revision(
        s.sessions, DraftRevision("minust", phases), actor=s.planner, clock=s.clock
    )


def claiming(*claims: NewClaim) -> Act:
    return lambda s: add_claims(
        s.sessions, AddClaims("minust", claims), actor=s.planner, clock=s.clock
    )


def adding(order: AddArea) -> Act:
    return lambda s: add_area(s.sessions, order, actor=s.planner, clock=s.clock)


def posting(**changes: object) -> Act:
    post = NewPost(
        side=PostSide.GIVER,
        organisation="nobody",
        reference="CPA",
        functions=("MRM-VER",),
        numbers=PostNumbers(2),
        known_on=date(2026, 2, 2),
    )
    made = replace(post, **changes)  # type: ignore[arg-type]
    return lambda s: add_posts(
        s.sessions, AddPosts("minust", (made,)), actor=s.planner, clock=s.clock
    )


CASES: dict[str, tuple[str, Act]] = {
    "unknown function code in a phase": (
        "phases/1/drops",
        drafting(OPERATIONS, replace(TRANSFER, drops=("MRM-VERY",))),
    ),
    "unknown area in a phase": (
        "phases/0/areas",
        drafting(replace(OPERATIONS, areas=("nowhere",))),
    ),
    "a phase that ends before it starts": (
        "phases/0/ends_on",
        drafting(replace(OPERATIONS, ends_on=BEFORE)),
    ),
    "a phase without a name": ("phases/0/name", drafting(replace(OPERATIONS, name=" "))),
    "closing before its phase": (
        "areas/2/closing",
        drafting(Phase("Late", PhaseKind.TRANSFER, date(2026, 11, 1), date(2026, 12, 31))),
    ),
    "closing before the trigger": ("claims/0/closes", claiming(a_claim(closes=BEFORE))),
    "claim without precision": ("claims/0/precision", claiming(a_claim(precision=None))),
    "claim without precision as text": (
        "claims/0/precision",
        claiming(a_claim(closes="2026-10-15", precision=None)),
    ),
    "claim without source": ("claims/0/source", claiming(a_claim(source="  "))),
    "claim without a day": ("claims/0/closes", claiming(a_claim(closes=None))),
    "a day that is called unknown": (
        "claims/0/closes",
        claiming(a_claim(precision=Precision.UNKNOWN)),
    ),
    "31 June": ("claims/0/closes", claiming(a_claim(closes="2026-06-31"))),
    "a date in another form": ("claims/0/closes", claiming(a_claim(closes="15.10.2026"))),
    "a month with the precision of a year": (
        "claims/0/closes",
        claiming(a_claim(closes="2026-06", precision=Precision.YEAR)),
    ),
    "claim known in the future": ("claims/0/known_on", claiming(a_claim(known_on=TOMORROW))),
    "claim chosen in the future": ("claims/0/chosen_on", claiming(a_claim(chosen_on=TOMORROW))),
    "report of what has not happened": (
        "claims/0/closes",
        claiming(a_report(date(2026, 3, 1), known_on=date(2026, 2, 1))),
    ),
    "report without a day": (
        "claims/0/closes",
        claiming(
            a_claim(closes=None, kind=ClaimKind.REPORTED, precision=Precision.UNKNOWN),
        ),
    ),
    "the second of two claims is wrong": (
        "claims/1/source",
        claiming(a_claim(), a_claim(source="")),
    ),
    "an area without a name": ("name", adding(AddArea("minust", "", AreaKind.REGION))),
    "a site outside a region": (
        "parent",
        adding(AddArea("minust", "Ber", AreaKind.SITE, "minust-ansongo")),
    ),
    "a site without a region": ("parent", adding(AddArea("minust", "Ber", AreaKind.SITE))),
    "an area known in the future": (
        "known_on",
        adding(AddArea("minust", "Mopti", AreaKind.REGION, known_on=TOMORROW)),
    ),
    "an area's mandate that ends before the trigger": (
        "mandate_ends_on",
        lambda s: edit_area(
            s.sessions,
            EditArea("minust", "minust-gao", None, None, BEFORE, closings_public=True),
            actor=s.planner,
            clock=s.clock,
        ),
    ),
    "a plan in no time zone": (
        "time_zone",
        lambda s: open_plan(
            s.sessions,
            a_plan(slug="other", time_zone="Africa/Nowhere"),
            actor=s.planner,
            clock=s.clock,
        ),
    ),
    "a plan on an edition that is not loaded": (
        "edition",
        lambda s: open_plan(
            s.sessions,
            replace(a_plan(slug="other"), edition="1999.1"),
            actor=s.planner,
            clock=s.clock,
        ),
    ),
    "a mandate that ends before the decision": (
        "mandate_ends_on",
        lambda s: open_plan(
            s.sessions,
            replace(a_plan(slug="other"), mandate_ends_on=BEFORE),
            actor=s.planner,
            clock=s.clock,
        ),
    ),
    "a decision of tomorrow": (
        "decision/known_on",
        lambda s: add_decision(
            s.sessions,
            AddDecision("minust", replace(TRIGGER, decided_on=TOMORROW)),
            actor=s.planner,
            clock=s.clock,
        ),
    ),
    "a mission in no country": (
        "country_iso3",
        lambda s: add_mission(
            s.sessions,
            replace(a_mission("OTHER"), country_iso3="Mali"),
            actor=s.steward,
            clock=s.clock,
        ),
    ),
    "posts for an unknown function": ("posts/0/functions", posting(functions=("CPA",))),
    "fewer posts than none": ("posts/0/authorised", posting(numbers=PostNumbers(-1))),
    "posts that end before they start": (
        "posts/0/ends_on",
        posting(numbers=PostNumbers(1, starts_on=TOMORROW, ends_on=BEFORE)),
    ),
    "a baseline with a function twice": (
        "lines/0",
        lambda s: draft_baseline(
            s.sessions,
            DraftBaseline("minust", (NewLine("REFER", "minust-gao"),) * 2),
            actor=s.planner,
            clock=s.clock,
        ),
    ),
    "a baseline with an unknown function": (
        "lines/0/function",
        lambda s: draft_baseline(
            s.sessions,
            DraftBaseline("minust", (NewLine("REFERRAL", "minust-gao"),)),
            actor=s.planner,
            clock=s.clock,
        ),
    ),
    "a fact known in the future": (
        "known_on",
        lambda s: add_fact(
            s.sessions,
            AddFact("minust", Fact.MRM_ACTIVE, True, BEFORE, TOMORROW, "Letter"),  # noqa: FBT003
            actor=s.planner,
            clock=s.clock,
        ),
    ),
    "a meeting of one": (
        "present",
        lambda s: add_meeting(
            s.sessions,
            AddMeeting("minust", BEFORE, BEFORE, "Note", task_force=True),
            actor=s.planner,
            clock=s.clock,
        ),
    ),
    "a scenario in which the mandate ends before the decision": (
        "mandate_ends_on",
        lambda s: make_scenario(
            s.sessions,
            MakeScenario("minust", "What if", mandate_ends_on=BEFORE),
            actor=s.planner,
            clock=s.clock,
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_with_its_place_and_changes_nothing(
    in_force: PlanScene, case: str
) -> None:
    path, act = CASES[case]
    before = digest_of_all_rows(in_force.sessions)

    with pytest.raises(Invalid) as refused:
        act(in_force)

    assert path in [problem.path for problem in refused.value.problems]
    assert all(problem.remedy for problem in refused.value.problems)
    assert digest_of_all_rows(in_force.sessions) == before


TWICE: dict[str, Act] = {
    "the same region": adding(AddArea("minust", "Gao", AreaKind.REGION)),
    "the same region in other letters": adding(AddArea("minust", "GAÓ", AreaKind.REGION)),
    "the mission": adding(AddArea("minust", "MINUST again", AreaKind.MISSION)),
}


@pytest.mark.parametrize("case", TWICE)
def test_an_area_is_not_added_twice(scene: PlanScene, case: str) -> None:
    before = digest_of_all_rows(scene.sessions)

    with pytest.raises(Conflict) as refused:
        TWICE[case](scene)

    assert refused.value.remedy
    assert digest_of_all_rows(scene.sessions) == before


def test_a_region_and_a_site_may_share_a_name(scene: PlanScene) -> None:
    order = AddArea("minust", "Kidal", AreaKind.SITE, "minust-kidal")
    made = add_area(scene.sessions, order, actor=scene.planner, clock=scene.clock)

    assert made.slug == "minust-kidal-site"


def test_a_slug_is_ascii_whatever_the_name(scene: PlanScene) -> None:
    names = ("Ménaka", "تمبكتو", "غاو")
    slugs = [
        add_area(
            scene.sessions,
            AddArea("minust", name, AreaKind.REGION),
            actor=scene.planner,
            clock=scene.clock,
        ).slug
        for name in names
    ]

    assert slugs == ["minust-menaka", "minust-region", "minust-region-region"]


def test_a_telephone_number_in_a_source_is_not_kept(scene: PlanScene) -> None:
    before = digest_of_all_rows(scene.sessions)

    with pytest.raises(Refused):
        claiming(a_claim(source="Call +223 70 12 34 56"))(scene)

    assert digest_of_all_rows(scene.sessions) == before
