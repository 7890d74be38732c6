"""One act over many capacities: a page that lists them, and one signature under all of it.

What is listed is chosen by ticking, or is everything of a plan that waits, narrowed or whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi import Form as FormField
from pydantic import BaseModel, Field
from starlette.responses import Response

from unbroken.kit.errors import Invalid, NotFound, Problem, Refused, Stale
from unbroken.kit.languages import gettext as _
from unbroken.people.rules import Role
from unbroken.plans.queries import PlanView, find_plan
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.commands import PackageOrder, sign_package
from unbroken.transfers.commands.signing import MOST_IN_PACKAGE
from unbroken.transfers.queries.keeping import may_be_kept, receipts_so_far
from unbroken.transfers.queries.waiting import Chosen, WaitingEntry, waiting_now
from unbroken.transfers.rules.words import Act
from unbroken.web.act_forms import ACT_FORMS, ActForm, Short, Text, day_in
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit, wants_json
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.outcomes import applied, require_author
from unbroken.web.package_outcomes import package_refused
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Roles, access
from unbroken.web.seen import Seen

router = APIRouter()
Signatory = Annotated[Visit, access(Roles(Role.PLANNER, Role.COUNTRY_TEAM, Role.CO_CHAIR))]
PACK_ACTS = (Act.CONFIRM, Act.RECOMMEND, Act.ASK_TIME, Act.DECLINE)
"""The acts that make sense for many at once, in the order of the page."""


@dataclass(frozen=True, slots=True)
class PackageLine:
    """One capacity of a package as it would be signed; ``changed`` since the reader saw it.

    ``title`` is English, as it is signed. ``is_in`` says that the act is open on it; ``refused``
    that this is the one for which nothing was signed. ``seen`` is what a reader sees of it, for a
    hidden field.
    """

    waiting: WaitingEntry
    title: str
    changed: bool
    is_in: bool
    refused: bool
    seen: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is listed, in words that go into addresses, and what it can be narrowed to."""

    query: str
    plan: str
    area: str
    function: str
    areas: tuple[tuple[str, str], ...]
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackagePage(Page):
    """What one signature would cover, to be read before it is given.

    ``acts`` are those open on some line, each with how many lines. ``may_wait`` says that the form
    may wait on the reader's device for the network.
    """

    template: ClassVar[str] = "transfers/package.html"

    lines: tuple[PackageLine, ...]
    plan: PlanView
    act: Act
    spec: ActForm
    acts: tuple[tuple[Act, ActForm, int], ...]
    narrowing: Narrowing
    texts: CatalogueTexts
    may_wait: bool = False
    is_stale: bool = False
    form: Form = field(default_factory=Form)
    key: str = field(default_factory=fresh_key)


class PackageInput(BaseModel):
    """The act, the capacities chosen, each as ``uuid.version``, and the form's key.

    ``content_hash`` are the hashes of what was read and ``seen`` the facts, one for each in the
    same order, or none.
    """

    key: Short = ""
    account: Short = ""
    act: Act = Act.CONFIRM
    reason: Text = ""
    until_on: Short = ""
    capacity: Annotated[list[Short], Field(max_length=MOST_IN_PACKAGE)] = []
    content_hash: Annotated[list[Short], Field(max_length=MOST_IN_PACKAGE)] = []
    seen: Annotated[list[Text], Field(max_length=MOST_IN_PACKAGE)] = []

    def chosen(self) -> tuple[tuple[UUID, int], ...]:
        """Return UUIDs with the versions that were read.

        Raises:
            Invalid: none, or one that cannot be read.
        """
        try:
            pairs = [text.partition(".") for text in self.capacity]
            found = tuple((UUID(uid), int(version)) for uid, _dot, version in pairs)
        except ValueError as error:
            raise Invalid(problems=[NOT_READABLE]) from error
        if not found:
            raise Invalid(problems=[NONE_CHOSEN])
        return found

    def contents(self) -> dict[UUID, str]:
        """Return the hashes of what was read, by UUID; empty where none were sent.

        Raises:
            Invalid: not one for each capacity.
        """
        chosen = self.chosen()
        if self.content_hash and len(self.content_hash) != len(chosen):
            raise Invalid(problems=[NOT_READABLE])
        pairs = zip(chosen, self.content_hash, strict=bool(self.content_hash))
        return {uid: seen for (uid, _version), seen in pairs}

    def order(self) -> PackageOrder:
        """Return what was ordered.

        Raises:
            Invalid: nothing is chosen, or something cannot be read.
        """
        problems: list[Problem] = []
        order = PackageOrder(
            act=self.act,
            capacities=self.chosen(),
            contents_seen=self.contents(),
            reason=self.reason,
            until_on=day_in("until_on", self.until_on, problems),
        )
        if problems:
            raise Invalid(problems=problems)
        return order


