"""The clients' files."""

from starlette.routing import Route

from pencilin.web.dashboard import client_file, client_form, clients
from pencilin.web.dashboard.clients import DESK
from pencilin.web.security import staff

CLIENT = "/clients/{client}"

CLIENTS = [
    Route("/clients", staff(clients.clients), methods=["GET", "POST"]),
    Route("/clients/search", staff(clients.search), methods=["POST"]),
    Route("/clients/new", staff(client_form.new, roles=DESK)),
    Route("/clients/new", staff(client_form.create, roles=DESK), methods=["POST"]),
    Route(CLIENT, staff(client_file.client)),
    Route(f"{CLIENT}/edit", staff(client_form.edit)),
    Route(f"{CLIENT}/edit", staff(client_form.save), methods=["POST"]),
    *(Route(f"{CLIENT}/{noun}", staff(client_file.lead_back)) for noun in ("archival", "restoration")),
    Route(f"{CLIENT}/archival", staff(client_file.archive), methods=["POST"]),
    Route(f"{CLIENT}/restoration", staff(client_file.restore), methods=["POST"]),
]
