"""What every handler gets and gives: a typed call in, a page or a JSON answer out.

Handlers are plain synchronous functions of a :class:`Call`; ``endpoint`` reads the body without blocking the
server and runs them in the thread pool. What changes something gets a part of its threads only: writers may have to
wait for each other, and reads must go on meanwhile.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pencilin.config import Config
from pencilin.database import Database
from pencilin.errors import Invalid, NotFound, Unavailable
from pencilin.links import Links
from pencilin.website.sightings import Throttle

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
ASSETS = Path(__file__).parent.parent / "assets"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Of the pool's 40 threads, how many may be busy with changes.
CHANGING = 24
# Seconds until a body must have arrived.
BODY_WITHIN = 15.0

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Server:
    """What the running program is made of; one per process, made in ``app``."""

    config: Config
    database: Database
    links: Links
    templates: Environment
    changing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CHANGING))
    throttle: Throttle = field(default_factory=Throttle)


@dataclass(frozen=True)
class Call:
    """One request, with its body read. ``form`` is empty unless a form was posted."""

    request: Request
    server: Server
    body: bytes = b""
    form: FormData = field(default_factory=FormData)

    def path(self, name: str) -> str:
        """A parameter of the route's path."""
        return str(self.request.path_params[name])

    def field(self, name: str) -> str:
        """A text field of the posted form, stripped; empty when absent."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""


Handler = Callable[[Call], Response]


def templates() -> Environment:
    """Templates escape everything, whatever their ending, and refuse names that nobody gave them."""
    return Environment(
        loader=FileSystemLoader(ASSETS / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def server_of(request: Request) -> Server:
    """The one :class:`Server` behind this request."""
    return cast(Server, request.app.state.server)


async def read_call(request: Request) -> Call:
    """The call of a request.

    Raises :class:`Invalid` for texts that no database would store, and answers 408 to bodies that don't arrive.
    """
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return await _read(request)
    except (TimeoutError, ClientDisconnect):
        # The rest may come yet, and must not be taken for another request.
        raise HTTPException(408, headers={"Connection": "close"}) from None


async def _read(request: Request) -> Call:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    form, body = FormData(), b""
    # The API takes JSON alone, and says so itself.
    if kind in FORMS and not request.scope["path"].startswith("/api/"):
        form = await request.form()
    else:
        body = await request.body()
    if "\0" in request.scope["path"]:
        raise NotFound
    for name, value in (*request.query_params.multi_items(), *form.multi_items()):
        if isinstance(value, str) and "\0" in value:
            raise Invalid({name: "Leave out control characters."})
    return Call(request, server_of(request), body, form)


async def in_thread(request: Request, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``work`` returns, which may block.

    Raises :class:`Unavailable` when the request changes something and so many others do that its turn doesn't come.
    """
    if request.method in SAFE_METHODS:
        return await run_in_threadpool(work, *args, **kwargs)
    server = server_of(request)
    try:
        async with asyncio.timeout(server.database.patience):
            await server.changing.acquire()
    except TimeoutError:
        raise Unavailable from None
    try:
        return await run_in_threadpool(work, *args, **kwargs)
    finally:
        server.changing.release()


def endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A Starlette endpoint of a handler that needs no session."""

    async def run(request: Request) -> Response:
        call = await read_call(request)
        try:
            return await in_thread(request, handler, call)
        finally:
            await call.form.close()

    return run


def page(call: Call, template: str, *, status: int = 200, frame_ancestors: str = "'none'", **context: Any) -> Response:
    """A rendered page, with the content policy that its nonce belongs to."""
    nonce = secrets.token_urlsafe(16)
    html = call.server.templates.get_template(template).render(
        nonce=nonce, base_url=call.server.config.base_url, **context
    )
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
        f"connect-src 'self'; font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frame_ancestors}"
    )
    return HTMLResponse(html, status, headers={"Content-Security-Policy": policy})


def see_other(address: str) -> Response:
    """Where to look after a successful POST."""
    return RedirectResponse(address, status_code=303)


def answer(content: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    # Twice as fast as Python's own.
    return Response(to_json(content), status, headers=headers, media_type="application/json")


def shown(body: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer of one of the API's shapes, under the names that the contract gives."""
    return Response(body.model_dump_json(by_alias=True), status, headers=headers, media_type="application/json")


def cacheable(call: Call, response: Response) -> Response:
    """The response with an entity tag, or 304 for who has it already."""
    tag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    response.headers["ETag"] = tag
    if not is_known(call, tag):
        return response
    kept = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
    return Response(status_code=304, headers=kept)


def is_known(call: Call, tag: str) -> bool:
    """Whether the browser has what this entity tag stands for; a proxy may have made a weak one of it."""
    known = {one.strip().removeprefix("W/") for one in call.request.headers.get("if-none-match", "").split(",")}
    return not known.isdisjoint({tag, "*"})
