"""Decisions beyond approve and decline: other times, what became of an appointment, and another client for it."""

from starlette.routing import Route

from pencilin.web.dashboard import client_changes, outcomes, proposals, series
from pencilin.web.dashboard.appointments import lead_back
from pencilin.web.security import staff

APPOINTMENT = "/appointments/{appointment}"
# What is posted alone; a page that refuses stands there, and may be loaded again.
POSTED = ("proposal/removal", "cancellation", "completion", "absence", "restoration", "client-change/clients")

DECISIONS = [
    *(Route(f"{APPOINTMENT}/{noun}", staff(lead_back)) for noun in POSTED),
    Route(f"{APPOINTMENT}/proposal", staff(proposals.proposal)),
    Route(f"{APPOINTMENT}/proposal", staff(proposals.propose), methods=["POST"]),
    Route(f"{APPOINTMENT}/proposal/removal", staff(proposals.withdraw), methods=["POST"]),
    Route(f"{APPOINTMENT}/cancellation", staff(outcomes.cancel), methods=["POST"]),
    Route(f"{APPOINTMENT}/completion", staff(outcomes.complete), methods=["POST"]),
    Route(f"{APPOINTMENT}/absence", staff(outcomes.note_absence), methods=["POST"]),
    Route(f"{APPOINTMENT}/later-cancellation", staff(series.later_cancellation)),
    Route(f"{APPOINTMENT}/later-cancellation", staff(series.cancel_later), methods=["POST"]),
    Route(f"{APPOINTMENT}/restoration", staff(series.restore), methods=["POST"]),
    Route(f"{APPOINTMENT}/client-change", staff(client_changes.client_change)),
    Route(f"{APPOINTMENT}/client-change", staff(client_changes.change), methods=["POST"]),
    Route(f"{APPOINTMENT}/client-change/clients", staff(client_changes.search), methods=["POST"]),
]
