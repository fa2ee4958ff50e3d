"""The first minutes of a new server."""

from starlette.routing import Route

from pencilin.models import Role
from pencilin.web import set_up
from pencilin.web.dashboard import first_run
from pencilin.web.http import endpoint
from pencilin.web.security import staff

MANAGER = [Role.MANAGER]

FIRST_RUN = [
    Route("/set-up/begin/{token}", endpoint(set_up.follow_address)),
    Route("/set-up", endpoint(set_up.set_up_page)),
    Route("/set-up", endpoint(set_up.set_up), methods=["POST"]),
    Route("/set-up/service", staff(first_run.service_page, roles=MANAGER)),
    Route("/set-up/service", staff(first_run.add_service, roles=MANAGER), methods=["POST"]),
    Route("/set-up/hours", staff(first_run.hours_page, roles=MANAGER)),
    Route("/set-up/hours", staff(first_run.set_hours, roles=MANAGER), methods=["POST"]),
    Route("/set-up/website", staff(first_run.website_page, roles=MANAGER)),
    Route("/set-up/hiding", staff(first_run.hide, roles=MANAGER), methods=["POST"]),
]
