"""A feed as Atom: the elements that RFC 4287 (December 2005) asks for, and nothing else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from lxml import etree

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
SPACE = "http://www.w3.org/2005/Atom"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

# What XML 1.0 cannot hold, not even as a number.
UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class AtomEntry:
    """One entry: a lasting id, a plain title and text, and where it leads."""

    uid: UUID
    title: str
    text: str
    link: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AtomFeed:
    """A feed with its entries, the newest first; ``at`` is when it last changed."""

    uid: UUID
    title: str
    author: str
    language: str
    link: str
    at: datetime
    entries: Sequence[AtomEntry]


def written(feed: AtomFeed) -> bytes:
    """Return a feed as a UTF-8 document; the same feed gives the same bytes."""
    root = etree.XML(f'<feed xmlns="{SPACE}"/>')
    root.set(LANGUAGE, feed.language)
    _head(root, feed.uid, feed.title, feed.at)
    _add(root, "link", rel="alternate", type="text/html", href=feed.link)
    _add(_add(root, "author"), "name", feed.author)
    for each in feed.entries:
        entry = _add(root, "entry")
        _head(entry, each.uid, each.title, each.at)
        _add(entry, "link", rel="alternate", type="text/html", href=each.link)
        _add(entry, "summary", each.text, type="text")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _head(parent: etree._Element, uid: UUID, title: str, at: datetime) -> None:
    _add(parent, "id", uid.urn)
    _add(parent, "title", title, type="text")
    _add(parent, "updated", at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _add(parent: etree._Element, name: str, text: str = "", **marks: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{SPACE}}}{name}", marks)
    made.text = UNWRITABLE.sub("", text) or None
    return made
