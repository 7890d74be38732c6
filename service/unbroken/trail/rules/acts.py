"""What an act is called, what is hashed and who may erase; no I/O."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from unbroken.kit.canonical import canonical, digest
from unbroken.kit.errors import Conflict, Forbidden

VERSION = 1
INSTANCE = "instance"
GENESIS = "0" * 64
SALT_BYTES = 32
STEWARD = "steward"
GRAMMAR = re.compile(r"[a-z-]+:[a-z-]+:[a-z-]+")
ACTION_LENGTH = 120


def check_action(name: str) -> str:
    """Return ``name``.

    Raises:
        ValueError: it is not ``source:subject:action``; a fault in the code, not of a user.
    """
    if len(name) > ACTION_LENGTH or not GRAMMAR.fullmatch(name):
        message = f"{name!r} is no source:subject:action"
        raise ValueError(message)
    return name


class Action(StrEnum):
    """What an act is called: ``source:subject:action``, in small letters and hyphens.

    ``source`` is the feature that acts (``transfers``), ``subject`` what it acts on (``capacity``),
    ``action`` what it did, in the past tense (``confirmed``). A feature declares its own names in a
    subclass; a name that breaks the grammar fails at import. Names are hashed: never rename one.
    """

    def __new__(cls, value: str) -> Self:
        """Make a member out of a name that follows the grammar."""
        member = str.__new__(cls, check_action(value))
        member._value_ = value
        return member


class TrailAction(Action):
    """The acts of the trail itself."""

    ERASURE_ASKED = "trail:value:erasure-asked"
    ERASED = "trail:value:erased"


class ErasureReason(StrEnum):
    """Why values must go; never the thing itself."""

    PERSON = "person"
    CONTACT = "contact"
    CASE = "case"
    PLACE = "place"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts: the account, its organisation, and the role in which it acts."""

    account_uid: UUID
    organisation_uid: UUID
    role: str


@dataclass(frozen=True, slots=True)
class ChainName:
    """Which chain an entry belongs to; ``plan`` is empty for the chain of the instance."""

    uid: UUID
    plan: UUID | None


@dataclass(frozen=True, slots=True)
class Link:
    """Everything about an entry that its hash covers, but for its chain."""

    uid: UUID
    position: int
    at: datetime
    author: Author
    action: str
    subject_kind: str
    subject_uid: UUID
    commitment: str
    previous_hash: str


def scope_of(plan: UUID | None) -> str:
    """Return the unique text by which a chain is found; chains are locked in its order."""
    return INSTANCE if plan is None else str(plan)


def commitment(salt: str, body: Mapping[str, object]) -> str:
    """Return SHA-256 over the salt (hexadecimal) followed by the canonical form of ``body``.

    The salt keeps short values from being guessed out of the commitment once they are erased.
    """
    return hashlib.sha256(bytes.fromhex(salt) + canonical(body)).hexdigest()


def entry_hash(chain: ChainName, link: Link) -> str:
    """Return the SHA-256 of the entry's canonical form, which names the entry before it."""
    return digest(
        {
            "version": VERSION,
            "chain": chain.uid,
            "plan": chain.plan,
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
        }
    )


def check_asker(author: Author) -> None:
    """Return if ``author`` may ask for an erasure.

    Raises:
        Forbidden: only stewards may.
    """
    if author.role != STEWARD:
        raise Forbidden(
            "Only a steward may have values erased.", remedy="Ask a steward, and name the entry."
        )


def check_granter(author: Author, *, asked_by: UUID, granted_at: datetime | None) -> None:
    """Return if ``author`` may consent to an erasure that ``asked_by`` asked for.

    Raises:
        Forbidden: not a steward, or the one who asked: it takes two.
        Conflict: it was granted before.
    """
    check_asker(author)
    if author.account_uid == asked_by:
        raise Forbidden(
            "A second steward must grant an erasure.", remedy="Ask another steward to grant it."
        )
    if granted_at is not None:
        raise Conflict("These values were erased before.", remedy="Nothing is left to do.")
