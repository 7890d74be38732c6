"""The pages of transfers, what waits for whom, the trail and people: their routers together."""

from unbroken.web.pages import (
    account,
    capacities,
    checklist_adding,
    checklist_bulk,
    checklist_talk,
    checklist_undo,
    checklists,
    inbox,
    items,
    naming,
    packages,
    people,
    summaries,
    trail,
    transfers,
    waiting,
)

ROUTERS = (
    inbox.router,
    packages.router,
    summaries.router,
    waiting.router,
    naming.router,
    transfers.router,
    capacities.router,
    items.router,
    checklists.router,
    checklist_bulk.router,
    checklist_undo.router,
    checklist_talk.router,
    checklist_adding.router,
    trail.router,
    people.router,
    account.router,
)
