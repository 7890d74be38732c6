"""Where each kind of gap is mended, and its life as a picture."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from starlette.routing import Match

from tests.factories.people import actor_with
from unbroken.gaps.queries import EventView, GapView
from unbroken.gaps.rules import RULES, GapState, Happening, Severity
from unbroken.people.rules import Role
from unbroken.plans.models import PlanScope
from unbroken.web.app import PAGE_ROUTERS
from unbroken.web.gap_pictures import SHAPES, Stretch, life_picture
from unbroken.web.mending import WAYS, WHO, Doer, path_of, way_of
from unbroken.web.mending import _doers as doers

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
UID = UUID("0198c0ff-ee00-4000-8000-0000000000ab")
LOW, HIGH, CRITICAL = Severity.LOW, Severity.HIGH, Severity.CRITICAL


def view(rule: str, **values: object) -> GapView:
    plain: dict[str, object] = {
        **dict.fromkeys(GapView.__dataclass_fields__),
        "id": 1,
        "uid": UID,
        "key": f"{rule}:{UID.hex}",
        "rule": rule,
        "severity": HIGH,
        "state": GapState.OPEN,
        "plan": "minust",
        "plan_uid": UID,
        "plan_scope": PlanScope.WHOLE,
        "country_iso3": "MLI",
        "area": "gao",
        "function": "REFER",
        "function_area_id": 7,
        "facts": {},
        "masked": False,
    }
    return GapView(**plain | values)  # type: ignore[arg-type]


def test_every_rule_says_where_it_is_mended_and_by_whom() -> None:
    assert WAYS.keys() == RULES.keys()
    assert {way.doers for way in WAYS.values()} <= WHO.keys()


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_gap_leads_to_a_page_that_is_there(rule: str) -> None:
    seen = view(rule)
    way = way_of(seen)
    assert way is not None
    path, _mark, _place = path_of(way, seen).partition("#")
    scope = {"type": "http", "method": "GET", "path": path.partition("?")[0]}
    routes = [route for router in PAGE_ROUTERS for route in router.routes]

    assert any(route.matches(scope)[0] is Match.FULL for route in routes), path
    assert "None" not in path


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ("item-overdue", {}, f"/items/{UID}#forms"),
        ("unconfirmed", {}, f"/capacities/{UID}#acts"),
        ("no-receiver", {}, "/plans/minust/transfers/new?function=REFER&area=gao"),
        ("late-plan", {"function": None, "area": None}, "/plans/minust/revisions/new"),
        (
            "funding-gap",
            {"function": None, "facts": {"function": "CAAC-ADV"}},
            "/money/minust/CAAC-ADV",
        ),
        ("silent", {}, f"/transfers/{UID}"),
        ("silent", {"function_area_id": None}, "/plans/minust"),
        ("pledge-slow", {"key": f"pledge-slow:{UID.hex}"}, f"/money/lines/{UID}"),
        ("post-vacant", {}, f"/plans/minust/record/posts/{UID}/edit"),
    ],
)
def test_it_leads_to_what_closes_it(rule: str, values: dict[str, object], expected: str) -> None:
    seen = view(rule, **values)
    way = way_of(seen)

    assert way is not None
    assert expected == path_of(way, seen)


def test_nothing_leads_on_from_a_masked_gap() -> None:
    assert way_of(view("no-receiver", masked=True)) is None


@pytest.mark.parametrize(
    ("role", "receives", "expected"),
    [
        (Role.PLANNER, set(), {Doer.PLANNER}),
        (Role.COUNTRY_TEAM, set(), {Doer.TEAM}),
        (Role.COUNTRY_TEAM, {7}, {Doer.TEAM, Doer.RECEIVER}),
        (Role.CO_CHAIR, set(), {Doer.CO_CHAIR}),
        (Role.STEWARD, set(), {Doer.STEWARD}),
        (Role.DONOR, {7}, set()),
    ],
)
def test_who_can_mend_it(role: Role, receives: set[int], expected: set[Doer]) -> None:
    seen = view("unconfirmed")

    assert expected == doers(seen, actor_with(role, country_iso3="MLI"), receives=receives)
    assert {*()} == doers(seen, actor_with(role, country_iso3="HTI"), receives=receives) - {
        Doer.STEWARD
    }


def event(hour: int, kind: Happening, severity: Severity = HIGH) -> EventView:
    at = NOON + hour * HOUR
    return EventView(kind, at, at.date(), severity, date(2026, 6, 30))


STORY = (
    event(0, Happening.OPENED, LOW),
    event(1, Happening.ASSIGNED, LOW),
    event(2, Happening.WORSENED),
    event(3, Happening.ACKNOWLEDGED),
    event(4, Happening.CLOSED),
    event(5, Happening.COMMENTED),
    event(6, Happening.REOPENED),
    event(8, Happening.WORSENED, CRITICAL),
)


def test_picture_tells_how_bad_it_was_when_and_what_held() -> None:
    life = life_picture(STORY, until=NOON + 10 * HOUR, time_zone="Africa/Bamako")

    assert life is not None
    spans = [(each.severity, each.from_at, each.until_at) for each in life.stretches]
    hours = [(s, (a - NOON) // HOUR, (b - NOON) // HOUR) for s, a, b in spans]
    assert [(LOW, 0, 2), (HIGH, 2, 4), (HIGH, 6, 8), (CRITICAL, 8, 10)] == hours
    held = {
        kind: [((part.from_at - NOON) // HOUR, (part.until_at - NOON) // HOUR) for part in parts]
        for kind, parts in life.lanes
    }
    assert {Happening.ACKNOWLEDGED: [(3, 4), (6, 8)], Happening.ASSIGNED: [(1, 10)]} == held


@pytest.mark.parametrize("mirrored", [False, True])
def test_picture_reads_from_either_side(mirrored: bool) -> None:  # noqa: FBT001
    life = life_picture(STORY, until=NOON + 10 * HOUR, time_zone="Asia/Beirut")
    assert life is not None
    first, last = life.stretches[0], life.stretches[-1]

    assert (80.0 if mirrored else 0.0) == life.start(first, mirrored=mirrored)
    assert (0.0 if mirrored else 80.0) == life.start(last, mirrored=mirrored)
    assert "03-02 14:00" == life.ticks()[0][1]


def test_worse_is_higher_and_every_happening_has_a_shape() -> None:
    heights = [Stretch(severity, NOON, NOON).height for severity in Severity]

    assert sorted(set(heights), reverse=True) == heights
    assert SHAPES.keys() == set(Happening)


def test_life_that_is_not_told_has_no_picture() -> None:
    assert life_picture((), until=NOON, time_zone="UTC") is None


def test_what_began_before_the_first_event_told_was_open() -> None:
    life = life_picture((event(0, Happening.EASED, LOW),), until=None, time_zone="UTC")

    assert life is not None
    assert [LOW] == [each.severity for each in life.stretches]
