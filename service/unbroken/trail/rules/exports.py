"""A chain as lines of JSON that can be checked without a database; pure.

The first line says which chain it is, then comes a line for each entry, and the last line counts
them, names the head and holds a digest of every line before it: a cut tail is found. Each line is
in canonical form, so that the same chain gives the same bytes. Other kinds of lines may stand
between entries; whoever adds them also reads them.
Source: RFC 8785 (June 2020).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from unbroken.kit.canonical import canonical
from unbroken.trail.rules.acts import Author, ChainName, Link
from unbroken.trail.rules.verification import StoredEntry, StoredValue, Withheld

FORMAT = "unbroken-trail"
VERSION = 1
FIRST, ENTRY, LAST = "trail", "entry", "end"


class Unreadable(ValueError):
    """A line is not what its kind asks for; the message says which field and why."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first line says: which chain of which instance, and the plan's short name."""

    instance: UUID
    chain: ChainName
    plan_slug: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What the last line says of everything before it."""

    entries: int
    lines: int
    head: str
    digest: str


@dataclass(slots=True)
class Writer:
    """Makes the lines of one export, in order, and keeps count of them."""

    lines: int = 0
    entries: int = 0
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def open(self, opening: Opening) -> bytes:
        """Return the first line."""
        plan = opening.chain.plan
        return self.other(
            {
                "kind": FIRST,
                "format": FORMAT,
                "version": VERSION,
                "instance": opening.instance,
                "chain": opening.chain.uid,
                "plan": plan,
                "plan_slug": opening.plan_slug,
            }
        )

    def entry(self, entry: StoredEntry) -> bytes:
        """Return the line of the next entry."""
        self.entries += 1
        return self.other(entry_line(entry))

    def other(self, line: Mapping[str, object]) -> bytes:
        """Return ``line``, counted."""
        made = canonical(line) + b"\n"
        self.lines += 1
        self._hash.update(made)
        return made

    def close(self, head: str) -> bytes:
        """Return the last line."""
        return canonical(
            {
                "kind": LAST,
                "entries": self.entries,
                "lines": self.lines,
                "head": head,
                "digest": self._hash.hexdigest(),
            }
        ) + (b"\n")


def entry_line(entry: StoredEntry) -> dict[str, object]:
    """Return everything that the hash of an entry covers, the hash, and what lies beside it."""
    link = entry.link
    return {
        "kind": ENTRY,
        "uid": link.uid,
        "position": link.position,
        "at": link.at,
        "account": link.author.account_uid,
        "organisation": link.author.organisation_uid,
        "role": link.author.role,
        "action": str(link.action),
        "subject_kind": link.subject_kind,
        "subject": link.subject_uid,
        "commitment": link.commitment,
        "previous": link.previous_hash,
        "hash": entry.hash,
        "value": _value_line(entry.value),
    }


def _value_line(value: StoredValue | Withheld | None) -> dict[str, object] | None:
    match value:
        case None:
            return None
        case Withheld():
            return {"state": "withheld"}
        case StoredValue(salt=None, body=None, erased_at=at, erased_by_uid=by):
            return {"state": "erased", "at": at, "by": by}
        case StoredValue():
            return {
                "state": "given",
                "salt": value.salt,
                "body": value.body,
                "erased_at": value.erased_at,
                "erased_by": value.erased_by_uid,
            }


def read_opening(line: Mapping[str, object]) -> Opening:
    """Return what the first line says.

    Raises:
        Unreadable: it is no first line of this format and version.
    """
    if line.get("kind") != FIRST or line.get("format") != FORMAT:
        message = f"it is not the first line of a trail export (format {FORMAT!r})"
        raise Unreadable(message)
    if line.get("version") != VERSION:
        message = f"version {line.get('version')!r} of the format is not known here, only {VERSION}"
        raise Unreadable(message)
    plan = None if line.get("plan") is None else as_uid(line, "plan")
    chain = ChainName(as_uid(line, "chain"), plan)
    return Opening(as_uid(line, "instance"), chain, as_text(line, "plan_slug"))


def read_entry(line: Mapping[str, object]) -> StoredEntry:
    """Return the entry of a line.

    Raises:
        Unreadable: a field is missing or not what it must be.
    """
    link = Link(
        uid=as_uid(line, "uid"),
        position=as_count(line, "position"),
        at=as_instant(line, "at"),
        author=Author(as_uid(line, "account"), as_uid(line, "organisation"), as_text(line, "role")),
        action=as_text(line, "action"),
        subject_kind=as_text(line, "subject_kind"),
        subject_uid=as_uid(line, "subject"),
        commitment=as_text(line, "commitment"),
        previous_hash=as_text(line, "previous"),
    )
    return StoredEntry(link, as_text(line, "hash"), _read_value(line.get("value")))


def _read_value(value: object) -> StoredValue | Withheld | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        message = "'value' is not an object"
        raise Unreadable(message)
    match value.get("state"):
        case "withheld":
            return Withheld()
        case "erased":
            return StoredValue(None, None, as_instant(value, "at"), as_uid(value, "by"))
        case "given":
            return _read_given(value)
        case other:
            message = f"'value' has the state {other!r}, which is not known here"
            raise Unreadable(message)


def _read_given(value: Mapping[str, object]) -> StoredValue:
    body, salt = value.get("body"), value.get("salt")
    if not isinstance(body, Mapping | None) or not isinstance(salt, str | None):
        message = "'value' has no readable body and salt"
        raise Unreadable(message)
    at = None if value.get("erased_at") is None else as_instant(value, "erased_at")
    by = None if value.get("erased_by") is None else as_uid(value, "erased_by")
    return StoredValue(salt, body, at, by)


def read_ending(line: Mapping[str, object]) -> Ending:
    """Return what the last line says.

    Raises:
        Unreadable: a field is missing or not what it must be.
    """
    return Ending(
        as_count(line, "entries"),
        as_count(line, "lines"),
        as_text(line, "head"),
        as_text(line, "digest"),
    )


def as_text(line: Mapping[str, object], name: str) -> str:
    """Return the text called ``name``; raises Unreadable where it is none."""
    value = line.get(name)
    if not isinstance(value, str):
        message = f"{name!r} is {_said(value)} and must be a text"
        raise Unreadable(message)
    return value


def as_count(line: Mapping[str, object], name: str) -> int:
    """Return the whole number called ``name``; raises Unreadable where it is none."""
    value = line.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        message = f"{name!r} is {_said(value)} and must be a whole number"
        raise Unreadable(message)
    return value


def as_uid(line: Mapping[str, object], name: str) -> UUID:
    """Return the UUID called ``name``; raises Unreadable where it is none."""
    value = line.get(name)
    try:
        return UUID(str(value))
    except ValueError:
        message = f"{name!r} is {_said(value)} and must be a UUID"
        raise Unreadable(message) from None


def as_instant(line: Mapping[str, object], name: str) -> datetime:
    """Return the instant called ``name``; raises Unreadable where it is none."""
    value = line.get(name)
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        message = f"{name!r} is {_said(value)} and must be an instant with its offset"
        raise Unreadable(message)
    return at


def _said(value: object) -> str:
    return "missing" if value is None else repr(value)[:60]
