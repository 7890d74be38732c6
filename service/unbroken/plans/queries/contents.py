"""What a revision would say: the registers of a plan as they were known on a day."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from unbroken.functions.rules import Fact
from unbroken.plans.models import (
    Area,
    Baseline,
    BaselineLine,
    BaselineState,
    ClosingClaim,
    CountryFact,
    FunctionArea,
    Plan,
    Post,
    PostFunction,
    PostSide,
)
from unbroken.plans.queries.effective import closing_of, effective_claim
from unbroken.plans.queries.rows import area_rows, country_of
from unbroken.plans.rules.content import AreaState, GiverPosts, Phase, RevisionContent
from unbroken.plans.rules.content import Baseline as BaselineContent


def content_known_on(
    session: Session, plan: Plan, *, on: date, phases: tuple[Phase, ...] = ()
) -> RevisionContent:
    """Return the content of a revision made of the registers as known on that day and ``phases``.

    Areas are in their order, each with the claim that counted on that day.
    """
    return RevisionContent(
        trigger_on=plan.triggered_on,
        mandate_ends_on=plan.mandate_ends_on,
        transfer_ends_on=plan.transfer_ends_on,
        areas=_areas(session, plan, on=on),
        phases=phases,
        posts=_posts(session, plan, on=on),
        facts=facts_known_on(session, country_of(session, plan), on=on),
    )


def facts_known_on(session: Session, country_iso3: str, *, on: date) -> Mapping[Fact, bool]:
    """Return the facts of a country that held or not on that day, as known then; may be empty."""
    query = select(col(CountryFact.fact), col(CountryFact.holds)).where(
        CountryFact.country_iso3 == country_iso3,
        CountryFact.known_on <= on,
        CountryFact.from_on <= on,
    )
    order = (col(CountryFact.from_on), col(CountryFact.known_on), col(CountryFact.id))
    return {row[0]: row[1] for row in session.exec(query.order_by(*order))}


def signed_baseline(session: Session, plan: Plan) -> Baseline | None:
    """Return the newest signed baseline of the plan, ``None`` where none is signed."""
    query = select(Baseline).where(
        Baseline.plan_id == plan.id, Baseline.state == BaselineState.SIGNED
    )
    return session.exec(query.order_by(col(Baseline.number).desc())).first()


def baseline_content(session: Session, baseline: Baseline | None) -> BaselineContent | None:
    """Return the lines of a baseline as the rules know them, in their order."""
    if baseline is None:
        return None
    query = (
        select(FunctionArea.function_code, Area.slug, BaselineLine.posts)
        .join(FunctionArea, col(FunctionArea.id) == BaselineLine.function_area_id)
        .join(Area, col(Area.id) == FunctionArea.area_id)
        .where(BaselineLine.baseline_id == baseline.id)
        .order_by(col(BaselineLine.id))
    )
    return BaselineContent(tuple((code, slug, n) for code, slug, n in session.exec(query)))


def claims_by_area(session: Session, plan: Plan) -> Mapping[int, list[ClosingClaim]]:
    """Return every claim of the plan under the number of its area, as recorded."""
    query = select(ClosingClaim).join(Area).where(Area.plan_id == plan.id)
    found: defaultdict[int, list[ClosingClaim]] = defaultdict(list)
    for claim in session.exec(query.order_by(col(ClosingClaim.id))):
        found[claim.area_id].append(claim)
    return found


def _areas(session: Session, plan: Plan, *, on: date) -> tuple[AreaState, ...]:
    rows = [row for row in area_rows(session, plan) if row.known_on <= on]
    claims = claims_by_area(session, plan)
    slugs = {row.id: row.slug for row in rows}
    return tuple(
        AreaState(
            slug=row.slug,
            name=row.name,
            kind=row.kind,
            parent=slugs.get(row.parent_id),
            mandate_ends_on=row.mandate_ends_on,
            closing=closing_of(effective_claim(claims.get(row.id or 0, ()), on=on)),
        )
        for row in rows
    )


def _posts(session: Session, plan: Plan, *, on: date) -> tuple[GiverPosts, ...]:
    query = (
        select(Post, col(Area.slug))
        .outerjoin(Area, col(Area.id) == Post.area_id)
        .where(Post.plan_id == plan.id, Post.side == PostSide.GIVER, Post.known_on <= on)
    )
    functions = functions_of_posts(session, plan)
    return tuple(
        GiverPosts(
            reference=post.reference,
            areas=() if post.area_id is None else (slug,),
            functions=tuple(functions.get(post.id or 0, ())),
            authorised=post.authorised,
            ends_on=post.ends_on,
        )
        for post, slug in session.exec(query.order_by(col(Post.id)))
    )


def functions_of_posts(session: Session, plan: Plan) -> Mapping[int, list[str]]:
    """Return the codes that each post of the plan works for, under the number of the post."""
    query = select(PostFunction.post_id, PostFunction.function_code).join(Post)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for post_id, code in session.exec(
        query.where(Post.plan_id == plan.id).order_by(col(PostFunction.id))
    ):
        found[post_id].append(code)
    return found
