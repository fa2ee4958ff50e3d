"""The web application as data: every route, the layers around them, and what becomes of errors. Read this first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pencilin import worker
from pencilin.config import Config
from pencilin.database import Database
from pencilin.links import Links
from pencilin.models import Role
from pencilin.web import (
    booking_pages,
    corrections,
    delivery,
    health,
    invitations,
    manage_pages,
    openapi,
    own_account,
    public_api,
    sign_in,
    view_appointment,
    webmaster_pages,
)
from pencilin.web.access_log import AccessLog
from pencilin.web.assets import asset, built_file
from pencilin.web.body_limit import BodyLimit
from pencilin.web.cors import PublicAnswers
from pencilin.web.dashboard import appointments, calendar, clients, requests, widget, widget_changes
from pencilin.web.headers import SecurityHeaders
from pencilin.web.hosted import forms, pages, receipt
from pencilin.web.hosts import KnownHost, TrustedProxies
from pencilin.web.http import Server, endpoint, templates
from pencilin.web.problems import HANDLERS
from pencilin.web.security import staff

API = "/api/v1/practices/{practice}"
APPOINTMENT = "/appointments/{appointment}"
MANAGER = [Role.MANAGER]


async def start_page(request: Request) -> Response:
    """``/`` is the calendar."""
    return RedirectResponse("/calendar", status_code=303)


async def without_slash(request: Request) -> Response:
    """An address that people type or link with a slash at its end leads to the one without it."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(quote(request.scope["path"].rstrip("/")) + query)


PUBLIC = [
    Route("/api/v1/openapi.json", endpoint(openapi.describe)),
    Route(API, endpoint(public_api.practice)),
    Route(f"{API}/availability", endpoint(public_api.free_slots)),
    Route(f"{API}/holds", endpoint(public_api.hold), methods=["POST"]),
    Route(f"{API}/holds/{{hold}}/extension", endpoint(public_api.extend_hold), methods=["POST"]),
    Route(f"{API}/holds/{{hold}}", endpoint(public_api.let_hold_go), methods=["DELETE"]),
    Route(f"{API}/bookings", endpoint(public_api.book), methods=["POST"]),
    Route(f"{API}/bookings/correction", endpoint(corrections.correct_address), methods=["POST"]),
    Route("/widget.js", endpoint(delivery.widget_script)),
    Route("/widget/words/{lang}.json", endpoint(delivery.words)),
    Route("/widget/{version}/{digest}.js", endpoint(delivery.versioned_script)),
    Route("/book/{practice}", endpoint(pages.hosted_page)),
    Route("/book/{practice}/", without_slash),
    *(Route(f"/book/{{practice}}/{noun}", endpoint(pages.lead_back)) for noun in ("times", "holds", "bookings")),
    Route("/book/{practice}/times", endpoint(forms.look_for_time), methods=["POST"]),
    Route("/book/{practice}/holds", endpoint(forms.hold_time), methods=["POST"]),
    Route("/book/{practice}/bookings", endpoint(forms.book), methods=["POST"]),
    Route("/book/{practice}/received/{token}", endpoint(receipt.received)),
    Route("/book/{practice}/received/{token}", endpoint(receipt.correct_address), methods=["POST"]),
    Route("/embed/{practice}/details", endpoint(booking_pages.details_frame)),
    Route("/manage/{token}", endpoint(manage_pages.status)),
    Route("/calendar-feed/{token}.ics", endpoint(manage_pages.calendar_file)),
    Route("/webmaster/{token}", endpoint(webmaster_pages.webmaster_page)),
    Route("/webmaster/{token}/seen", endpoint(webmaster_pages.webmaster_seen)),
]

