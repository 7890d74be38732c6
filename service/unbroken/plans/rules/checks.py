"""What is wrong in a revision's content or a baseline, and how to mend it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from unbroken.functions.rules import Edition
from unbroken.kit.errors import Problem
from unbroken.kit.sentences import sentence
from unbroken.plans.rules.content import AreaKind, AreaState, Baseline, Phase, RevisionContent
from unbroken.plans.rules.places import places


def check_content(content: RevisionContent, edition: Edition) -> tuple[Problem, ...]:
    """Return every fault of ``content``, in the order of its parts; empty when it can be dated.

    A path names the list and the place in it, from 0: ``areas/2/parent``. A planned closing may not
    lie before the plan or the phase it belongs to begins; what is reported has happened and is
    never refused.
    """
    return (
        *_days(content),
        *_areas(content),
        *_parents(content.areas),
        *_closings(content),
        *_phases(content),
        *_posts(content),
        *_codes(content, edition),
    )


def check_baseline(
    baseline: Baseline, content: RevisionContent, edition: Edition
) -> tuple[Problem, ...]:
    """Return every fault of ``baseline``: functions and areas that do not exist."""
    slugs = {area.slug for area in content.areas}
    return tuple(
        problem
        for number, (code, slug, _) in enumerate(baseline.lines)
        for problem in (
            *_unknown_codes([code], edition, path=f"lines/{number}/function"),
            *_unknown_areas([slug], slugs, path=f"lines/{number}/area"),
        )
    )


def _days(content: RevisionContent) -> Iterator[Problem]:
    remedy = "Give the day of the decision or a later one."
    if content.mandate_ends_on < content.trigger_on:
        yield Problem("mandate_ends_on", "The mandate ends before the decision.", remedy)
    if content.transfer_ends_on is not None and content.transfer_ends_on < content.trigger_on:
        yield Problem(
            "transfer_ends_on", "The time to transfer tasks ends before the decision.", remedy
        )


def _areas(content: RevisionContent) -> Iterator[Problem]:
    if not content.areas:
        yield Problem(
            "areas", "The revision has no area.", "Add the whole mission, or the areas that close."
        )
    seen: set[str] = set()
    for number, area in enumerate(content.areas):
        if area.slug in seen:
            yield Problem(
                f"areas/{number}/slug",
                sentence("The area {area} is there twice.", area=area.slug),
                "Keep one of them.",
            )
        seen.add(area.slug)
    whole = [n for n, area in enumerate(content.areas) if area.kind is AreaKind.MISSION]
    for number in whole[1:]:
        yield Problem(
            f"areas/{number}/kind",
            "A second area is the whole mission.",
            "Make it a region or a site.",
        )


def _parents(areas: tuple[AreaState, ...]) -> Iterator[Problem]:
    parents = {area.slug: area.parent for area in areas}
    for number, area in enumerate(areas):
        path = f"areas/{number}/parent"
        if area.parent is not None and area.parent not in parents:
            yield Problem(
                path,
                sentence(
                    "{area} lies in {parent}, which is no area of this revision.",
                    area=area.slug,
                    parent=area.parent,
                ),
                "Add that area or name another.",
            )
        elif _in_circle(area.slug, parents):
            yield Problem(
                path,
                sentence("{area} lies in itself.", area=area.slug),
                "Name the area around it, or none.",
            )


def _in_circle(slug: str, parents: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    at = parents.get(slug)
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return slug in seen


def _closings(content: RevisionContent) -> Iterator[Problem]:
    for number, area in enumerate(content.areas):
        closing = area.closing
        if closing is None or closing.reported:
            continue
        path = f"areas/{number}/closing"
        begins = _first_phase(content, area.slug)
        if closing.date.latest < content.trigger_on:
            yield Problem(
                path,
                sentence("{area} is planned to close before the decision.", area=area.slug),
                "Give a later day, or record the closing as reported.",
            )
        elif begins is not None and closing.date.latest < begins:
            yield Problem(
                path,
                sentence(
                    "{area} is planned to close before its first phase begins on {begins}.",
                    area=area.slug,
                    begins=begins,
                ),
                "Move the phase or the closing.",
            )


def _first_phase(content: RevisionContent, slug: str) -> date | None:
    """Return the first day of the phases that hold in the area, ``None`` where none does."""
    there = places(content)
    return min((p.starts_on for p in content.phases if there.in_phase(p, slug)), default=None)


def _phases(content: RevisionContent) -> Iterator[Problem]:
    slugs = {area.slug for area in content.areas}
    for number, phase in enumerate(content.phases):
        yield from _backwards(phase, path=f"phases/{number}/ends_on")
        yield from _unknown_areas(phase.areas, slugs, path=f"phases/{number}/areas")


def _backwards(phase: Phase, *, path: str) -> Iterator[Problem]:
    if phase.ends_on < phase.starts_on:
        yield Problem(
            path,
            sentence("The phase {phase} ends before it starts.", phase=phase.name),
            "Exchange or mend its days.",
        )


def _posts(content: RevisionContent) -> Iterator[Problem]:
    slugs = {area.slug for area in content.areas}
    seen: set[str] = set()
    for number, posts in enumerate(content.posts):
        path = f"posts/{number}"
        if posts.reference in seen:
            yield Problem(
                f"{path}/reference",
                sentence("The posts {posts} are there twice.", posts=posts.reference),
                "Give each its own reference.",
            )
        seen.add(posts.reference)
        yield from _unknown_areas(posts.areas, slugs, path=f"{path}/areas")
        if posts.authorised < 0:
            yield Problem(
                f"{path}/authorised", "The number of posts is below 0.", "Give 0 or more."
            )


def _codes(content: RevisionContent, edition: Edition) -> Iterator[Problem]:
    for number, phase in enumerate(content.phases):
        yield from _unknown_codes(phase.drops, edition, path=f"phases/{number}/drops")
    for number, posts in enumerate(content.posts):
        yield from _unknown_codes(posts.functions, edition, path=f"posts/{number}/functions")


def _unknown_codes(codes: Iterable[str], edition: Edition, *, path: str) -> Iterator[Problem]:
    for code in codes:
        if code not in edition.functions:
            yield Problem(
                path,
                sentence(
                    "{code} is no function of the edition {edition}.",
                    code=code,
                    edition=edition.name,
                ),
                "Give a code of the catalogue, such as MRM-VER.",
            )


def _unknown_areas(named: Iterable[str], slugs: set[str], *, path: str) -> Iterator[Problem]:
    for slug in named:
        if slug not in slugs:
            yield Problem(
                path,
                sentence("{slug} is no area of this revision.", slug=slug),
                "Add the area or take the name out.",
            )
