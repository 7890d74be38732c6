"""The API's reference as a plain page, out of its own description; nothing comes from elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

from fastapi import APIRouter
from starlette.responses import Response

from unbroken.web.rendering import Page, page
from unbroken.web.security import Anyone

router = APIRouter()
METHODS = ("get", "post", "put", "patch", "delete")
Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing the API does, in English as everything programs read."""

    method: str
    path: str
    summary: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferencePage(Page):
    """Every operation by the word it is filed under; ``description`` says the manners."""

    template: ClassVar[str] = "reference.html"

    version: str
    description: str
    groups: Mapping[str, tuple[Operation, ...]]


@router.get("/docs")
def reference(visit: Anyone) -> Response:
    """Return every operation of the API."""
    document: Schema = visit.request.app.openapi()
    info = cast("dict[str, str]", document["info"])
    shown = ReferencePage(info["version"], info.get("description", ""), groups_of(document))
    return page(visit, shown)


def groups_of(document: Schema) -> dict[str, tuple[Operation, ...]]:
    """Return the operations of an OpenAPI document by their first tag, in its order."""
    groups: dict[str, list[Operation]] = {}
    paths = cast("Mapping[str, Mapping[str, Schema]]", document.get("paths", {}))
    for path, methods in paths.items():
        for method in METHODS:
            if method in methods:
                tags = cast("list[str]", methods[method].get("tags", ["other"]))
                groups.setdefault(tags[0], []).append(_operation(method, path, methods[method]))
    return {tag: tuple(found) for tag, found in groups.items()}


def _operation(method: str, path: str, found: Schema) -> Operation:
    parameters = cast("list[dict[str, str]]", found.get("parameters", []))
    summary = str(found.get("description", found.get("summary", ""))).partition("\n")[0]
    names = tuple(parameter["name"] for parameter in parameters)
    return Operation(method.upper(), path, summary, names)
