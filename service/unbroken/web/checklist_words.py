"""What the views, orders and groups of a checklist are called, and its filters in an address."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, Field, ValidationError

from unbroken.functions.rules import Dimension
from unbroken.kit.languages import gettext as _
from unbroken.transfers.queries.checklist_filters import ChecklistFilter, Group, Sort, View

Value = Annotated[str, Field(max_length=120)]
LAST_PAGE = 100_000
VIEW_WORDS: Mapping[View, str] = {
    View.ALL: _("All"),
    View.OPEN: _("To do"),
    View.OVERDUE: _("Overdue"),
    View.SOON: _("Due in 30 days"),
    View.UNKNOWN: _("Unknown"),
    View.MINE: _("Mine"),
    View.WAITING: _("Second hand"),
    View.DONE: _("Done"),
    View.ASIDE: _("Not applicable"),
    View.ADDED: _("Added"),
    View.HISTORY: _("History"),
}
VIEW_NOTES: Mapping[View, str] = {
    View.OVERDUE: _("Past their day, or their evidence has expired."),
    View.UNKNOWN: _("The work should have begun and nobody has said anything: no act, no comment."),
    View.MINE: _("Assigned to your mailbox, or to your organisation as a whole."),
    View.WAITING: _("Somebody asks to set them aside; they count as to do until another agrees."),
    View.ADDED: _("Lines of your own, beside those of the catalogue."),
    View.HISTORY: _("No longer asked for here; kept as they were."),
}
SORT_WORDS: Mapping[Sort, str] = {
    Sort.DUE: _("Due day"),
    Sort.FUNCTION: _("Function"),
    Sort.AREA: _("Area"),
    Sort.STATE: _("State"),
}
GROUP_WORDS: Mapping[Group, str] = {
    Group.NONE: _("No groups"),
    Group.FUNCTION: _("Function"),
    Group.AREA: _("Area"),
    Group.CAPACITY: _("Capacity"),
}


class ChecklistQuery(BaseModel):
    """The filters of a checklist as an address carries them; what is unknown does not narrow."""

    view: Value = ""
    tier: Value = ""
    function: Value = ""
    area: Value = ""
    capacity: Value = ""
    receiver: Value = ""
    sort: Value = ""
    group: Value = ""
    page: Value = ""
    ticked: Value = ""
    undo: Value = ""

    def wanted(self, plan: str | None) -> ChecklistFilter:
        """Return the filter that is meant."""
        return ChecklistFilter(
            plan=plan,
            view=View(self.view) if self.view in set(View) else View.ALL,
            tier=int(self.tier) if self.tier in {"1", "2", "3", "4"} else None,
            function=self.function,
            area=self.area,
            capacity=Dimension(self.capacity) if self.capacity in set(Dimension) else None,
            receiver=self.receiver,
            sort=Sort(self.sort) if self.sort in set(Sort) else Sort.DUE,
            group=Group(self.group) if self.group in set(Group) else Group.NONE,
        )

    @property
    def number(self) -> int:
        """Return the number of the page, from 1."""
        is_number = self.page.isascii() and self.page.isdigit()
        return min(max(1, int(self.page)), LAST_PAGE) if is_number else 1

    def narrows(self) -> bool:
        """Return whether anything but the view narrows the list."""
        return any((self.tier, self.function, self.area, self.capacity, self.receiver))

    def text(self, **changed: str) -> str:
        """Return the query of an address with these values changed; without what is empty."""
        given = self.model_dump(exclude={"undo", "ticked"}) | changed
        return urlencode({name: value for name, value in given.items() if value})


def query_in(text: str) -> ChecklistQuery:
    """Return the filters in the query of an address that a form carried back."""
    try:
        return ChecklistQuery.model_validate(dict(parse_qsl(text)))
    except (ValidationError, ValueError):
        return ChecklistQuery()
