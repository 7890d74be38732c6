"""What changes of items would come to: sound ones, refused ones, stale ones; writes nothing."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import true
from sqlmodel import Session, col, select

from unbroken.kit.errors import Invalid, Problem, Refused
from unbroken.kit.languages import gettext as _
from unbroken.people.models import Account, Organisation
from unbroken.people.rules import AccountState, Actor, Place
from unbroken.plans.models import Plan
from unbroken.plans.queries.rows import country_of
from unbroken.safeguarding.rules import check_text
from unbroken.transfers.queries.cases import custodian_of
from unbroken.transfers.queries.item_rows import ItemRow, Standing, item_rows
from unbroken.transfers.rules.items import (
    PATHS,
    TEXT_LIMITS,
    Changes,
    Fact,
    ItemFacts,
    ItemField,
    changed_fields,
    edited,
    problems_of_change,
    wanted_facts,
)
from unbroken.transfers.rules.permits import signer_of
from unbroken.transfers.rules.surroundings import require_side


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """What somebody wants of one item; ``version_seen`` is the version that was read."""

    item_uid: UUID
    changes: Changes
    version_seen: int | None = None


class Edit(NamedTuple):
    """One item as it is and as it will be; ``changed`` has old and new of each fact.

    ``asked_by`` is the account and the organisation that asked that it be set aside, where that is
    brought back; else who asks is who edits.
    """

    row: ItemRow
    after: ItemFacts
    changed: Mapping[str, tuple[Fact, Fact]]
    asked_by: tuple[UUID | None, UUID | None] | None = None

    @property
    def waits(self) -> bool:
        """Return whether it asks that the item be set aside, which waits for a second hand."""
        return bool(self.after.aside_reason) and "aside_reason" in self.changed


@dataclass(frozen=True, slots=True)
class Judged:
    """What the changes come to, in the order given; an item stands in one of the four only."""

    edits: tuple[Edit, ...] = ()
    unchanged: tuple[UUID, ...] = ()
    refused: Mapping[UUID, tuple[Problem, ...]] = field(default_factory=dict)
    stale: tuple[UUID, ...] = ()

    @property
    def count(self) -> int:
        """Return how many items were judged."""
        return len(self.edits) + len(self.unchanged) + len(self.refused) + len(self.stale)


def judge_items(
    session: Session, plan: Plan, wanted: Collection[ItemChange], *, actor: Actor, on: date
) -> Judged:
    """Return what ``wanted`` comes to on the plan's day ``on``, one change an item at most."""
    rows = item_rows(session, plan.id or 0, [each.item_uid for each in wanted])
    return judge_rows(session, plan, wanted, rows, actor=actor, on=on)


def judge_rows(
    session: Session,
    plan: Plan,
    wanted: Collection[ItemChange],
    rows: Mapping[UUID, ItemRow],
    *,
    actor: Actor,
    on: date,
) -> Judged:
    """Return what ``wanted`` comes to, of items that were read before."""
    judge = _Judge(
        actor=actor,
        place=Place(plan.uid, country_of(session, plan)),
        custodian_uid=custodian_of(session, plan),
        bodies=_bodies(session, wanted),
        on=on,
    )
    return _sorted(judge, wanted, rows)


def _sorted(
    judge: "_Judge", wanted: Collection[ItemChange], rows: Mapping[UUID, ItemRow]
) -> Judged:
    edits, unchanged, stale = [], [], []
    refused: dict[UUID, tuple[Problem, ...]] = {}
    twice = _named_twice(wanted)
    for each in wanted:
        uid = each.item_uid
        row = rows.get(uid)
        edit, problems = judge.edit(row, each) if row else (None, (NO_SUCH,))
        if problems or uid in twice:
            refused[uid] = (*problems, TWICE) if uid in twice else problems
        elif edit is None or not edit.changed:
            # two who want the same are no conflict
            unchanged.append(uid)
        elif each.version_seen not in (None, edit.row.version):
            stale.append(uid)
        else:
            edits.append(edit)
    return Judged(tuple(edits), tuple(unchanged), refused, tuple(stale))


def _named_twice(wanted: Collection[ItemChange]) -> frozenset[UUID]:
    times = Counter(each.item_uid for each in wanted)
    if len(times) == len(wanted):
        return frozenset()
    return frozenset(uid for uid, count in times.items() if count > 1)


NO_SUCH = Problem("item", _("is no item of this plan"), _("Leave the row as the export wrote it."))
TWICE = Problem("item", _("is changed twice"), _("Say once what shall hold of it."))


@dataclass(frozen=True, slots=True)
class Bodies:
    """Organisations by slug, and accounts by handle with their organisation's slug."""

    organisations: Mapping[str, int]
    accounts: Mapping[str, tuple[int, str]]


def _bodies(session: Session, wanted: Iterable[ItemChange]) -> Bodies:
    named = {name: _named(wanted, name) for name in (ItemField.ASSIGNED_TO, ItemField.MAILBOX)}
    return bodies_named(session, named[ItemField.ASSIGNED_TO], named[ItemField.MAILBOX])


def bodies_named(
    session: Session, slugs: Collection[str], handles: Collection[str], *, closed: bool = False
) -> Bodies:
    """Return those of the organisations and accounts that exist; ``closed`` accounts if wanted."""
    organisations = select(Organisation.slug, Organisation.id)
    accounts = (
        select(Account.handle, Account.id, Organisation.slug)
        .join(Organisation, col(Organisation.id) == Account.organisation_id)
        .where(true() if closed else col(Account.state) != AccountState.CLOSED)
    )
    of_slug = session.exec(organisations.where(col(Organisation.slug).in_(slugs)))
    of_handle = session.exec(accounts.where(col(Account.handle).in_(handles)))
    return Bodies(
        {slug: number or 0 for slug, number in of_slug},
        {handle: (number or 0, slug) for handle, number, slug in of_handle},
    )


