"""Appointments that a change touches, listed before it is made: pressing the button again says that they were seen."""

from dataclasses import dataclass

from pencilin import i18n
from pencilin.models import Practice
from pencilin.practices.upcoming import TouchesAppointments
from pencilin.rules.states import Status
from pencilin.web.security import StaffCall


@dataclass(frozen=True, slots=True)
class Touched:
    """One line of the list."""

    id: str
    when: str
    what: str
    name: str
    tentative: bool


def seen(call: StaffCall) -> list[str]:
    """Ids of the appointments that were listed on the page that was sent."""
    return [str(one) for one in call.form.getlist("seen")]


def lines(practice: Practice, error: TouchesAppointments) -> list[Touched]:
    """The list as the page shows it, each time by the clock of its location."""
    return [
        Touched(
            one.appointment.id,
            i18n.listed(
                practice.staff_locale,
                i18n.brief_time(one.appointment.start, one.location.timezone, practice.staff_locale),
                i18n.zone_city(one.location.timezone, practice.staff_locale),
            ),
            f"{one.service} · {one.practitioner} · {one.location.name}",
            one.name or "Client",
            one.appointment.status is Status.TENTATIVE,
        )
        for one in error.touched
    ]
