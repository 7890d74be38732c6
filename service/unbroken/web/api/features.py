"""The routers of every feature, in the order in which the description shows them."""

from fastapi import APIRouter

from unbroken.web.api import (
    agreements,
    areas,
    baseline,
    capacities,
    decisions,
    elements,
    gap_acts,
    gaps,
    items,
    missions,
    people,
    plans,
    receipts,
    registers,
    revisions,
    scans,
    trail,
    transfers,
)

ROUTERS: tuple[APIRouter, ...] = (
    missions.router,
    plans.router,
    decisions.router,
    revisions.router,
    areas.router,
    registers.router,
    baseline.router,
    transfers.router,
    capacities.router,
    receipts.router,
    items.router,
    agreements.router,
    gaps.router,
    gap_acts.router,
    elements.router,
    scans.router,
    trail.router,
    people.router,
)