def _named(wanted: Iterable[ItemChange], name: ItemField) -> set[str]:
    return {str(each.changes[name]) for each in wanted if each.changes.get(name)}


class _Outcome(NamedTuple):
    """What one change of one set of facts comes to, whichever item has them."""

    after: ItemFacts
    changed: Mapping[str, tuple[Fact, Fact]]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Judge:
    """Judges one change after the other; remembers sides, texts and outcomes, which repeat."""

    actor: Actor
    place: Place
    custodian_uid: UUID | None
    bodies: Bodies
    on: date
    sides: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    texts: dict[tuple[ItemField, str], "str | tuple[Problem, ...]"] = field(default_factory=dict)
    outcomes: dict[tuple[int, int, int, bool], _Outcome] = field(default_factory=dict)

    def edit(self, row: ItemRow, wanted: ItemChange) -> tuple[Edit | None, tuple[Problem, ...]]:
        """Return the edit of a row, or what is wrong with it; who is of no side, first."""
        outside = self._side(row.standing)
        if outside:
            return None, outside
        retired = row.retired_in is not None
        # a workbook shares one mapping among the items of which it says the same, and items of
        # which the same is known share that, see ``item_rows``
        key = (id(wanted.changes), id(row.facts), row.tier, retired)
        found = self.outcomes.get(key)
        if found is None:
            found = self._outcome(row.facts, wanted.changes, tier=row.tier, retired=retired)
            self.outcomes[key] = found
        return Edit(row, found.after, found.changed), found.problems

    def _outcome(
        self, before: ItemFacts, wanted: Changes, *, tier: int, retired: bool
    ) -> "_Outcome":
        changes, problems = self._cleaned(before, wanted)
        problems += self._assigning(before, changes)
        after = edited(before, changes, tier=tier)
        # what was not touched is not judged: an unchanged row of history is no fault
        if problems or wanted_facts(before, changes) != before:
            found = problems_of_change(before, changes, on=self.on, retired=retired)
            problems = (*problems, *found)
        return _Outcome(after, changed_fields(before, after), problems)

    def _side(self, standing: Standing) -> tuple[Problem, ...]:
        # items of one transfer share their standing, see ``item_rows``
        if id(standing) not in self.sides:
            self.sides[id(standing)] = tuple(self._no_side(standing))
        return self.sides[id(standing)]

    def _no_side(self, standing: Standing) -> Iterator[Problem]:
        signer = signer_of(
            self.actor,
            place=self.place,
            kind=standing.kind,
            giver_uid=standing.giver_uid,
            receiver_uid=standing.receiver_uid,
            custodian_uid=self.custodian_uid,
        )
        try:
            require_side(signer)
        except Refused as refusal:
            yield Problem("", refusal.render(), _("Leave it to those whose transfer it is."))

    def _cleaned(
        self, before: ItemFacts, changes: Changes
    ) -> tuple[dict[ItemField, Fact], tuple[Problem, ...]]:
        cleaned = dict(changes)
        problems: tuple[Problem, ...] = ()
        for name, limit in TEXT_LIMITS.items():
            value = changes.get(name)
            if not value or value == before.value(name):
                continue
            found = self._text(name, str(value), limit=limit)
            if isinstance(found, str):
                cleaned[name] = found
            else:
                problems += found
        return cleaned, problems

    def _text(self, name: ItemField, text: str, *, limit: int) -> "str | tuple[Problem, ...]":
        key = (name, text)
        if key not in self.texts:
            try:
                path = PATHS.get(name, name.value)
                self.texts[key] = check_text(text, field=path, limit=limit)
            except Invalid as refusal:
                self.texts[key] = refusal.problems
        return self.texts[key]

    def _assigning(self, before: ItemFacts, changes: dict[ItemField, Fact]) -> tuple[Problem, ...]:
        slug = str(changes.get(ItemField.ASSIGNED_TO, before.assigned_to) or "")
        handle = str(changes.get(ItemField.MAILBOX, before.mailbox) or "")
        if ItemField.ASSIGNED_TO in changes and ItemField.MAILBOX not in changes:
            handle = handle if slug == before.assigned_to else ""
            changes[ItemField.MAILBOX] = handle
        if not {ItemField.ASSIGNED_TO, ItemField.MAILBOX} & changes.keys():
            return ()
        return tuple(self._assigned(before, changes, slug=slug, handle=handle))

    def _assigned(
        self, before: ItemFacts, changes: dict[ItemField, Fact], *, slug: str, handle: str
    ) -> Iterator[Problem]:
        if slug and slug != before.assigned_to and slug not in self.bodies.organisations:
            remedy = _("Use the short name of an organisation, as the list has it.")
            yield Problem("assigned_to", _("is no organisation here"), remedy)
        if not handle or (slug, handle) == (before.assigned_to, before.mailbox):
            return
        if handle not in self.bodies.accounts:
            remedy = _("Use the handle of an account, as the list has it.")
            yield Problem("mailbox", _("is no role mailbox here"), remedy)
        elif slug and slug != self.bodies.accounts[handle][1]:
            remedy = _("Name a mailbox of that organisation, or leave the organisation empty.")
            yield Problem("mailbox", _("is not of the organisation named"), remedy)
        else:
            changes[ItemField.ASSIGNED_TO] = self.bodies.accounts[handle][1]
