"""The clients' files."""

from starlette.routing import Route

from pencilin.models import Role
from pencilin.web.dashboard import (
    client_booking_link,
    client_duplicates,
    client_file,
    client_form,
    client_imports,
    client_leaving,
    client_merge,
    clients,
)
from pencilin.web.dashboard.client_duplicates import DUPLICATES
from pencilin.web.dashboard.clients import DESK
from pencilin.web.security import staff

CLIENT = "/clients/{client}"
IMPORTS = client_imports.ADDRESS
IMPORT = f"{IMPORTS}/{{import}}"
FILE_DONE = ("archival", "restoration", "booking-link", "booking-link/revocation", "booking-link/return")

CLIENTS = [
    Route("/clients", staff(clients.clients), methods=["GET", "POST"]),
    Route("/clients/search", staff(clients.search), methods=["POST"]),
    Route("/clients/new", staff(client_form.new, roles=DESK)),
    Route("/clients/new", staff(client_form.create, roles=DESK), methods=["POST"]),
    Route("/clients/export", staff(client_leaving.lead_back, roles=DESK)),
    Route("/clients/export", staff(client_leaving.export_list, roles=DESK), methods=["POST"]),
    Route(DUPLICATES, staff(client_duplicates.duplicates)),
    *(Route(f"{DUPLICATES}/{noun}", staff(client_duplicates.lead_back)) for noun in ("dismissal", "return")),
    Route(f"{DUPLICATES}/dismissal", staff(client_duplicates.tell_apart), methods=["POST"]),
    Route(f"{DUPLICATES}/return", staff(client_duplicates.pair_again), methods=["POST"]),
    Route(IMPORTS, staff(client_imports.imports, roles=DESK)),
    Route(IMPORTS, staff(client_imports.upload, roles=DESK), methods=["POST"]),
    Route(IMPORT, staff(client_imports.client_import, roles=DESK)),
    *(Route(f"{IMPORT}/{noun}", staff(client_imports.lead_back, roles=DESK)) for noun in client_imports.POSTED),
    Route(f"{IMPORT}/columns", staff(client_imports.choose_columns, roles=DESK), methods=["POST"]),
    Route(f"{IMPORT}/confirmation", staff(client_imports.confirm, roles=DESK), methods=["POST"]),
    Route(f"{IMPORT}/removal", staff(client_imports.abandon, roles=DESK), methods=["POST"]),
    Route(CLIENT, staff(client_file.client)),
    Route(f"{CLIENT}/edit", staff(client_form.edit)),
    Route(f"{CLIENT}/edit", staff(client_form.save), methods=["POST"]),
    *(Route(f"{CLIENT}/{noun}", staff(client_file.lead_back)) for noun in FILE_DONE),
    Route(f"{CLIENT}/booking-link", staff(client_booking_link.create), methods=["POST"]),
    Route(f"{CLIENT}/booking-link/revocation", staff(client_booking_link.revoke), methods=["POST"]),
    Route(f"{CLIENT}/booking-link/return", staff(client_booking_link.take_back), methods=["POST"]),
    Route(f"{CLIENT}/archival", staff(client_file.archive), methods=["POST"]),
    Route(f"{CLIENT}/restoration", staff(client_file.restore), methods=["POST"]),
    Route(f"{CLIENT}/export", staff(client_file.lead_back, roles=DESK)),
    Route(f"{CLIENT}/export", staff(client_leaving.export_one, roles=DESK), methods=["POST"]),
    Route(f"{CLIENT}/erasure", staff(client_leaving.erasure, roles=[Role.MANAGER])),
    Route(f"{CLIENT}/erasure", staff(client_leaving.erase, roles=[Role.MANAGER]), methods=["POST"]),
    Route(f"{CLIENT}/merge", staff(client_merge.search), methods=["GET", "POST"]),
    Route(f"{CLIENT}/merge/{{other}}", staff(client_merge.compare)),
    Route(f"{CLIENT}/merge/{{other}}", staff(client_merge.merge), methods=["POST"]),
    Route(f"{CLIENT}/merges/{{merge}}/undo", staff(client_file.lead_back)),
    Route(f"{CLIENT}/merges/{{merge}}/undo", staff(client_merge.undo), methods=["POST"]),
]
