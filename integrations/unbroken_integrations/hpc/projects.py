"""From the pages of a search for projects to what was asked for, by global cluster.

Contacts, participants and free texts of a project are never looked at.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from unbroken.kit.errors import Problem
from unbroken.kit.sentences import Sentence, counted, sentence
from unbroken.sources.parsing import (
    Fault,
    Number,
    amount,
    enveloped,
    left_out,
    listing,
    mapping,
    maybe_listing,
    named,
    sifted,
    stated,
    summed,
    text,
    whole,
)
from unbroken.sources.readers import Payload

MOST_PROJECTS = 10_000_000


@dataclass(frozen=True, slots=True)
class Project:
    """One project: what it asks for in dollars (``None``: not stated) and its clusters by code."""

    identity: str
    usd: Number | None
    clusters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Page:
    name: str
    number: int
    pages: int
    total: int
    here: int
    projects: tuple[Project, ...]
    problems: tuple[Problem, ...]


def projects_document(payloads: Sequence[Payload]) -> dict[str, object]:
    """Return the document of ``hpc-projects``; the README of this folder tells its fields.

    Raises:
        Fault: a page cannot be read, is of another search, or the pages do not hold what they
            state; single pages are read, and ``whole`` says that they are not all.
    """
    pages = _pages(payloads)
    first = pages[0]
    projects = _each_once(pages)
    problems = [problem for page in pages for problem in page.problems]
    is_whole = len(pages) == max(first.pages, 1)
    found = len(projects) + len(problems)
    if (is_whole and found != first.total) or found > first.total:
        raise Fault(
            first.name,
            "It states {told} projects; {found} are here.",
            told=first.total,
            found=found,
        )
    return {
        "projects": len(projects),
        "left_out": len(problems),
        "total": first.total,
        "pages": first.pages,
        "pages_read": [each.number for each in pages],
        "last_page": pages[-1].number == first.pages,
        "whole": is_whole,
        "requested_usd": _sum(projects),
        "clusters": _clusters(projects),
        "no_cluster": sum(1 for each in projects if not each.clusters),
        "warnings": [
            *_not_whole(is_whole=is_whole),
            *left_out(problems),
            *_not_stated(projects),
            *_no_cluster(projects),
        ],
    }


def _pages(payloads: Sequence[Payload]) -> list[_Page]:
    contents = {each.content: each for each in payloads}
    pages = sorted((_page(each) for each in contents.values()), key=lambda each: each.number)
    for before, after in pairwise(pages):
        if before.number == after.number:
            raise Fault(after.name, "Page {number} comes twice, differently.", number=after.number)
        if (before.pages, before.total) != (after.pages, after.total):
            raise Fault(after.name, "It states other totals than the other pages do.")
    return pages


def _page(payload: Payload) -> _Page:
    at = f"{payload.name}: data"
    data = mapping(enveloped(payload)["data"], at=at)
    results = listing(data.get("results"), at=f"{at}.results")
    told = mapping(data.get("pagination"), at=f"{at}.pagination")
    count, total, number, pages = (
        _counted(told, name, f"{at}.pagination")
        for name in ("count", "total", "currentPage", "pages")
    )
    if count != len(results):
        raise Fault(
            at,
            "It states {told} projects on this page; {found} are here.",
            told=count,
            found=len(results),
        )
    if not 1 <= number <= max(pages, 1):
        raise Fault(at, "It is page {number} of {pages}.", number=number, pages=pages)
    projects, problems = sifted(results, _project, at=f"{at}.results")
    return _Page(payload.name, number, pages, total, count, tuple(projects), tuple(problems))


def _counted(told: Mapping[str, object], name: str, at: str) -> int:
    place = f"{at}.{name}"
    number = stated(whole(told.get(name), at=place), at=place)
    if not 0 <= number <= MOST_PROJECTS:
        raise Fault(place, "It is out of all bounds.")
    return number


def _project(record: object, at: str) -> Project:
    told = mapping(record, at=at)
    place = f"{at}.globalClusters"
    clusters = [
        _cluster(each, f"{place}[{number}]")
        for number, each in enumerate(maybe_listing(told.get("globalClusters"), at=place))
    ]
    return Project(
        identity=named(told.get("id"), at=f"{at}.id"),
        usd=amount(told.get("currentRequestedFunds"), at=f"{at}.currentRequestedFunds"),
        clusters=tuple(sorted(dict(clusters).items())),
    )


def _cluster(record: object, at: str) -> tuple[str, str]:
    told = mapping(record, at=at)
    code = text(told.get("code")).upper()
    if not code:
        place = f"{at}.code"
        raise Fault(place, "It is not stated.")
    return code, text(told.get("name"))


def _each_once(pages: Sequence[_Page]) -> list[Project]:
    known: dict[str, Project] = {}
    for page in pages:
        for each in page.projects:
            if known.setdefault(each.identity, each) != each:
                raise Fault(
                    page.name,
                    "Project {number} comes twice, and differently.",
                    number=each.identity,
                )
    return list(known.values())


def _clusters(projects: Sequence[Project]) -> dict[str, object]:
    found: dict[str, list[Project]] = defaultdict(list)
    names: dict[str, str] = {}
    for project in projects:
        for code, name in project.clusters:
            found[code].append(project)
            names[code] = max(names.get(code, ""), name)
    return {
        code: {
            "name": names[code],
            "projects": len(found[code]),
            "alone_usd": _sum([each for each in found[code] if len(each.clusters) == 1]),
            "shared_usd": _sum([each for each in found[code] if len(each.clusters) > 1]),
        }
        for code in sorted(found)
    }


def _sum(projects: Sequence[Project]) -> Number | None:
    """``None`` where there are projects and none states an amount."""
    known = [each.usd for each in projects if each.usd is not None]
    return summed(known) if known or not projects else None


def _not_whole(*, is_whole: bool) -> list[Sentence]:
    if is_whole:
        return []
    return [sentence("These are not all pages: no figure here is of the whole plan.")]


def _not_stated(projects: Sequence[Project]) -> list[Sentence]:
    missing = sum(1 for each in projects if each.usd is None)
    if not missing:
        return []
    return [
        counted(
            "One project does not state what it asks for.",
            "{count} projects do not state what they ask for.",
            missing,
        )
    ]


def _no_cluster(projects: Sequence[Project]) -> list[Sentence]:
    missing = sum(1 for each in projects if not each.clusters)
    if not missing:
        return []
    return [
        counted("One project names no cluster.", "{count} projects name no cluster.", missing),
    ]
