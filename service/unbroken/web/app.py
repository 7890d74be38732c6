"""The application: routers by an explicit list, one envelope around them, four threads behind."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial

import anyio.to_thread
from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from unbroken import __version__
from unbroken.web.api import contract, features, health, metrics, session
from unbroken.web.dependencies import House
from unbroken.web.envelope import Envelope
from unbroken.web.errors import ProblemDocument, add_error_handlers
from unbroken.web.pages import (
    about,
    acting,
    channels,
    files,
    gap,
    gaps,
    hooks,
    languages,
    links,
    missing_money,
    missing_money_function,
    outside_sources,
    passwords,
    planning,
    plans,
    portfolio,
    reference,
    signing_in,
    start,
    style_guide,
)
from unbroken.web.rendering import Renderer
from unbroken.web.short_cut import ShortCut
from unbroken.web.static import read_static
from unbroken.web.uploads import body_limit

# SQLite's driver gives the interpreter away at every row: more threads only wait for each other.
THREADS = 4
API = "/api/v1"

# Smaller answers fit into one packet anyway. Pages shrink to a fifth: lines are slow where we are.
COMPRESSED_FROM = 1000

# A feature adds its router here.
API_ROUTERS: tuple[APIRouter, ...] = (
    *features.ROUTERS,
    session.router,
    contract.router,
)
PAGE_ROUTERS: tuple[APIRouter, ...] = (
    *planning.ROUTERS,
    *acting.ROUTERS,
    portfolio.router,
    plans.router,
    gaps.router,
    gap.router,
    missing_money.router,
    missing_money_function.router,
    outside_sources.router,
    channels.router,
    about.router,
    start.router,
    signing_in.router,
    links.router,
    passwords.router,
    languages.router,
    reference.router,
    style_guide.router,
    files.router,
    hooks.router,
)
PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {
        "description": text,
        "content": {"application/problem+json": {"schema": {"$ref": contract.PROBLEM_SCHEMA}}},
    }
    for status, text in {
        400: "The request cannot be read",
        401: "Nobody is signed in, or the token does not hold",
        403: "The role does not allow this",
        404: "There is no such thing, or it may not be seen",
        409: "The present state does not allow this",
        412: "Somebody changed it since it was read",
        413: "Too large",
        422: "The input has faults; nothing was changed",
        428: "If-Match is missing",
        429: "Too many tries",
        500: "Something went wrong here",
        503: "Something outside did not answer",
    }.items()
}


class Site(FastAPI):
    """The application; what is kept is answered before any of its layers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if not await self.state.short_cut.answers(scope, send, self.state.house):
            await super().__call__(scope, receive, send)


def create_app(
    house: House,
    *,
    api_routers: Iterable[APIRouter] = API_ROUTERS,
    page_routers: Iterable[APIRouter] = PAGE_ROUTERS,
) -> FastAPI:
    """Return the application that serves pages and API out of ``house``."""
    app = Site(
        title="Unbroken",
        version=__version__,
        lifespan=_lifespan(house),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.house = house
    app.state.short_cut = ShortCut(is_secure=house.settings.secure_cookies)
    app.state.static = read_static()
    app.state.renderer = Renderer(house.languages, app.state.static)
    app.state.is_ready = False
    add_error_handlers(app)
    for router in api_routers:
        app.include_router(router, prefix=API, responses=PROBLEMS)
    for router in (health.router, metrics.router, *page_routers):
        app.include_router(router, include_in_schema=False)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM)
    app.add_middleware(
        Envelope,
        limit_of=partial(body_limit, settings=house.settings),
        is_secure=house.settings.secure_cookies,
    )
    contract.describe(app, problem=ProblemDocument)
    return app


def _lifespan(house: House) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        with house.ticker() if house.ticker else nullcontext():
            app.state.is_ready = True
            yield
            app.state.is_ready = False

    return running
