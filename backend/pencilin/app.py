"""The web application as data: its routes (``pencilin.routes``), the layers around them, and what becomes of errors.

Read this first.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pencilin import worker
from pencilin.config import Config
from pencilin.database import Database
from pencilin.links import Links
from pencilin.routes.calendar import CALENDAR
from pencilin.routes.clients import CLIENTS
from pencilin.routes.decisions import DECISIONS
from pencilin.routes.first_run import FIRST_RUN
from pencilin.routes.insights import INSIGHTS
from pencilin.routes.offering import OFFERING
from pencilin.routes.public import PUBLIC
from pencilin.routes.requests import REQUESTS
from pencilin.routes.scheduling import SCHEDULING
from pencilin.routes.settings import SETTINGS
from pencilin.routes.settings_hours import HOURS
from pencilin.routes.signing_in import SIGN_IN
from pencilin.routes.staff_settings import STAFF_SETTINGS
from pencilin.web import health
from pencilin.web.access_log import AccessLog
from pencilin.web.assets import asset, built_file
from pencilin.web.body_limit import BodyLimit
from pencilin.web.cors import PublicAnswers
from pencilin.web.dashboard import client_imports, settings_practice
from pencilin.web.headers import SecurityHeaders
from pencilin.web.hosts import KnownHost, TrustedProxies
from pencilin.web.http import Server, endpoint, templates
from pencilin.web.problems import HANDLERS


async def start_page(request: Request) -> Response:
    """``/`` is the calendar."""
    return RedirectResponse("/calendar", status_code=303)


START = [Route("/", start_page)]

OPERATION = [
    Route("/health", health.health),
    Route("/ready", endpoint(health.ready)),
    Route("/assets/{folder}/{file}", endpoint(built_file)),
]

ROUTES = [
    *PUBLIC,
    *SIGN_IN,
    *FIRST_RUN,
    *START,
    *CALENDAR,
    *SCHEDULING,
    *REQUESTS,
    *DECISIONS,
    *CLIENTS,
    *INSIGHTS,
    *SETTINGS,
    *OFFERING,
    *HOURS,
    *STAFF_SETTINGS,
    *OPERATION,
]


# The addresses that take files, with how much of them: bytes.
UPLOADS = {
    f"{settings_practice.ADDRESS}/logo": settings_practice.LARGEST_UPLOAD,
    client_imports.ADDRESS: client_imports.LARGEST_UPLOAD,
}


def create_app(config: Config, database: Database) -> Starlette:
    """The application for one configuration. While it runs, its worker sends mail and lets requests expire."""
    environment = templates()
    environment.globals["asset"] = asset
    server = Server(config, database, Links(config.secret_keys), environment)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        task = asyncio.create_task(worker.run(server, stop))
        try:
            yield
        finally:
            stop.set()
            await task

    # From the outside in: what is logged and what every answer has, then who asks, then what may be asked.
    layers = [
        Middleware(AccessLog),
        Middleware(SecurityHeaders, config=config),
        Middleware(PublicAnswers),
        Middleware(TrustedProxies, proxies=config.trusted_proxies),
        Middleware(KnownHost, config=config),
        Middleware(BodyLimit, larger=UPLOADS),
    ]
    app = Starlette(routes=ROUTES, middleware=layers, exception_handlers=dict(HANDLERS), lifespan=lifespan)
    # They would answer a POST, too, with an address made of what the request says about itself.
    app.router.redirect_slashes = False
    app.state.server = server
    return app
