"""The parts of a checklist's page: its views with numbers, its filters, and rows under headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from unbroken.functions.queries import ShownText
from unbroken.kit.languages import gettext as _
from unbroken.plans.queries import PlanView
from unbroken.transfers.queries.checklist_counts import Counts, Figure, Option
from unbroken.transfers.queries.checklist_filters import ChecklistFilter, Group, View
from unbroken.transfers.queries.checklists import ChecklistRow
from unbroken.web.checklist_words import VIEW_WORDS, ChecklistQuery
from unbroken.web.dependencies import Visit
from unbroken.web.words import KINDS

FACET_WORDS = (
    ("tier", _("Tier"), _("All tiers")),
    ("function", _("Function"), _("All functions")),
    ("area", _("Area"), _("All areas")),
    ("capacity", _("Capacity"), _("All capacities")),
    ("receiver", _("Receiver"), _("All receivers")),
)
"""The selects of the filters: field, label, and the words for no choice."""


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One view of the checklist with how many items it has."""

    view: View
    label: str
    count: int
    path: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A select of the filters: its field, label, the words for no choice, and its options."""

    name: str
    label: str
    every: str
    options: tuple[Option, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Items under one heading, with how far the whole group is; no heading where not grouped."""

    title: str
    figure: Figure | None
    rows: tuple[ChecklistRow, ...]


def heading_of(wanted: ChecklistFilter, counts: Counts, titles: Mapping[str, ShownText]) -> str:
    """Return function and area of a narrowed checklist; empty where it is whole."""
    parts = [
        titles[wanted.function].text if wanted.function in titles else wanted.function,
        counts.name_of("area", wanted.area) if wanted.area else "",
    ]
    return ", ".join(part for part in parts if part)


def views_of(
    visit: Visit, plan: PlanView, query: ChecklistQuery, counts: Counts
) -> tuple[ViewLink, ...]:
    """Return the views of a checklist; that of one's own only for who is signed in."""
    found, here = counts.views(), counts.wanted.view
    return tuple(
        ViewLink(
            view=view,
            label=visit.say(label),
            count=found[view],
            path=f"/plans/{plan.slug}/checklist?{query.text(view=view.value, page='')}",
            is_here=view is here,
        )
        for view, label in VIEW_WORDS.items()
        if view is not View.MINE or visit.is_signed_in
    )


def choices_of(
    visit: Visit, counts: Counts, query: ChecklistQuery, titles: Mapping[str, ShownText]
) -> tuple[Choice, ...]:
    """Return the selects of the filters, without options that nothing would fit."""
    return tuple(
        Choice(
            name=name,
            label=visit.say(label),
            every=visit.say(every),
            options=tuple(
                Option(each.value, _option_name(visit, name, each, titles), each.count)
                for each in counts.options(name)
                if each.count or each.value == getattr(query, name)
            ),
            chosen=getattr(query, name),
        )
        for name, label, every in FACET_WORDS
    )


def _option_name(visit: Visit, facet: str, option: Option, titles: Mapping[str, ShownText]) -> str:
    match facet:
        case "tier":
            return f"{visit.say(_('Tier'))} {option.value}"
        case "capacity":
            return visit.say(KINDS["dimension"][option.value].label)
        case "function" if option.value in titles:
            return f"{option.value} {titles[option.value].text}"
        case _:
            return option.name or option.value


def groups_of(
    visit: Visit,
    rows: Sequence[ChecklistRow],
    counts: Counts,
    titles: Mapping[str, ShownText],
) -> tuple[RowGroup, ...]:
    """Return the items of one page under their headings."""
    group = counts.wanted.group
    if group is Group.NONE:
        return (RowGroup("", None, tuple(rows)),) if rows else ()
    figures = counts.figures(group)
    return tuple(
        RowGroup(
            _group_title(visit, group, value, counts, titles), figures.get(value), tuple(those)
        )
        for value, those in groupby(rows, key=lambda row: _group_value(row, group))
    )


def _group_value(row: ChecklistRow, group: Group) -> str:
    values = {Group.FUNCTION: row.code, Group.AREA: row.area, Group.CAPACITY: str(row.dimension)}
    return values[group]


def _group_title(
    visit: Visit, group: Group, value: str, counts: Counts, titles: Mapping[str, ShownText]
) -> str:
    if group is Group.FUNCTION:
        return titles[value].text if value in titles else value
    if group is Group.CAPACITY:
        return visit.say(KINDS["dimension"][value].label)
    return counts.name_of("area", value)
