"""Names a receiver: first the function, then area, parties, kind and what the giver has."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from fastapi import Form as FormField
from pydantic import BaseModel, Field
from starlette.responses import Response

from unbroken.functions.rules import CapacityNeed, Dimension
from unbroken.kit.errors import Invalid, Problem, Refused
from unbroken.kit.languages import gettext as _
from unbroken.people.queries import OrganisationView, organisation_views
from unbroken.plans.queries import FunctionAreaView, PlanView, find_plan, function_areas_of
from unbroken.plans.queries.rows import as_uid
from unbroken.plans.queries.timetables import titles_of
from unbroken.transfers.commands import NameReceiver, name_receiver
from unbroken.transfers.queries.cases import function_in
from unbroken.transfers.rules.words import TransferKind
from unbroken.web.act_forms import LARGEST, Short, Text, day_in
from unbroken.web.catalogue_texts import CatalogueTexts, texts_for
from unbroken.web.dependencies import Visit
from unbroken.web.form_keys import fresh_key, sent_once
from unbroken.web.forms import Form, refused_form
from unbroken.web.rendering import Page, page, see_other
from unbroken.web.security import Planner

router = APIRouter()
MOST = 8


class NameInput(BaseModel):
    """What the form sends; ``quantity`` stands beside ``counted``, the dimensions it counts."""

    key: Short = ""
    function: Short = ""
    function_area: Short = ""
    receiver: Short = ""
    giver: Short = ""
    kind: Short = TransferKind.TRANSFER.value
    shares: Short = ""
    starts_on: Short = ""
    ends_on: Short = ""
    scope_note: Text = ""
    dimensions: Annotated[list[Short], Field(max_length=MOST)] = []
    counted: Annotated[list[Short], Field(max_length=MOST)] = []
    quantity: Annotated[list[Short], Field(max_length=MOST)] = []

    def values(self) -> dict[str, str]:
        """Return what was typed, by field."""
        plain = {
            name: value
            for name, value in self.model_dump(exclude={"key"}).items()
            if isinstance(value, str)
        }
        ticked = {f"dimensions.{each}": "yes" for each in self.dimensions}
        typed = zip(self.counted, self.quantity, strict=False)
        return plain | ticked | {f"quantities/{name}": much for name, much in typed}

    def order(self, plan: str) -> NameReceiver:
        """Return the order.

        Raises:
            Invalid: an area, a party, a kind, a day or a number is missing or cannot be read.
        """
        problems = [
            Problem(name, _("is missing"), _("Choose one."))
            for name in ("function_area", "receiver", "giver")
            if not getattr(self, name)
        ]
        area = as_uid(self.function_area)
        starts_on = day_in("starts_on", self.starts_on, problems)
        ends_on = day_in("ends_on", self.ends_on, problems)
        quantities = self._quantities(problems)
        if problems or area is None:
            raise Invalid(problems=problems)
        return NameReceiver(
            plan=plan,
            function_area_uid=area,
            receiver=self.receiver,
            giver=self.giver,
            kind=TransferKind(self.kind)
            if self.kind in set(TransferKind)
            else TransferKind.TRANSFER,
            is_lead=self.shares != "yes",
            starts_on=starts_on,
            ends_on=ends_on,
            scope_note=self.scope_note,
            dimensions=frozenset(Dimension(d) for d in self.dimensions if d in set(Dimension)),
            quantities=quantities,
        )

    def _quantities(self, problems: list[Problem]) -> Mapping[Dimension, int]:
        found: dict[Dimension, int] = {}
        wanted = set(self.dimensions)
        for name, text in zip(self.counted, self.quantity, strict=False):
            if not text.strip() or name not in set(Dimension) or (wanted and name not in wanted):
                continue
            if text.isascii() and text.isdigit() and int(text) <= LARGEST:
                found[Dimension(name)] = int(text)
            else:
                path = f"quantities/{name}"
                problems.append(Problem(path, _("is not a whole number"), _("Write it in digits.")))
        return found


@dataclass(frozen=True, slots=True)
class NamePage(Page):
    """The form; without a ``function`` only the question which one.

    ``functions`` are codes and English titles.
    """

    template: ClassVar[str] = "transfers/naming.html"

    plan: PlanView
    function: str
    title: str
    functions: tuple[tuple[str, str], ...]
    areas: tuple[FunctionAreaView, ...]
    needs: tuple[CapacityNeed, ...]
    organisations: tuple[OrganisationView, ...]
    giver: str
    texts: CatalogueTexts
    form: Form = field(default_factory=Form)
    key: str = field(default_factory=fresh_key)


@router.get("/plans/{slug}/transfers/new")
def naming_page(
    visit: Planner,
    slug: str,
    function: Annotated[str, Query(max_length=60)] = "",
    area: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """Return the form in which a receiver is named; ``area`` is the slug of the one chosen."""
    shown = _shown(visit, slug, function)
    chosen = (str(row.uid) for row in shown.areas if row.area == area)
    return page(visit, replace(shown, form=Form({"function_area": next(chosen, "")})))


@router.post("/plans/{slug}/transfers")
def name_here(visit: Planner, slug: str, filled: Annotated[NameInput, FormField()]) -> Response:
    """Name a receiver and show the transfer, or show the form again with what was refused."""

    def act() -> Response:
        order = filled.order(slug)
        named = name_receiver(visit.sessions, order, actor=visit.actor, clock=visit.clock)
        said = _("The receiver is named. Nothing is offered by that: offer each capacity.")
        return see_other(visit, f"/transfers/{named.transfer_uid}", notice=said)

    try:
        return sent_once(visit, filled.key, filled.model_dump(), act)
    except Refused as refusal:
        form = refused_form(refusal, filled.values(), reader=visit.reader)
        return page(visit, _shown(visit, slug, filled.function, form=form), status=refusal.status)


def _shown(visit: Visit, slug: str, function: str, *, form: Form | None = None) -> NamePage:
    with visit.sessions.reading() as session:
        plan = find_plan(session, slug, sight=visit.sight)
        titles = titles_of(session, plan.edition)
        known = function_areas_of(session, plan.uid, actor=visit.actor)
        codes = tuple(dict.fromkeys(row.function_code for row in known))
        wanted = function if function in codes else ""
        needs = function_in(session, edition=plan.edition, code=wanted).capacities if wanted else ()
        organisations = organisation_views(session) if wanted else ()
        functions = tuple((code, titles.get(code, "")) for code in codes)
        named = [title for _code, title in functions]
        texts = texts_for(session, visit, [*named, *_english(needs)])
    givers = (o.slug for o in organisations if plan.acronym in {o.name, o.slug.upper()})
    return NamePage(
        plan=plan,
        function=wanted,
        title=titles.get(wanted, wanted),
        functions=functions,
        areas=tuple(row for row in known if row.function_code == wanted),
        needs=needs,
        organisations=organisations,
        giver=next(givers, ""),
        texts=texts,
        form=form or Form(),
    )


def _english(needs: Iterable[CapacityNeed]) -> Iterator[str]:
    for need in needs:
        yield from (part.title for part in need.parts)
        yield need.unit or ""
