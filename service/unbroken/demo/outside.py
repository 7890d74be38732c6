"""Real figures of the Financial Tracking Service, put beside the plans of the demonstration."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlmodel import Session, col, select

from unbroken.demo.stage import moment
from unbroken.kit.clock import FixedClock
from unbroken.kit.db import Sessions
from unbroken.money.commands.loading import LoadAnswer, load_answer
from unbroken.people.queries.actors import actor_by_handle
from unbroken.plans.models import Mission, Plan
from unbroken.sources.readers import Payload, Reader

FILE = Path(__file__).parent / "data" / "fts_globalcluster_2026-04-18.csv"
KIND = "fts-clusters"
RETRIEVED_ON = date(2026, 4, 18)


def load_figures(sessions: Sessions, reader: Reader, *, today: date) -> int:
    """Put the newest figures of each plan's country beside it; return how many answers are new.

    Before the day on which they were retrieved nobody knows them. A second call changes nothing. A
    country without a humanitarian plan in the table has no figure from outside.

    Raises:
        NotFound: no demonstration is loaded.
    """
    if today < RETRIEVED_ON:
        return 0
    payload = Payload(FILE.name, FILE.read_bytes())
    with sessions.reading() as session:
        steward = actor_by_handle(session, "steward")
        wanted = list(_wanted(session))
    clock = FixedClock(moment(today))
    stored = 0
    for country, year, plans in wanted:
        order = LoadAnswer(
            kind=KIND,
            payloads=(payload,),
            chosen={"country": country, "year": str(year)},
            about={"country": country, "year": str(year)},
            plans=plans,
            retrieved_on=RETRIEVED_ON,
        )
        stored += load_answer(sessions, order, reader, actor=steward, clock=clock).stored
    return stored


def _wanted(session: Session) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Yield each country of the table with its newest year and the plans in it."""
    newest: dict[str, int] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            newest[row["countryCode"]] = max(newest.get(row["countryCode"], 0), int(row["year"]))
    query = select(Plan.slug, Mission.country_iso3).join(
        Mission, col(Mission.id) == Plan.mission_id
    )
    by_country: dict[str, list[str]] = {}
    for slug, country in session.exec(query.order_by(col(Plan.id))):
        by_country.setdefault(country, []).append(slug)
    for country, plans in by_country.items():
        if country in newest:
            yield country, newest[country], tuple(plans)
