"""Applications for tests: built once, as building the routes takes longer than most tests do."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI

from unbroken.web.app import API_ROUTERS, PAGE_ROUTERS, create_app
from unbroken.web.dependencies import House
from unbroken.web.short_cut import ShortCut

_built: dict[object, FastAPI] = {}


def app_over(
    house: House,
    *,
    api: Sequence[APIRouter] = API_ROUTERS,
    pages: Sequence[APIRouter] = PAGE_ROUTERS,
) -> FastAPI:
    """Return the application of these routers and settings, over ``house`` from now on.

    Whoever got the same application before has it over the new house too: one at a time.
    """
    key = (house.settings.model_dump_json(), *map(id, (*api, *pages)))
    if key not in _built:
        _built[key] = create_app(house, api_routers=api, page_routers=pages)
    _built[key].state.house = house
    _built[key].state.is_demonstration = None  # learnt of the house before
    short_cut = ShortCut(is_secure=house.settings.secure_cookies)
    short_cut.fresh_seconds = 0.0  # a test asks sooner than people do
    _built[key].state.short_cut = short_cut
    return _built[key]
