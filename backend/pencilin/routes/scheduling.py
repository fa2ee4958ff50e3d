"""What staff put into the calendar themselves. It goes before what takes any word there for an appointment's id."""

from starlette.routing import Route

from pencilin.web.dashboard import new_appointment
from pencilin.web.security import staff

SCHEDULING = [
    Route("/appointments", staff(new_appointment.lead_back)),
    Route("/appointments", staff(new_appointment.create), methods=["POST"]),
    Route("/appointments/new", staff(new_appointment.new_appointment)),
    Route("/appointments/new/conflicts", staff(new_appointment.conflicts)),
    Route("/appointments/removal", staff(new_appointment.lead_back)),
    Route("/appointments/removal", staff(new_appointment.remove), methods=["POST"]),
]
