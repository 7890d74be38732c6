"""What ``tests.bench.cover`` measures against each other, each behind one worker of uvicorn.

``ours`` as it is served, ``ours_cold`` with nothing kept in memory, ``template`` as project
templates have it, ``bare`` an ASGI answer of ready bytes, ``bare_304`` one without a body.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, create_engine, select
from starlette.types import ASGIApp, Receive, Scope, Send

from unbroken.kit.clock import SystemClock
from unbroken.kit.db import Sessions
from unbroken.kit.languages import load_languages
from unbroken.kit.logs import configure_logging
from unbroken.kit.memory import settle
from unbroken.kit.settings import Settings
from unbroken.money.models import MoneyMonth
from unbroken.plans.models import Plan
from unbroken.web.app import create_app
from unbroken.web.dependencies import House
from unbroken.web.kept_answers import KeptAnswers

URL, LEVEL = "BENCH_URL", "BENCH_LOG_LEVEL"
BODY = "BENCH_BODY"


def ours() -> ASGIApp:
    """Return our application over the planted database."""
    return _ours(KeptAnswers())


def ours_cold() -> ASGIApp:
    """Return our application, which keeps no answer."""
    return _ours(KeptAnswers(most=0))


def _ours(kept: KeptAnswers) -> ASGIApp:
    configure_logging(form="console", level=os.environ.get(LEVEL, "WARNING"))
    clock = SystemClock()
    app = create_app(
        House(
            sessions=Sessions(os.environ[URL]),
            clock=clock,
            settings=Settings(),
            languages=load_languages(),
            kept=kept,
        )
    )
    settle()  # as the server does
    return app


class Row(SQLModel):
    """One row of the template's answer: the same columns as ours, in whole units."""

    plan: str
    function: str
    tier: int | None
    month: date
    required: int | None
    covered: int
    promised: int
    uncovered: int | None
    after_pledges: int | None
    requested: int
    open_pledge: int
    assessed: int
    voluntary: int
    paid: int


class Rows(SQLModel):
    """The template's answer."""

    data: list[Row]
    count: int


def template() -> ASGIApp:
    """Return one grouped query behind a session dependency and a response model.

    It looks at no token, hides nothing from anybody and knows no *not stated*: in its favour.
    """
    url = os.environ[URL]
    arguments = {"check_same_thread": False} if url.startswith("sqlite") else {}
    engine = create_engine(url, connect_args=arguments)
    app = FastAPI()

    def session() -> Iterator[Session]:
        with Session(engine) as made:
            yield made

    @app.get("/plans/{slug}/cover")
    def cover(slug: str, session: Annotated[Session, Depends(session)]) -> Rows:
        keys = (Plan.slug, MoneyMonth.function_code, MoneyMonth.tier, MoneyMonth.month_on)
        names = list(Row.model_fields)[4:]
        sums = [func.sum(getattr(MoneyMonth, name)).label(name) for name in names]
        query = (
            select(*keys, *sums)  # type: ignore[call-overload]
            .join(Plan, col(Plan.id) == MoneyMonth.plan_id)
            .where(Plan.slug == slug, col(MoneyMonth.gone_on).is_(None))
            .group_by(*keys)
            .order_by(*keys)
        )
        rows = [
            Row(
                plan=plan,
                function=code,
                tier=tier,
                month=month,
                **dict(zip(names, told, strict=True)),
            )
            for plan, code, tier, month, *told in session.exec(query).all()
        ]
        return Rows(data=rows, count=len(rows))

    return app


def bare() -> ASGIApp:
    """Return ready bytes, as many as our answer has."""
    return _bytes(200, Path(os.environ[BODY]).read_bytes())


def bare_304() -> ASGIApp:
    """Return that nothing has changed, and nothing else."""
    return _bytes(304, b"")


def _bytes(status: int, body: bytes) -> ASGIApp:
    headers = [(b"content-type", b"application/json"), (b"etag", b'"x"')]
    if body:
        headers.append((b"content-length", str(len(body)).encode()))

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    return app
