"""Facts, assessments, meetings, posts and baselines that an import adds or changes."""

from dataclasses import replace

from sqlmodel import Session, col, select

from unbroken.plans.commands.acts import By
from unbroken.plans.commands.baselines import (
    DraftBaseline,
    NewLine,
    SignBaseline,
    draft_baseline_in,
    sign_baseline_in,
)
from unbroken.plans.commands.importing.areas import StoredAreas, Work
from unbroken.plans.commands.posts import (
    AddPosts,
    EditPost,
    NewPost,
    PostNumbers,
    add_posts_in,
    edit_post_in,
)
from unbroken.plans.commands.records import (
    AddAssessment,
    AddFact,
    AddMeeting,
    add_assessment_in,
    add_fact_in,
    add_meeting_in,
)
from unbroken.plans.models import Plan, Post
from unbroken.plans.rules.exchange import (
    AssessmentEntry,
    BaselineEntry,
    Entry,
    FactEntry,
    MeetingEntry,
    PostEntry,
    Verb,
)
from unbroken.plans.rules.exchange.entries import Present


def put_records(session: Session, work: Work, plan: Plan, *, by: By) -> None:
    """Add the facts, assessments and meetings that are new."""
    for group in ("facts", "assessments", "meetings"):
        for change in work.comparison.of(group):
            with work.noting(change.entry):
                _put_record(session, change.entry, plan, by=by)


def _put_record(session: Session, entry: Entry, plan: Plan, *, by: By) -> None:
    match entry:
        case FactEntry():
            fact = AddFact(
                plan.uid, entry.fact, entry.holds, entry.from_on, entry.known_on, entry.source
            )
            add_fact_in(session, fact, by=by)
        case AssessmentEntry():
            assessment = AddAssessment(
                plan.uid, entry.stage, entry.assessed_on, entry.known_on, entry.source
            )
            add_assessment_in(session, assessment, by=by)
        case MeetingEntry():
            meeting = AddMeeting(
                plan.uid,
                held_on=entry.held_on,
                known_on=entry.known_on,
                source=entry.source,
                head_of_operation=Present.HEAD_OF_OPERATION in entry.present,
                special_representative=Present.SPECIAL_REPRESENTATIVE in entry.present,
                task_force=Present.TASK_FORCE in entry.present,
                authorities=Present.AUTHORITIES in entry.present,
            )
            add_meeting_in(session, meeting, by=by)
        case _:
            raise TypeError(type(entry).__name__)


def put_posts(session: Session, work: Work, plan: Plan, *, by: By) -> None:
    """Add the posts that are new and edit the numbers of those that changed."""
    there = StoredAreas.of(session, plan, work.document)
    changes = work.comparison.of("posts")
    added = [c.entry for c in changes if c.verb is Verb.ADDED and isinstance(c.entry, PostEntry)]
    if added:
        with work.noting(None, added):
            posts = tuple(_new_post(entry, there) for entry in added)
            add_posts_in(session, AddPosts(plan.uid, posts), by=by)
    for change in changes:
        entry, was = change.entry, change.was
        if isinstance(entry, PostEntry) and isinstance(was, PostEntry):
            with work.noting(entry):
                _edit_post(session, plan, entry, was, by=by)


def _new_post(entry: PostEntry, there: StoredAreas) -> NewPost:
    return NewPost(
        side=entry.side,
        organisation=entry.organisation,
        reference=entry.reference,
        functions=entry.functions,
        numbers=_numbers(entry),
        known_on=entry.known_on,
        area=None if entry.area is None else there.named(entry.area).uid,
        grade=entry.grade,
        is_secretariat=entry.secretariat,
        source=entry.source,
    )


def _numbers(entry: PostEntry) -> PostNumbers:
    return PostNumbers(
        authorised=entry.authorised,
        filled=entry.filled,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        funded_until_on=entry.funded_until_on,
    )


def _edit_post(session: Session, plan: Plan, entry: PostEntry, was: PostEntry, *, by: By) -> None:
    keys = ("filled", "starts_on", "ends_on", "funded_until_on")
    left = {key: getattr(was, key) for key in keys if key not in entry.given}
    meant = (col(Post.side) == entry.side, col(Post.reference) == entry.reference)
    uid = session.exec(select(Post.uid).where(col(Post.plan_id) == plan.id, *meant)).one()
    order = EditPost(
        plan.uid,
        uid,
        version_seen=None,
        numbers=_numbers(replace(entry, **left)),
        known_on=by.today(plan),
        source=entry.source,
    )
    edit_post_in(session, order, by=by)


def put_baselines(session: Session, work: Work, plan: Plan, *, by: By) -> None:
    """Draft the baselines that are new or changed, and sign the one that is marked as signed."""
    there = StoredAreas.of(session, plan, work.document)
    for change in work.comparison.of("baselines"):
        entry = change.entry
        if isinstance(entry, BaselineEntry):
            lines = tuple(
                NewLine(line.function, there.named(line.area).uid, line.posts)
                for line in entry.lines
            )
            with work.noting(entry, entry.lines):
                draft_baseline_in(session, DraftBaseline(plan.uid, lines, entry.source), by=by)
                if entry.signed:
                    sign_baseline_in(session, SignBaseline(plan.uid), by=by)
