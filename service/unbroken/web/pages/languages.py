"""The language switch at the foot of every page."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from unbroken.web.addresses import local_path
from unbroken.web.cookies import keep_language
from unbroken.web.rendering import see_other
from unbroken.web.security import Anyone

router = APIRouter()


@router.get("/language")
def choose_language(
    visit: Anyone,
    to: Annotated[str, Query(max_length=20)] = "",
    back: Annotated[str, Query(max_length=2000)] = "/",
) -> Response:
    """Keep the language on this device and go back; a plain link, since it changes nothing else."""
    response = see_other(visit, local_path(back))
    if to in visit.house.languages.translators:
        keep_language(response, to, settings=visit.house.settings)
    return response
