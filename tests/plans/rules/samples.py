"""A small edition, small contents, and hypothesis strategies that make more of them."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from unbroken.functions.rules import (
    CapacityNeed,
    Dimension,
    Edition,
    Fact,
    Function,
    Item,
    Level,
    Milestone,
)
from unbroken.plans.rules import (
    AreaKind,
    AreaState,
    Closing,
    GiverPosts,
    Phase,
    PhaseKind,
    Precision,
    RevisionContent,
    Row,
    VagueDate,
    timetable,
)

TRIGGER = date(2023, 6, 30)


def item(code: str, number: int, milestone: Milestone, offset: str = "0") -> Item:
    return Item(
        id=f"{code}-{number:02}",
        text="Do it.",
        dimension=Dimension.POSTS if number < 3 else Dimension.AGREEMENTS,
        milestone=milestone,
        offset=Fraction(offset),
        evidence="",
        source="",
    )


def function(code: str, *, tier: int, level: Level, months: tuple[int, int]) -> Function:
    return Function(
        code=code,
        title=code,
        for_children="",
        group="A",
        tier=tier,
        level=level,
        moves=(),
        receivers=(),
        elements=(),
        target_months=months[0],
        minimum_months=months[1],
        restricted=False,
        capacities=(
            CapacityNeed(Dimension.POSTS, "post"),
            CapacityNeed(Dimension.AGREEMENTS, None, applies_when=(Fact.PARTIES_LISTED,)),
            CapacityNeed(Dimension.DATA, None),
            CapacityNeed(Dimension.FUNDING, "month funded"),
        ),
        items=(
            item(code, 1, Milestone.LEAD_START),
            item(code, 2, Milestone.RECEIVER_NAMED, "0.3"),
            item(code, 3, Milestone.CAPACITY_CONFIRMED, "0.1"),
            item(code, 4, Milestone.CHECK_6),
        ),
        source="",
        applies_when=(Fact.DDR_PROCESS,) if code == "REL-DDR" else (),
    )


CHAIR = function("MRM-CHAIR", tier=1, level=Level.MISSION, months=(9, 1))
VERIFY = function("MRM-VER", tier=1, level=Level.AREA, months=(12, 3))
VICTIMS = function("PSEA-VIC", tier=1, level=Level.MISSION, months=(12, 4))
RELEASE = function("REL-DDR", tier=3, level=Level.AREA, months=(12, 3))
LESSONS = function("LESSONS", tier=4, level=Level.MISSION, months=(6, 1))
EDITION = Edition(
    name="small",
    digest="",
    functions={each.code: each for each in (VERIFY, CHAIR, VICTIMS, RELEASE, LESSONS)},
)


def area(slug: str, kind: AreaKind = AreaKind.REGION, **fields: object) -> AreaState:
    """Return an area named after its slug; ``fields`` are parent, mandate_ends_on and closing."""
    return AreaState(slug, slug.title(), kind, **fields)  # type: ignore[arg-type]


def closes(on: date, precision: Precision = Precision.DAY, *, reported: bool = False) -> Closing:
    return Closing(VagueDate(on, precision), reported=reported, source="Invented")


MISSION = area("mission", AreaKind.MISSION)


def plan(*areas: AreaState, notice: int = 184, **fields: object) -> RevisionContent:
    """Return a plan triggered on 30 June 2023 with a whole-mission area and these."""
    return RevisionContent(
        trigger_on=TRIGGER,
        mandate_ends_on=TRIGGER + timedelta(days=notice),
        areas=(MISSION, *areas),
        **fields,  # type: ignore[arg-type]
    )


def row(content: RevisionContent, code: str = "MRM-VER", slug: str | None = None) -> Row:
    """Return the one row of a function, in the area where several have it."""
    found = [
        each
        for each in timetable(content, EDITION)
        if each.function_code == code and slug in (None, each.area_slug)
    ]
    assert len(found) == 1, found
    return found[0]


unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For properties of whole plans: a busy machine may draw one slowly."""

DAYS = st.dates(date(2015, 1, 1), date(2027, 12, 31))
VAGUE = st.builds(
    VagueDate, DAYS, st.sampled_from([each for each in Precision if each is not Precision.UNKNOWN])
)
CLOSINGS = st.builds(
    Closing,
    VAGUE,
    reported=st.booleans(),
    source=st.text(max_size=5),
    claim=st.none() | st.uuids(),
)
SLUGS = ("gao", "kidal", "mopti")


@st.composite
def contents(draw: st.DrawFn) -> RevisionContent:
    """Draw a plan with regions, a site, phases, posts and facts that passes every check of form."""
    trigger = draw(DAYS)
    regions = [
        area(slug, closing=draw(st.none() | CLOSINGS), mandate_ends_on=draw(st.none() | DAYS))
        for slug in draw(st.lists(st.sampled_from(SLUGS), unique=True))
    ]
    parent = regions[0].slug if regions else None
    camp = area("camp", AreaKind.SITE, parent=parent, closing=draw(st.none() | CLOSINGS))
    named = st.lists(st.sampled_from(["mission", *(each.slug for each in regions)]), unique=True)
    codes = st.lists(st.sampled_from(list(EDITION.functions)), unique=True)
    phases = st.builds(
        Phase,
        st.sampled_from(["Phase 1", "Phase 2"]),
        st.sampled_from(PhaseKind),
        DAYS,
        DAYS,
        named.map(tuple),
        codes.map(tuple),
    )
    posts = st.builds(
        GiverPosts,
        st.sampled_from(["P-1", "P-2", "P-3"]),
        named.map(tuple),
        codes.map(tuple),
        st.integers(0, 5),
        st.none() | DAYS,
    )
    return RevisionContent(
        trigger_on=trigger,
        mandate_ends_on=trigger + timedelta(days=draw(st.integers(0, 1500))),
        transfer_ends_on=draw(st.none() | DAYS),
        areas=(MISSION, *regions, camp),
        phases=tuple(draw(st.lists(phases, max_size=3))),
        posts=tuple(draw(st.lists(posts, max_size=3, unique_by=lambda each: each.reference))),
        facts=draw(st.dictionaries(st.sampled_from(Fact), st.none() | st.booleans(), max_size=4)),
    )
