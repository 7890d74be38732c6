"""A data set of the HDX catalogue: what it covers, and which of its files is the newest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from unbroken.kit.sentences import Sentence, counted, sentence
from unbroken.sources.parsing import Fault, left_out, listing, mapping, sifted, text
from unbroken.sources.readers import Document

COVERED = re.compile(r"\[\s*(\S+)\s+TO\s+(\S+)\s*\]")
OPEN = "*"
ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of a data set; ``changed_at`` and ``made_at`` are None where they are not stated."""

    id: str
    name: str
    format: str
    url: str
    changed_at: datetime | None
    made_at: datetime | None


def catalogue_document(body: object, *, at: str) -> Document:
    """Return what a data set covers and its newest file by ``last_modified``.

    Names and addresses of its maintainers are not read. ``newest`` is None where no file says when
    it was changed.

    Raises:
        Fault: it is no answer of ``package_show``.
    """
    package = _package(body, at=at)
    resources, problems = sifted(
        listing(package.get("resources"), at=f"{at}: resources"), _resource, at=f"{at}: resources"
    )
    active = [each for each in resources if each is not None]
    newest = newest_of(active)
    covers, odd = _covers(package.get("dataset_date"))
    return {
        "id": text(package.get("id")),
        "name": text(package.get("name")),
        "title": text(package.get("title")),
        "licence": text(package.get("license_title")) or text(package.get("license_id")) or None,
        "archived": _yes_or_no(package.get("archived")),
        "changed_at": _instant_told(package.get("last_modified")),
        "covers": covers,
        "resources": len(active),
        "newest": _told(newest),
        "warnings": [*left_out(problems), *odd, *_doubts(active, newest), *_private(package)],
    }


def newest_of(resources: Sequence[Resource]) -> Resource | None:
    """Return the file changed last, of several the one made last; None where none says when."""
    dated = [each for each in resources if each.changed_at is not None]
    return max(
        dated, key=lambda each: (_known(each.changed_at), _known(each.made_at)), default=None
    )


def _package(body: object, *, at: str) -> Mapping[str, object]:
    answer = mapping(body, at=at)
    if answer.get("success") is False:
        raise Fault(
            at,
            "The catalogue answered with an error, not with a data set.",
            remedy="Ask it again for a data set that it has.",
        )
    package = mapping(answer["result"], at=f"{at}: result") if "result" in answer else answer
    if not text(package.get("id")):
        raise Fault(at, "It is no data set: it has no id.")
    return package


def _resource(record: object, at: str) -> Resource | None:
    """Return a file; None for one that was taken away."""
    found = mapping(record, at=at)
    if text(found.get("state") or ACTIVE) != ACTIVE:
        return None
    if not text(found.get("id")):
        raise Fault(at, "It has no id.")
    return Resource(
        id=text(found.get("id")),
        name=text(found.get("name")),
        format=text(found.get("format")).upper(),
        url=text(found.get("url")),
        changed_at=_instant(found.get("last_modified")),
        made_at=_instant(found.get("created")),
    )


def _instant(value: object) -> datetime | None:
    """Return an instant as CKAN writes it: without a zone, and meant as UTC."""
    try:
        at = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _instant_told(value: object) -> str | None:
    at = _instant(value)
    return None if at is None else at.isoformat()


def _known(at: datetime | None) -> datetime:
    return at or datetime.min.replace(tzinfo=UTC)


def _yes_or_no(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _covers(value: object) -> tuple[Document, list[Sentence]]:
    """Return the days that the data are about, and what is odd; ``*`` is an open end."""
    told = text(value)
    nothing: Document = {"start": None, "end": None, "is_open": None}
    if not told:
        return nothing, []
    match = COVERED.fullmatch(told)
    try:
        start, end = map(_bound, match.groups() if match else ("", ""))
    except ValueError:
        odd = sentence("What days the data are about cannot be read: {told}.", told=told[:80])
        return nothing, [odd]
    return {"start": start, "end": end, "is_open": end is None}, []


def _bound(told: str) -> date | None:
    return None if told == OPEN else datetime.fromisoformat(told).date()


def _told(newest: Resource | None) -> Document | None:
    if newest is None:
        return None
    return {
        "id": newest.id,
        "name": newest.name,
        "format": newest.format,
        "url": newest.url,
        "changed_at": newest.changed_at.isoformat() if newest.changed_at else None,
        "made_at": newest.made_at.isoformat() if newest.made_at else None,
    }


def _doubts(resources: Sequence[Resource], newest: Resource | None) -> list[Sentence]:
    if newest is None:
        told = "No file says when it was changed, so that none can be called the newest."
        return [sentence(told)]
    return [*_undated(resources), *_shared(resources, newest), *_touched(resources, newest)]


def _undated(resources: Sequence[Resource]) -> list[Sentence]:
    count = sum(each.changed_at is None for each in resources)
    return (
        [
            counted(
                "{count} file does not say when it was changed; it may be newer.",
                "{count} files do not say when they were changed; one may be newer.",
                count,
            )
        ]
        if count
        else []
    )


def _shared(resources: Sequence[Resource], newest: Resource) -> list[Sentence]:
    count = sum(each.changed_at == newest.changed_at for each in resources)
    if count == 1:
        return []
    told = "{count} files were changed at the same instant as the newest; of them it was made last."
    return [sentence(told, count=count)]


def _touched(resources: Sequence[Resource], newest: Resource) -> list[Sentence]:
    made = max(resources, key=lambda each: _known(each.made_at))
    if made == newest or made.made_at is None or made.made_at == newest.made_at:
        return []
    return [
        sentence(
            "The file changed last ({newest}) is not the one made last ({made}): an old file may "
            "only have been touched. Look at both names.",
            newest=newest.name,
            made=made.name,
        )
    ]


def _private(package: Mapping[str, object]) -> list[Sentence]:
    resources = package.get("resources")
    marks = {"pii", "microdata"}
    marked = isinstance(resources, list) and any(
        isinstance(each, dict) and any(each.get(mark) is True for mark in marks)
        for each in resources
    )
    told = "The catalogue marks a file as data about persons: do not fetch it."
    return [sentence(told)] if marked else []
