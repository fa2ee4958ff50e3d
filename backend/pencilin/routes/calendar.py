"""The calendar."""

from starlette.routing import Route

from pencilin.web.dashboard import calendar, changes
from pencilin.web.security import staff

CALENDAR = [
    Route("/calendar", staff(calendar.calendar)),
    Route("/calendar/print", staff(calendar.on_paper)),
    Route("/calendar/events", staff(calendar.events, activity=False)),
    Route("/changes", staff(changes.changes, activity=False)),
]
