"""The pages of transfers, what waits for whom, the trail and people: their routers together."""

from unbroken.web.pages import (
    account,
    capacities,
    inbox,
    items,
    naming,
    people,
    trail,
    transfers,
)

ROUTERS = (
    inbox.router,
    naming.router,
    transfers.router,
    capacities.router,
    items.router,
    trail.router,
    people.router,
    account.router,
)