SIGN_IN = [
    Route("/view-appointment/{token}", endpoint(view_appointment.view_appointment)),
    Route("/login", endpoint(sign_in.login_page)),
    Route("/login", endpoint(sign_in.log_in), methods=["POST"]),
    Route("/login/", without_slash),
    Route("/login/code", endpoint(sign_in.code_page)),
    Route("/login/code", endpoint(sign_in.ask_for_code), methods=["POST"]),
    Route("/login/code/check", endpoint(sign_in.check_code), methods=["POST"]),
    Route("/login/continue", endpoint(sign_in.continue_as), methods=["POST"]),
    Route("/login/practice", staff(own_account.practices_page)),
    Route("/login/practice", staff(own_account.choose_practice), methods=["POST"]),
    Route("/logout", staff(sign_in.logout_page)),
    Route("/logout", staff(sign_in.log_out), methods=["POST"]),
    Route("/devices", staff(own_account.devices_page)),
    Route("/devices/removal", staff(own_account.forget_device), methods=["POST"]),
    Route("/devices/sign-out", staff(own_account.sign_out_everywhere), methods=["POST"]),
    Route("/invitation/{token}", endpoint(invitations.follow_invitation)),
    Route("/invitation", endpoint(invitations.invitation_page)),
    Route("/invitation", endpoint(invitations.choose_password), methods=["POST"]),
]

DASHBOARD = [
    Route("/", start_page),
    Route("/calendar", staff(calendar.calendar)),
    Route("/calendar/events", staff(calendar.events, activity=False)),
    Route("/requests", staff(requests.requests)),
    Route(APPOINTMENT, staff(appointments.appointment)),
    *(Route(f"{APPOINTMENT}/{noun}", staff(appointments.lead_back)) for noun in appointments.POSTED),
    Route(f"{APPOINTMENT}/clients", staff(appointments.search_clients), methods=["POST"]),
    Route(f"{APPOINTMENT}/link", staff(appointments.link), methods=["POST"]),
    Route(f"{APPOINTMENT}/link/removal", staff(appointments.unlink), methods=["POST"]),
    Route(f"{APPOINTMENT}/client", staff(appointments.save_client), methods=["POST"]),
    Route(f"{APPOINTMENT}/client-file", staff(appointments.file_typed), methods=["POST"]),
    Route(f"{APPOINTMENT}/visit", staff(appointments.move), methods=["POST"]),
    Route(f"{APPOINTMENT}/conflicts", staff(appointments.conflicts)),
    Route(f"{APPOINTMENT}/approval", staff(appointments.approve), methods=["POST"]),
    Route(f"{APPOINTMENT}/refusal", staff(appointments.decline), methods=["POST"]),
    Route(f"{APPOINTMENT}/undo", staff(appointments.undo), methods=["POST"]),
    Route(f"{APPOINTMENT}/mails/{{mail}}/sending", staff(appointments.send_again), methods=["POST"]),
    Route("/clients", staff(clients.clients), methods=["GET", "POST"]),
    Route("/clients/search", staff(clients.search), methods=["POST"]),
    Route("/clients/{client}", staff(clients.client)),
]

WIDGET = "/settings/widget"
SETTINGS = [
    Route(WIDGET, staff(widget.widget_page, roles=MANAGER)),
    Route(f"{WIDGET}/snippet", staff(widget.rewrite, roles=MANAGER)),
    Route(f"{WIDGET}/preview", staff(widget.preview, roles=MANAGER)),
    Route(f"{WIDGET}/qr.svg", staff(widget.qr_code, roles=MANAGER)),
    Route(f"{WIDGET}/seen", staff(widget.seen, roles=MANAGER, activity=False)),
    *(Route(f"{WIDGET}/{noun}", staff(widget_changes.lead_back, roles=MANAGER)) for noun in widget_changes.POSTED),
    Route(f"{WIDGET}/sites", staff(widget_changes.save_sites, roles=MANAGER), methods=["POST"]),
    Route(f"{WIDGET}/sites/addition", staff(widget_changes.add_site, roles=MANAGER), methods=["POST"]),
    Route(f"{WIDGET}/links", staff(widget_changes.create_link, roles=MANAGER), methods=["POST"]),
    Route(f"{WIDGET}/links/{{link}}/revocation", staff(widget_changes.revoke_link, roles=MANAGER), methods=["POST"]),
]

OPERATION = [
    Route("/health", health.health),
    Route("/ready", endpoint(health.ready)),
    Route("/assets/{folder}/{file}", endpoint(built_file)),
]

ROUTES = [*PUBLIC, *SIGN_IN, *DASHBOARD, *SETTINGS, *OPERATION]


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
        Middleware(BodyLimit),
    ]
    app = Starlette(routes=ROUTES, middleware=layers, exception_handlers=dict(HANDLERS), lifespan=lifespan)
    # They would answer a POST, too, with an address made of what the request says about itself.
    app.router.redirect_slashes = False
    app.state.server = server
    return app
