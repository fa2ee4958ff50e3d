"""The clients' files."""

from starlette.routing import Route

from pencilin.web.dashboard import clients
from pencilin.web.security import staff

CLIENTS = [
    Route("/clients", staff(clients.clients), methods=["GET", "POST"]),
    Route("/clients/search", staff(clients.search), methods=["POST"]),
    Route("/clients/{client}", staff(clients.client)),
]
