"""The description of the public API, made of the shapes that parse its requests and write its answers."""

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.responses import Response

from pencilin import __version__
from pencilin.web import api_requests
from pencilin.web import api_shapes as shapes
from pencilin.web.http import Call, answer

PREFIX = "/api/v1/practices/{practice}"

Json = dict[str, Any]


def describe(call: Call) -> Response:
    """``GET /api/v1/openapi.json``."""
    return answer(description(), headers={"Cache-Control": "public, max-age=300"})


@cache
def description() -> Json:
    """The OpenAPI 3.1 document."""
    requests: list[type[BaseModel]] = [api_requests.HoldRequest, api_requests.Booking, api_requests.Correction]
    answers: list[type[BaseModel]] = [
        shapes.PracticeShown,
        shapes.AvailabilityShown,
        shapes.HoldMade,
        shapes.HoldExtended,
        shapes.BookingMade,
        shapes.Problem,
    ]
    _, schemas = models_json_schema(
        [(shape, "validation") for shape in requests] + [(shape, "serialization") for shape in answers],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Pencilin",
            "version": __version__,
            "description": "Online scheduling for health practices. Times are RFC 3339 with an offset; errors are "
            "application/problem+json with a stable code. No call uses cookies.",
        },
        "paths": {
            PREFIX: {"get": _call("What can be booked", {200: shapes.PracticeShown}, 404)},
            f"{PREFIX}/availability": {
                "get": _call("Free slots", {200: shapes.AvailabilityShown}, 404, 422)
                | {
                    "parameters": [
                        _PRACTICE,
                        _parameter("service", required=True),
                        _parameter("practitioner"),
                        _parameter("location"),
                        _parameter("from", {"type": "string", "format": "date"}),
                        _parameter("days", {"type": "integer", "minimum": 1, "maximum": 62}, required=True),
                    ]
                }
            },
            f"{PREFIX}/holds": {
                "post": _call("Hold a time", {201: shapes.HoldMade}, 404, 409, 413, 415, 422, 429)
                | _body(api_requests.HoldRequest)
            },
            f"{PREFIX}/holds/{{hold}}/extension": {
                "post": _call("Keep a held time longer", {200: shapes.HoldExtended}, 404, 409, 413)
                | {"parameters": [_PRACTICE, _HOLD]}
            },
            f"{PREFIX}/holds/{{hold}}": {
                "delete": _call("Let a held time go", {204: None}, 404, 413) | {"parameters": [_PRACTICE, _HOLD]}
            },
            f"{PREFIX}/bookings": {
                "post": _call("Request an appointment", {201: shapes.BookingMade}, 404, 409, 413, 415, 422, 429)
                | _body(api_requests.Booking)
                | {"parameters": [_PRACTICE, _KEY]}
            },
            f"{PREFIX}/bookings/correction": {
                "post": _call("Correct the email address of a booking", {204: None}, 404, 409, 410, 413, 415, 422, 429)
                | _body(api_requests.Correction)
                | {"parameters": [_PRACTICE, _KEY]}
            },
        },
        "components": {"schemas": schemas["$defs"]},
    }


def _parameter(name: str, schema: Json | None = None, *, where: str = "query", required: bool = False) -> Json:
    return {"name": name, "in": where, "required": required, "schema": schema or {"type": "string"}}


_PRACTICE = _parameter("practice", where="path", required=True)
_HOLD = _parameter("hold", where="path", required=True)
_KEY = _parameter("Idempotency-Key", {"type": "string", "maxLength": 255}, where="header", required=True)


def _reference(shape: type[BaseModel]) -> Json:
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _body(shape: type[BaseModel]) -> Json:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": _reference(shape)}}}}


def _call(summary: str, answers: dict[int, type[BaseModel] | None], *problems: int) -> Json:
    responses: Json = {}
    for status, shape in answers.items():
        responses[str(status)] = {"description": summary}
        if shape:
            responses[str(status)]["content"] = {"application/json": {"schema": _reference(shape)}}
    for status in (*problems, 503):
        responses[str(status)] = {
            "description": "What went wrong",
            "content": {"application/problem+json": {"schema": _reference(shapes.Problem)}},
        }
    return {"summary": summary, "parameters": [_PRACTICE], "responses": responses}
