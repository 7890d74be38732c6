"""The routers of a plan's record, revisions and catalogue, in the order in which they are asked."""

from fastapi import APIRouter

from unbroken.web.pages import (
    baselines,
    elements,
    escalation,
    functions,
    item_workbooks,
    missions,
    money,
    money_lines,
    money_workbooks,
    plan_editing,
    plan_opening,
    plan_workbooks,
    record,
    registers,
    revision_drafts,
    revisions,
    ruling,
)

ROUTERS: tuple[APIRouter, ...] = (
    missions.router,
    plan_opening.router,
    plan_editing.router,
    plan_workbooks.router,
    item_workbooks.router,
    money.router,
    money_lines.router,
    money_workbooks.router,
    record.router,
    baselines.router,
    registers.router,
    revision_drafts.router,
    revisions.router,
    elements.router,
    escalation.router,
    ruling.router,
    functions.router,
)
