"""Who is let in: every route has a decision, and each decision does what it says."""

from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tests.web.conftest import Site
from unbroken.kit.errors import Forbidden, SignInNeeded
from unbroken.people.rules import NOBODY, Actor, Grant, Role
from unbroken.web.api import health, metrics
from unbroken.web.app import API_ROUTERS, PAGE_ROUTERS
from unbroken.web.dependencies import Means, Visitor
from unbroken.web.security import (
    Decision,
    Gate,
    Open,
    OwnAccount,
    Public,
    Roles,
    SignedIn,
    require,
)


def _calls(dependant: Dependant) -> Iterator[object]:
    for each in dependant.dependencies:
        yield each.call
        yield from _calls(each)


def test_every_route_has_an_access_decision() -> None:
    routes = [
        route
        for router in (health.router, metrics.router, *API_ROUTERS, *PAGE_ROUTERS)
        for route in router.routes
        if isinstance(route, APIRoute)
    ]
    undecided = [
        route.path
        for route in routes
        if not any(isinstance(call, Gate | Open) for call in _calls(route.dependant))
    ]

    assert routes, "no routes found"
    assert undecided == []


def _visitor(role: Role | None, means: Means) -> Visitor:
    grants = () if role is None else (Grant(role),)
    account = None if means in (Means.NOBODY, Means.DEMONSTRATION) else NOBODY.account_uid
    return Visitor(Actor(account, "x", None, grants), means, "")


@pytest.mark.parametrize(
    ("decision", "visitor", "refusal"),
    [
        (Public(), Visitor(NOBODY, Means.NOBODY, ""), None),
        (SignedIn(), Visitor(NOBODY, Means.NOBODY, ""), SignInNeeded),
        (SignedIn(), _visitor(Role.OBSERVER, Means.DEMONSTRATION), None),
        (OwnAccount(), _visitor(Role.OBSERVER, Means.DEMONSTRATION), SignInNeeded),
        (Roles(Role.PLANNER), Visitor(NOBODY, Means.NOBODY, ""), SignInNeeded),
        (Roles(Role.PLANNER), _visitor(Role.OBSERVER, Means.DEMONSTRATION), SignInNeeded),
        (Roles(Role.OBSERVER), _visitor(Role.OBSERVER, Means.DEMONSTRATION), None),
    ],
)
def test_a_decision_lets_in_whom_it_names(
    decision: Decision, visitor: Visitor, refusal: type[Exception] | None
) -> None:
    if refusal is None:
        require(decision, visitor)
    else:
        with pytest.raises(refusal):
            require(decision, visitor)


def test_a_role_that_is_not_named_is_forbidden(site: Site) -> None:
    known = site.account(Role.DONOR)

    with pytest.raises(Forbidden):
        require(Roles(Role.PLANNER), Visitor(known.actor, Means.COOKIE, "x"))


def test_a_demonstration_is_read_with_an_observers_eyes(demonstration: Site) -> None:
    me = demonstration.anyone().get("/api/v1/me").json()

    assert ("demonstration", ["observer"]) == (me["means"], [g["role"] for g in me["grants"]])


def test_the_real_thing_is_not_read_without_signing_in(site: Site) -> None:
    answer = site.anyone().get("/api/v1/me")

    assert (401, "Bearer") == (answer.status_code, answer.headers["www-authenticate"])


def test_a_bearer_token_says_who_calls(site: Site) -> None:
    answer = site.anyone().client.get("/api/v1/me", headers=site.bearer(Role.DONOR))

    assert answer.json()["means"] == "token"


@pytest.mark.parametrize("sent", ["Bearer unbroken_wrong", "Basic eDp5", "Bearer", ""])
def test_a_token_that_does_not_hold_is_refused_in_a_demonstration_too(
    demonstration: Site, sent: str
) -> None:
    answer = demonstration.anyone().client.get("/api/v1/me", headers={"Authorization": sent})

    assert answer.status_code == 401


def test_a_page_that_needs_a_sign_in_leads_to_it_and_back(site: Site) -> None:
    answer = site.anyone().client.get("/probe/mine?page=2")

    assert (303, "/sign-in?to=/probe/mine%3Fpage%3D2") == (
        answer.status_code,
        answer.headers["location"],
    )