def chosen_in(
    capacity: Annotated[list[UUID] | None, Query(max_length=MOST_IN_PACKAGE)] = None,
    plan: Annotated[Short, Query()] = "",
    area: Annotated[Short, Query()] = "",
    function: Annotated[Short, Query()] = "",
) -> Chosen:
    """Return what an address chooses: capacities by UUID, or what waits in a plan."""
    uids = tuple(dict.fromkeys(capacity or ()))
    return Chosen(uids=uids, plan=plan, area=area, function=function)


ChosenIn = Annotated[Chosen, Depends(chosen_in)]


@router.get("/inbox/package")
def package_page(
    visit: Signatory, chosen: ChosenIn, act: Annotated[Act | None, Query()] = None
) -> Response:
    """Return the capacities chosen as one signature would cover them."""
    if not chosen.uids and not chosen.plan:
        return see_other(visit, "/inbox", notice=_("Tick what you want to sign, then go on."))
    found = lines_of(visit, chosen)
    if not found:
        return see_other(visit, "/inbox", notice=_("Nothing of that waits for you any more."))
    return page(visit, _package(visit, chosen, found, act=act))


@router.post("/inbox/package")
def sign_here(visit: Signatory, filled: Annotated[PackageInput, FormField()]) -> Response:
    """Sign the act on everything listed under one signature: all of it or nothing."""

    def act() -> Response:
        require_author(visit, filled.account)
        signed = sign_package(visit.sessions, filled.order(), actor=visit.actor, clock=visit.clock)
        waits = any(each.waits for each in signed)
        return see_other(visit, "/inbox", notice=WAITS if waits else DONE[filled.act])

    try:
        if filled.act not in PACK_ACTS:
            raise Invalid(problems=[NOT_TOGETHER])
        # What a later edition of this form adds and leaves empty changes nothing of what was sent.
        sent = filled.model_dump(mode="json", exclude_defaults=True)
        response = sent_once(visit, filled.key, sent, act, guarded=True)
    except Refused as refusal:
        if wants_json(visit.request):
            return package_refused(visit, filled.order(), filled.seen, refusal)
        return _again(visit, filled, refusal)
    return applied(visit, response, said=SIGNED) if wants_json(visit.request) else response


def lines_of(visit: Visit, chosen: Chosen) -> tuple[WaitingEntry, ...]:
    """Return what is chosen, the most urgent first; may be empty.

    Raises:
        NotFound: one of them is not there for the reader, or they are of several plans.
        Invalid: more than one signature can cover.
    """
    actor, most = visit.actor, MOST_IN_PACKAGE + 1
    wanted = Chosen(
        organisation=actor.organisation_uid,
        uids=chosen.uids,
        plan=chosen.plan,
        area=chosen.area,
        function=chosen.function,
    )
    with visit.sessions.reading() as session:
        found = waiting_now(session, wanted, actor=actor, on=visit.today, limit=most)
    if len(found) == most:
        raise Invalid(problems=[TOO_MANY])
    if chosen.uids and len(found) != len(chosen.uids):
        raise NotFound(_("One of these capacities is not there, or you may not see it."))
    if len({each.entry.plan_slug for each in found}) > 1:
        raise NotFound(
            _("One signature covers capacities of one plan."),
            remedy=_("Go back to the inbox and sign plan by plan."),
        )
    return found


def _again(visit: Visit, filled: PackageInput, refusal: Refused) -> Response:
    seen = dict(filled.chosen())
    chosen = Chosen(uids=tuple(seen))
    typed = {"reason": filled.reason, "until_on": filled.until_on}
    form = refused_form(refusal, typed, reader=visit.reader)
    act = filled.act if filled.act in PACK_ACTS else None
    shown = _package(
        visit,
        chosen,
        lines_of(visit, chosen),
        act=act,
        after=_After(
            seen, str(refusal.facts.get("capacity", "")), isinstance(refusal, Stale), form
        ),
    )
    return page(visit, shown, status=refusal.status)


