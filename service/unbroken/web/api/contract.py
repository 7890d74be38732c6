"""The API's own description: OpenAPI, with our errors and our two ways to be known."""

from collections.abc import Mapping
from typing import cast

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse

from unbroken.web.api.examples import add_examples, add_summaries
from unbroken.web.security import Anyone

router = APIRouter()
PROBLEM_SCHEMA = "#/components/schemas/ProblemDocument"
TEMPLATE = "#/components/schemas/{model}"
SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of your account."},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-unbroken",
        "description": "The sign-in of a browser; writes need X-CSRF-Token too.",
    },
}
DESCRIPTION = (
    "Lists come as items and next. A change needs If-Match with the ETag that was read. A write "
    "may carry an Idempotency-Key and be sent again. Errors are problem documents (RFC 9457)."
)
Document = dict[str, object]


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request, _visit: Anyone) -> JSONResponse:
    """Return the description of the API."""
    return JSONResponse(request.app.openapi())


def describe(app: FastAPI, *, problem: type) -> None:
    """Have ``app`` describe itself with ``problem`` as the shape of every error."""
    schemas = TypeAdapter(problem).json_schema(ref_template=TEMPLATE)

    def described() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, problem_schemas=schemas)
        return cast("Document", app.openapi_schema)

    # FastAPI's documented way to change the description.
    app.openapi = described  # type: ignore[method-assign]


def _document(app: FastAPI, *, problem_schemas: Mapping[str, object]) -> dict[str, object]:
    made: dict[str, object] = get_openapi(
        title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes
    )
    components = cast("dict[str, dict[str, object]]", made.setdefault("components", {}))
    own = dict(problem_schemas)
    nested = cast("dict[str, object]", own.pop("$defs", {}))
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas |= {**nested, "ProblemDocument": own}
    components["securitySchemes"] = dict(SCHEMES)
    add_summaries(made)
    add_examples(made)
    made["security"] = [{}, *({name: []} for name in SCHEMES)]
    return made
