"""Scheduling: what staff put into the calendar themselves. Start reading at :mod:`entering`."""

from pencilin.scheduling.entering import NewAppointment, Occurrence, conflicts_of, enter
from pencilin.scheduling.for_whom import likely_client
from pencilin.scheduling.repeating import MOST_TIMES, MOST_WEEKS, repeat
from pencilin.scheduling.taking_back import take_back

__all__ = [
    "MOST_TIMES",
    "MOST_WEEKS",
    "NewAppointment",
    "Occurrence",
    "conflicts_of",
    "enter",
    "likely_client",
    "repeat",
    "take_back",
]
