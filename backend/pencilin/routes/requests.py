"""The requests, everything that is done on Edit Appointment, and the search of every page."""

from starlette.routing import Route

from pencilin.web.dashboard import appointments, finding, requests, several
from pencilin.web.security import staff

APPOINTMENT = "/appointments/{appointment}"

REQUESTS = [
    Route("/search", staff(finding.search), methods=["GET", "POST"]),
    Route("/requests", staff(requests.requests)),
    *(Route(f"/requests/{noun}", staff(several.lead_back)) for noun in several.POSTED),
    Route("/requests/approvals", staff(several.approvals)),
    Route("/requests/approvals", staff(several.approve_several), methods=["POST"]),
    Route("/requests/refusals", staff(several.decline_several), methods=["POST"]),
    Route("/requests/undo", staff(several.undo_several), methods=["POST"]),
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
]
