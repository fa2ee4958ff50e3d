"""What staff put into the calendar themselves. It goes before what takes any word there for an appointment's id."""

from starlette.routing import Route

from pencilin.web.dashboard import appointments, moving, new_appointment, time_off
from pencilin.web.security import staff

SCHEDULING = [
    Route("/appointments", staff(new_appointment.lead_back)),
    Route("/appointments", staff(new_appointment.create), methods=["POST"]),
    Route("/appointments/new", staff(new_appointment.new_appointment)),
    Route("/appointments/new/conflicts", staff(new_appointment.conflicts)),
    Route("/appointments/removal", staff(new_appointment.lead_back)),
    Route("/appointments/removal", staff(new_appointment.remove), methods=["POST"]),
    Route("/time-off", staff(time_off.time_off)),
    Route("/time-off", staff(time_off.block), methods=["POST"]),
    Route("/time-off/removal", staff(time_off.lead_back)),
    Route("/time-off/removal", staff(time_off.unblock), methods=["POST"]),
    Route("/appointments/{appointment}/time", staff(appointments.lead_back)),
    Route("/appointments/{appointment}/time", staff(moving.move), methods=["POST"]),
]
