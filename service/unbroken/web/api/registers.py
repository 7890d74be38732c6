"""What a plan keeps on record: posts, facts, assessments of advisers and coordination meetings."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from unbroken.functions.rules import Fact
from unbroken.kit.errors import NotFound
from unbroken.plans.commands import (
    AddAssessment,
    AddFact,
    AddMeeting,
    AddPosts,
    EditPost,
    NewPost,
    PostNumbers,
    Recorded,
    add_assessment,
    add_fact,
    add_meeting,
    add_posts,
    edit_post,
)
from unbroken.plans.models import AssessmentStage, PostSide
from unbroken.plans.queries import (
    AssessmentView,
    FactView,
    MeetingView,
    PostView,
    assessments_of,
    facts_of,
    meetings_of,
    posts_of,
)
from unbroken.web.api.answers import JSON, changed, once, shown
from unbroken.web.api.conditional import version_from_if_match
from unbroken.web.api.inputs import (
    CHANGES,
    MAKES,
    Body,
    Code,
    Count,
    Day,
    Flag,
    Name,
    PlanName,
    Text,
    plan_of,
    require_detail,
)
from unbroken.web.api.paging import Listing, listing
from unbroken.web.dependencies import Visit
from unbroken.web.security import Planner, Reader

router = APIRouter(prefix="/plans/{plan}", tags=["registers"])
POST = TypeAdapter(PostView)
POSTS = TypeAdapter(Listing[PostView])
FACTS = TypeAdapter(Listing[FactView])
ASSESSMENTS = TypeAdapter(Listing[AssessmentView])
MEETINGS = TypeAdapter(Listing[MeetingView])
RECORDED = TypeAdapter(Recorded)


class Numbers(Body):
    """How many posts and for how long; null is not stated, last days are included."""

    authorised: Count
    filled: Count | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    funded_until_on: Day | None = None

    def order(self) -> PostNumbers:
        """Return them as commands take them."""
        return PostNumbers(**dict(self))


class NewPostBody(Body):
    """Posts of one reference that work for these functions; no area is mission-wide."""

    side: PostSide
    organisation: Name
    reference: Annotated[str, Field(max_length=80, examples=["CPA-Gao"])]
    functions: Annotated[list[Code], Field(max_length=100)]
    numbers: Numbers
    known_on: Day
    area: Name | None = None
    grade: Annotated[str, Field(max_length=20)] = ""
    is_secretariat: Flag = False
    source: Text = ""

    def order(self) -> NewPost:
        """Return them as commands take them."""
        given = {**dict(self), "functions": tuple(self.functions), "numbers": self.numbers.order()}
        return NewPost(**given)


class NewPosts(Body):
    """Posts put on record together: they make one revision at most."""

    posts: Annotated[list[NewPostBody], Field(min_length=1, max_length=500)]


class PostBody(Body):
    """Other numbers for posts; every number is written as it stands."""

    numbers: Numbers
    known_on: Day
    source: Text = ""


class NewFact(Body):
    """Whether a fact holds in the country, from a day on."""

    fact: Fact
    holds: Flag
    from_on: Day
    known_on: Day
    source: Text


class NewAssessment(Body):
    """A dated assessment of the need for, number and roles of advisers."""

    stage: AssessmentStage
    assessed_on: Day
    known_on: Day
    source: Text


class NewMeeting(Body):
    """A coordination meeting and which of the four actors took part, at least two."""

    held_on: Day
    known_on: Day
    source: Text
    head_of_operation: Flag = False
    special_representative: Flag = False
    task_force: Flag = False
    authorities: Flag = False


@router.get("/posts", response_model=Listing[PostView])
def posts(visit: Reader, plan: PlanName) -> Response:
    """List the posts of a plan, the mission's first. Donors do not see them."""
    return listing(POSTS, _posts(visit, plan), link=None)


