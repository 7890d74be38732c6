"""The description holds: whatever it allows is answered as it says, and never with a failure."""

from typing import Any

import jsonschema
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.api.conftest import API, World

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
EXAMPLES = 5
CALLERS = ("planner", "signer", "co-chair")
Document = Any  # JSON as it was read


def test_every_operation_says_what_it_does(world: World) -> None:
    paths = world.client.get(f"{API}/openapi.json").json()["paths"]
    told = [operation for methods in paths.values() for operation in methods.values()]

    assert all(each["summary"] and each["description"] and each["tags"] for each in told)
    assert len(told) == len({each["operationId"] for each in told})


def test_every_body_and_answer_has_an_example_that_fits(world: World) -> None:
    document = world.client.get(f"{API}/openapi.json").json()
    unfit = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for content in _contents(operation):
                schema = {**content["schema"], "components": document["components"]}
                found = list(
                    jsonschema.Draft202012Validator(schema).iter_errors(content["example"])
                )
                unfit += [(method, path, error.message) for error in found]

    assert [] == unfit


def _contents(operation: Document) -> list[Document]:
    holders = [operation.get("requestBody", {}), *operation["responses"].values()]
    contents = (holder.get("content", {}) for holder in holders)
    return [content["application/json"] for content in contents if "application/json" in content]


def test_whatever_the_description_allows_is_answered_as_it_says(world: World) -> None:
    schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", world.client.app)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        _try(world, found.ok())


def _try(world: World, operation: Document) -> None:
    @given(case=operation.as_strategy(), by=st.sampled_from(CALLERS), is_known=st.booleans())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Document, by: str, *, is_known: bool) -> None:
        if is_known:
            _aim(world, case)
        response = case.call(headers={"Authorization": f"Bearer {world.tokens[by]}"})
        case.validate_response(response, checks=list(CHECKS))

    run()


def _aim(world: World, case: Document) -> None:
    """Let a generated request be about what is there, in the state that it has."""
    known = {f"{name}_uid": uid for name, uid in world.known.items()}
    known |= {"plan": "minust", "mission": "minust", "area": "minust-gao", "number": "1"}
    known["transfer_uid"] = world.known["REFER gao"]
    known |= {"code": world.known["certificate"], "rule": "no-receiver"}
    known |= {"office": "head-of-component", "handle": "observer"}
    for name in case.path_parameters:
        case.path_parameters[name] = known[name]
    uids = [uid for name, uid in known.items() if name in case.path_parameters]
    path = case.formatted_path.removeprefix(API)
    for read in (path, path.rpartition("/")[0]):
        answer = world.get(read) if uids and read else None
        if answer is not None and "etag" in answer.headers:
            case.headers["If-Match"] = answer.headers["etag"]
            return