@dataclass(frozen=True, slots=True)
class _After:
    """What a refused package leaves: the versions read, the one that refused, and the form."""

    seen: Mapping[UUID, int] = field(default_factory=dict)
    refused: str = ""
    is_stale: bool = False
    form: Form = field(default_factory=Form)


def _package(
    visit: Visit,
    chosen: Chosen,
    found: Sequence[WaitingEntry],
    *,
    act: Act | None,
    after: _After | None = None,
) -> PackagePage:
    counts = {each: sum(each in line.may for line in found) for each in PACK_ACTS}
    open_now = [each for each in PACK_ACTS if counts[each]]
    shown = act if act in PACK_ACTS else next(iter(open_now), Act.CONFIRM)
    left = after or _After()
    with visit.sessions.reading() as session:
        plan = find_plan(session, found[0].entry.plan_slug, sight=visit.sight)
        titles = titles_of(session, plan.edition)
        signed = receipts_so_far(session, [each.entry.uid for each in found])
        lines = tuple(_line(each, titles, signed, act=shown, after=left) for each in found)
        texts = texts_for(session, visit, english_of(lines))
        uids = frozenset(each.entry.uid for each in found)
        may_wait = may_be_kept(session, uids) == uids
    return PackagePage(
        lines=lines,
        plan=plan,
        act=shown,
        spec=ACT_FORMS[shown],
        acts=tuple((each, ACT_FORMS[each], counts[each]) for each in open_now),
        narrowing=_narrowing(chosen, found),
        texts=texts,
        may_wait=may_wait,
        is_stale=left.is_stale,
        form=left.form,
    )


def english_of(lines: Sequence[PackageLine]) -> Iterator[str]:
    """Yield the texts of the catalogue that these lines show."""
    for line in lines:
        yield from (line.title, line.waiting.entry.unit or "", *line.waiting.parts)


def _line(
    each: WaitingEntry,
    titles: Mapping[str, str],
    signed: Mapping[UUID, int],
    *,
    act: Act,
    after: _After,
) -> PackageLine:
    entry = each.entry
    count = signed.get(entry.uid, 0)
    seen = Seen(entry.standing, entry.quantity, entry.parts, entry.answer_by, count)
    return PackageLine(
        waiting=each,
        title=titles.get(entry.function_code, entry.function_code),
        changed=entry.uid in after.seen and after.seen[entry.uid] != entry.version,
        is_in=act in each.may,
        refused=str(entry.uid) == after.refused,
        seen=seen.text(),
    )


def _narrowing(chosen: Chosen, found: Sequence[WaitingEntry]) -> Narrowing:
    named = {"plan": chosen.plan, "area": chosen.area, "function": chosen.function}
    pairs = [(name, value) for name, value in named.items() if value and not chosen.uids]
    pairs += [("capacity", str(uid)) for uid in chosen.uids]
    areas = {each.entry.area_slug: each.entry.area_name for each in found}
    return Narrowing(
        query=urlencode(pairs),
        plan="" if chosen.uids else chosen.plan,
        area=chosen.area,
        function=chosen.function,
        areas=tuple(areas.items()),
        functions=tuple(sorted({each.entry.function_code for each in found})),
    )


NONE_CHOSEN = Problem("capacity", _("Nothing is chosen."), _("Tick at least one."))
NOT_READABLE = Problem("capacity", _("cannot be read"), _("Choose from the list again."))
NOT_TOGETHER = Problem(
    "act", _("is not signed for many at once"), _("Open each capacity by itself.")
)
TOO_MANY = Problem(
    "capacity",
    _("are more than one signature covers"),
    _("Choose an area or a function, and sign in several packages."),
)
SIGNED = _("Signed under one signature. Each capacity shows its receipt, and whether it holds yet.")
WAITS = _("Signed. It holds once a second signature stands under it.")
DONE: Mapping[Act, str] = {
    Act.CONFIRM: _("Confirmed. Each capacity has its receipt, all under one signature."),
    Act.RECOMMEND: _("Recommended. Your authorised signatory sees it in the inbox."),
    Act.ASK_TIME: _("More time is asked for. Each capacity has its receipt."),
    Act.DECLINE: _("Declined. Each capacity has its receipt, all under one signature."),
}