@router.get("/posts/{post_uid}", response_model=PostView)
def post(request: Request, visit: Reader, plan: PlanName, post_uid: UUID) -> Response:
    """Show posts of one reference. Donors do not see them."""
    view = _post(visit, plan, post_uid)
    return shown(request, POST, view, uid=view.uid, version=view.version)


@router.post("/posts", status_code=201, response_model=Listing[PostView], openapi_extra=MAKES)
def add(visit: Planner, plan: PlanName, body: NewPosts) -> Response:
    """Put posts on record; where they move a last day, a new revision comes into force."""

    def act() -> Response:
        order = AddPosts(plan, tuple(each.order() for each in body.posts))
        added = add_posts(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        items = [view for view in _posts(visit, plan) if view.uid in added.posts]
        response = listing(POSTS, items, link=None)
        response.status_code = 201
        return response

    return once(visit, act)


@router.put("/posts/{post_uid}", response_model=PostView, openapi_extra=CHANGES)
def edit(
    request: Request, visit: Planner, plan: PlanName, post_uid: UUID, body: PostBody
) -> Response:
    """Change how many posts there are and for how long."""
    seen = version_from_if_match(request, post_uid)

    def act() -> Response:
        numbers = body.numbers.order()
        order = EditPost(plan, post_uid, seen, numbers, body.known_on, body.source)
        edit_post(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        view = _post(visit, plan, post_uid)
        return changed(POST, view, uid=view.uid, version=view.version)

    return once(visit, act)


@router.get("/facts", response_model=Listing[FactView])
def facts(visit: Reader, plan: PlanName) -> Response:
    """List the facts about the plan's country; of one kind the one that counts stands last."""
    uid = plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        return listing(FACTS, list(facts_of(session, uid)), link=None)


@router.post("/facts", status_code=201, response_model=Recorded, openapi_extra=MAKES)
def state_fact(visit: Planner, plan: PlanName, body: NewFact) -> Response:
    """Put a country fact on record; it enters the next revision."""
    return _recorded(visit, add_fact, AddFact(plan, **dict(body)))


@router.get("/assessments", response_model=Listing[AssessmentView])
def assessments(visit: Reader, plan: PlanName) -> Response:
    """List the assessments of advisers, the latest first."""
    uid = plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        return listing(ASSESSMENTS, list(assessments_of(session, uid)), link=None)


@router.post("/assessments", status_code=201, response_model=Recorded, openapi_extra=MAKES)
def assess(visit: Planner, plan: PlanName, body: NewAssessment) -> Response:
    """Put an assessment of advisers on record."""
    return _recorded(visit, add_assessment, AddAssessment(plan, **dict(body)))


@router.get("/meetings", response_model=Listing[MeetingView])
def meetings(visit: Reader, plan: PlanName) -> Response:
    """List the coordination meetings, the latest first."""
    uid = plan_of(visit, plan).uid
    with visit.sessions.reading() as session:
        return listing(MEETINGS, list(meetings_of(session, uid)), link=None)


@router.post("/meetings", status_code=201, response_model=Recorded, openapi_extra=MAKES)
def meet(visit: Planner, plan: PlanName, body: NewMeeting) -> Response:
    """Put a coordination meeting on record."""
    return _recorded(visit, add_meeting, AddMeeting(plan, **dict(body)))


def _posts(visit: Visit, plan: str) -> list[PostView]:
    view = plan_of(visit, plan)
    require_detail(visit, view)
    with visit.sessions.reading() as session:
        return list(posts_of(session, view.uid, actor=visit.actor))


def _post(visit: Visit, plan: str, uid: UUID) -> PostView:
    found = [view for view in _posts(visit, plan) if view.uid == uid]
    if not found:
        raise NotFound("Plan {plan} has no such post.", plan=plan)
    return found[0]


def _recorded(visit: Visit, command: Callable[..., Recorded], order: object) -> Response:
    def act() -> Response:
        found = command(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        return Response(RECORDED.dump_json(found), status_code=201, media_type=JSON)

    return once(visit, act)
