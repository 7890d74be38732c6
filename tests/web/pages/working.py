"""Working on checklists in a browser: ticking items, and sending the forms of a page."""

import html
import re
from dataclasses import dataclass, field
from uuid import UUID

from httpx2 import Response
from sqlmodel import select

from tests.web.conftest import Visitor, csrf_of
from tests.web.pages.passing import Stage
from unbroken.transfers.commands.item_changes import ChangeItems, change_items
from unbroken.transfers.models import Item
from unbroken.transfers.queries.judging import ItemChange
from unbroken.transfers.rules.items import Changes

FORM = re.compile(r'<form [^>]*action="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
TICK = re.compile(r'name="item" value="([^"]+)" aria-labelledby')


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as a browser has it open."""

    visitor: Visitor
    answer: Response
    path: str = field(default="")

    @property
    def text(self) -> str:
        """Return its HTML."""
        return self.answer.text

    @property
    def ticks(self) -> list[str]:
        """Return the values of the checkboxes in the list."""
        return TICK.findall(self.text)

    def send(self, action: str, **typed: str | list[str]) -> Response:
        """Send its first form that leads to ``action``, with everything hidden in it."""
        forms = [body for path, body in FORM.findall(self.text) if path.endswith(action)]
        assert forms, f"no form leads to {action}"
        hidden = {name: html.unescape(value) for name, value in HIDDEN.findall(forms[0])}
        base = next(path for path, _body in FORM.findall(self.text) if path.endswith(action))
        sent: dict[str, str | list[str]] = {"csrf": csrf_of(self.text), **hidden, **typed}
        return self.visitor.client.post(html.unescape(base), data=sent)

    def then(self, answer: Response) -> "Sheet":
        """Return the page that came back, or the one it leads to."""
        if answer.status_code == 303:
            return open_sheet(self.visitor, answer.headers["location"])
        return Sheet(self.visitor, answer)


def open_sheet(visitor: Visitor, path: str) -> Sheet:
    """Open a page."""
    return Sheet(visitor, visitor.get(path), path)


def checklist(visitor: Visitor, stage: Stage, query: str = "") -> Sheet:
    """Open the checklist of the stage's plan."""
    return open_sheet(visitor, f"/plans/{stage.slug}/checklist?{query}")


def changed(stage: Stage, item_id: str, changes: Changes) -> None:
    """Change an item as the receiver does meanwhile."""
    change = ItemChange(item_uid=item_uid(stage, item_id), changes=changes)
    order = ChangeItems(plan=stage.slug, items=(change,))
    change_items(stage.scene.sessions, order, actor=stage.scene.receiver, clock=stage.scene.clock)


def item_uid(stage: Stage, item_id: str) -> UUID:
    """Return the UUID of an item by its id, of the only plan there is."""
    with stage.scene.sessions.reading() as session:
        return session.exec(select(Item.uid).where(Item.item_id == item_id)).one()


def stored(stage: Stage, item_id: str) -> Item:
    """Return an item as it is stored."""
    with stage.scene.sessions.reading() as session:
        return session.exec(select(Item).where(Item.item_id == item_id)).one()
